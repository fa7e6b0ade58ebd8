package import Registry
package import Vocabulary

/// A sweep, in short.
package struct SweepEntry: Hashable, Sendable, Codable {
    /// Its number.
    package var id: Written<SweepID>
    /// Its name.
    package var name: String
    /// The registry model that it is for; nil for none.
    package var model: String?
    /// Where it stands.
    package var phase: Phase
    /// Why it stands there; may be empty.
    package var reason: String
    /// Whether a person has paused it.
    package var paused: Bool
    /// What is optimised; lists leave its target out.
    package var objective: Objective
    /// When it was submitted.
    package var submitted: Timestamp
    /// When it ended; nil while it is open.
    package var ended: Timestamp?
    /// Its trials of the search by where they stand.
    package var trials: TrialCounts
    /// The best trial of the search; nil before the first result.
    package var best: BestTrial?

    /// Describes a sweep; see the properties.
    package init(
        id: SweepID, name: String, model: String?, phase: Phase, reason: String, paused: Bool,
        objective: Objective, submitted: Timestamp, ended: Timestamp?,
        trials: TrialCounts, best: BestTrial?
    ) {
        self.id = Written(id)
        self.name = name
        self.model = model
        self.phase = phase
        self.reason = reason
        self.paused = paused
        self.objective = objective
        self.submitted = submitted
        self.ended = ended
        self.trials = trials
        self.best = best
    }
}

/// The trial with the best objective of a sweep or an experiment.
package struct BestTrial: Hashable, Sendable, Codable {
    /// Its name.
    package var trial: Written<TrialID>
    /// The name of its experiment.
    package var experiment: String
    /// Its objective.
    package var objective: Double
    /// Its point of the search space.
    package var parameters: [Assignment]

    /// Describes the best trial; see the properties.
    package init(
        trial: TrialID, experiment: String, objective: Double, parameters: [Assignment]
    ) {
        self.trial = Written(trial)
        self.experiment = experiment
        self.objective = objective
        self.parameters = parameters
    }
}

/// How far an experiment is.
package struct ExperimentDocument: Hashable, Sendable, Codable {
    /// Its name.
    package var name: String
    /// The code that trains.
    package var trainer: String
    /// How points are suggested.
    package var sampler: String
    /// The names of parameters that have the same value in every trial.
    package var constants: [String]
    /// The most trials that it may have; a search space with fewer points ends it earlier.
    package var total: Int
    /// Its trials of the search by where they stand.
    package var trials: TrialCounts
    /// Its best trial of the search; nil before the first result.
    package var best: BestTrial?

    /// Describes an experiment; see the properties.
    package init(
        name: String, trainer: String, sampler: String, constants: [String] = [], total: Int,
        trials: TrialCounts, best: BestTrial?
    ) {
        self.name = name
        self.trainer = trainer
        self.sampler = sampler
        self.constants = constants
        self.total = total
        self.trials = trials
        self.best = best
    }
}

/// All there is to say of a sweep, its trials apart.
package struct SweepDocument: Hashable, Sendable, Codable {
    /// The sweep in short.
    package var sweep: SweepEntry
    /// Its experiments in the order of the file.
    package var experiments: [ExperimentDocument]
    /// Trials made to prove the winner, those that score the champion included, by where they
    /// stand; nil before there are any.
    package var confirmations: TrialCounts?
    /// Seconds until the phase ends, from the pace so far; nil when unknown or ended.
    package var secondsLeft: Double?
    /// The gate's last report; nil before it judged.
    package var gate: GateReport?
    /// The trial that won; nil before the gate judged.
    package var winner: Written<TrialID>?
    /// The version that the winner was registered as; nil when it was not.
    package var version: UInt32?
    /// What its author hardly meant.
    package var warnings: [Diagnostic]
    /// Sweeps with a higher number are served first.
    package var priority: Int32
    /// How it shares the workers with others of its priority.
    package var sharing: SharingPolicy
    /// Seed of every random choice, in decimal: JSON numbers end at 53 bits.
    package var seed: String
    /// The text that its author wrote.
    package var source: String
    /// The code that its trainers run; nil when there is none.
    package var code: CodeBundle?
    /// The data set that its programs get, as it was at submit; nil when there is none.
    package var dataSet: DataSet?

    /// Describes a sweep; see the properties.
    package init(
        sweep: SweepEntry, experiments: [ExperimentDocument], confirmations: TrialCounts?,
        secondsLeft: Double?, gate: GateReport?, winner: TrialID?, version: UInt32?,
        warnings: [Diagnostic], priority: Int32,
        sharing: SharingPolicy = SharingPolicy(), seed: UInt64, source: String,
        code: CodeBundle? = nil, dataSet: DataSet? = nil
    ) {
        self.sweep = sweep
        self.experiments = experiments
        self.confirmations = confirmations
        self.secondsLeft = secondsLeft
        self.gate = gate
        self.winner = winner.map(Written.init)
        self.version = version
        self.warnings = warnings
        self.priority = priority
        self.sharing = sharing
        self.seed = "\(seed)"
        self.source = source
        self.code = code
        self.dataSet = dataSet
    }
}

/// Some sweeps, newest first.
package struct SweepPage: Hashable, Sendable, Codable {
    /// The sweeps.
    package var sweeps: [SweepEntry]
    /// `before` of the next page; nil when there are no more.
    package var next: Written<SweepID>?

    /// A page of sweeps.
    package init(sweeps: [SweepEntry], next: SweepID?) {
        self.sweeps = sweeps
        self.next = next.map(Written.init)
    }
}
