package import Vocabulary

/// A trial, in short.
package struct TrialEntry: Hashable, Sendable, Codable {
    /// Its name.
    package var id: Written<TrialID>
    /// The name of its experiment.
    package var experiment: String
    /// `search`, `confirm` or `score`.
    package var task: String
    /// Where it stands.
    package var state: TrialStanding
    /// Why it failed; nil unless it did.
    package var failure: FailureClass?
    /// What counts for it; nil before its end, or when it failed.
    package var objective: Double?
    /// Its point of the search space.
    package var parameters: [Assignment]
    /// How often it was executed.
    package var attempts: Int
    /// When it was made.
    package var created: Timestamp
    /// When it ended; nil while it is open.
    package var ended: Timestamp?

    /// Describes a trial; see the properties.
    package init(
        id: TrialID, experiment: String, task: String, state: TrialStanding,
        failure: FailureClass?, objective: Double?, parameters: [Assignment], attempts: Int,
        created: Timestamp, ended: Timestamp?
    ) {
        self.id = Written(id)
        self.experiment = experiment
        self.task = task
        self.state = state
        self.failure = failure
        self.objective = objective
        self.parameters = parameters
        self.attempts = attempts
        self.created = created
        self.ended = ended
    }
}

/// One execution of a trial.
package struct AttemptDocument: Hashable, Sendable, Codable {
    /// Its name, such as `12.3#1`.
    package var id: String
    /// Its number within the trial, from 1.
    package var number: UInt32
    /// The worker that holds or held it.
    package var worker: Written<WorkerID>
    /// The name under which the worker was let in.
    package var workerName: String
    /// When it was leased.
    package var started: Timestamp
    /// When it ended; nil while it runs.
    package var ended: Timestamp?
    /// `succeeded`, `pruned`, `failed` or `returned`; nil while it runs.
    package var outcome: String?
    /// Why it failed; nil unless it did.
    package var failure: FailureClass?
    /// Wall time of the execution in seconds, as the worker measured it; nil while it runs.
    package var seconds: Double?
    /// What a person should know; may be empty.
    package var message: String

    /// Describes an execution; see the properties.
    package init(
        id: AttemptID, worker: WorkerID, workerName: String, started: Timestamp,
        ended: Timestamp?, outcome: String?, failure: FailureClass?, seconds: Double?,
        message: String
    ) {
        self.id = id.description
        self.number = id.number
        self.worker = Written(worker)
        self.workerName = workerName
        self.started = started
        self.ended = ended
        self.outcome = outcome
        self.failure = failure
        self.seconds = seconds
        self.message = message
    }
}

/// All there is to say of a trial, its learning curve apart.
package struct TrialDocument: Hashable, Sendable, Codable {
    /// The trial in short.
    package var trial: TrialEntry
    /// Seed of the trainer's own random choices, in decimal: JSON numbers end at 53 bits.
    package var seed: String
    /// Its executions, oldest first.
    package var attempts: [AttemptDocument]
    /// The final metrics of the last execution that ended.
    package var metrics: [Metric]
    /// The files that the last execution left.
    package var artifacts: [Artifact]
    /// The checkpoints that are kept, by growing step.
    package var checkpoints: [Checkpoint]

    /// Describes a trial; see the properties.
    package init(
        trial: TrialEntry, seed: UInt64, attempts: [AttemptDocument], metrics: [Metric],
        artifacts: [Artifact], checkpoints: [Checkpoint]
    ) {
        self.trial = trial
        self.seed = "\(seed)"
        self.attempts = attempts
        self.metrics = metrics
        self.artifacts = artifacts
        self.checkpoints = checkpoints
    }
}

/// Some trials of a sweep.
package struct TrialPage: Hashable, Sendable, Codable {
    /// The trials in the order that was asked for.
    package var trials: [TrialEntry]
    /// `cursor` of the next page; nil when there are no more.
    package var next: String?

    /// A page of trials.
    package init(trials: [TrialEntry], next: String?) {
        self.trials = trials
        self.next = next
    }
}

/// The learning curve of a trial's newest execution.
package struct CurveDocument: Hashable, Sendable, Codable {
    /// The trial.
    package var trial: Written<TrialID>
    /// The metric.
    package var metric: String
    /// The points by growing step, thinned to as many as were asked for.
    package var points: [CurvePoint]

    /// A learning curve.
    package init(trial: TrialID, metric: String, points: [CurvePoint]) {
        self.trial = Written(trial)
        self.metric = metric
        self.points = points
    }
}

/// A point of a learning curve.
package struct CurvePoint: Hashable, Sendable, Codable {
    /// The resource spent, such as boosting rounds, from 1.
    package var step: UInt64
    /// The metric's value there; may be NaN or infinite.
    package var value: Double

    /// The value `value` at `step`.
    package init(step: UInt64, value: Double) {
        self.step = step
        self.value = value
    }
}
