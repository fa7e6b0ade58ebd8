/// One named variant in a sweep: trainer, search space, sampler and pruner.
package struct ExperimentSpec: Hashable, Sendable, Codable {
    /// The name, such as `Exp1`; unique in its sweep.
    package var name: String
    /// The code that trains.
    package var trainer: Trainer
    /// What is searched.
    package var space: SearchSpace
    /// How points are suggested.
    package var sampler: SamplerSpec
    /// How trials are stopped early.
    package var pruner: PrunerSpec
    /// The most trials, from 1; a grid may end earlier, and so may what learns.
    package var trials: UInt32
    /// What one trial needs of its host.
    package var resources: Resources
    /// Seconds after which an attempt is ended as timed out; nil for no limit.
    package var timeLimit: Double?
    /// What the trainers `python` and `command` execute; nil for the built-in ones.
    package var program: Program?

    /// Describes an experiment; see the properties.
    package init(
        name: String, trainer: Trainer, space: SearchSpace, sampler: SamplerSpec = .random,
        pruner: PrunerSpec = .none, trials: UInt32, resources: Resources = Resources(),
        timeLimit: Double? = nil, program: Program? = nil
    ) {
        self.name = name
        self.trainer = trainer
        self.space = space
        self.sampler = sampler
        self.pruner = pruner
        self.trials = trials
        self.resources = resources
        self.timeLimit = timeLimit
        self.program = program
    }
}

/// The code that trains.
package enum Trainer: String, Hashable, Sendable, Codable, CaseIterable {
    /// XGBoost through its C API, in a child process.
    case xgboost
    /// A synthetic learning curve of chosen length and ending, in a child process: to try
    /// pruners, placement and fault handling without a model.
    case rehearsal
    /// The product of the numeric parameters, in the worker itself: to measure dispatch.
    case noop
    /// A function of the user's own, in a process forked from one that has loaded it.
    case python
    /// Anything executable, in a child process.
    case command

    /// Whether it executes code of the user's own, which a `Program` describes.
    package var isProgram: Bool { self == .python || self == .command }

    /// Whether attempts run in the worker's own process instead of a child.
    package var runsInProcess: Bool { self == .noop }
}

/// How points of a search space are suggested.
package enum SamplerSpec: String, Hashable, Sendable, Codable, CaseIterable {
    /// Independent draws.
    case random
    /// Every combination once, in the order of the file.
    case grid
    /// A scrambled Sobol sequence.
    case sobol
    /// Tree-structured Parzen estimators: near what was good, away from what was bad or failed.
    case tpe

    /// Whether it looks at how earlier trials went.
    package var learns: Bool { self == .tpe }
}

/// How trials are stopped early.
package enum PrunerSpec: Hashable, Sendable, Codable {
    /// Never.
    case none
    /// Below the median of the other trials' best values so far (Golovin et al. 2017).
    case median(MedianRule)
    /// Asynchronous successive halving (Li et al. 2020).
    case asha(HalvingRule)
}

/// Settings of the median rule.
package struct MedianRule: Hashable, Sendable, Codable {
    /// Finished trials before the rule is applied at all, from 1.
    package var startupTrials: UInt32
    /// Steps of a trial before it can be stopped.
    package var warmupSteps: UInt64

    /// The median rule after `startupTrials` trials and `warmupSteps` steps.
    package init(startupTrials: UInt32 = 5, warmupSteps: UInt64 = 0) {
        self.startupTrials = startupTrials
        self.warmupSteps = warmupSteps
    }
}

/// Settings of successive halving.
package struct HalvingRule: Hashable, Sendable, Codable {
    /// The step of the first rung, from 1.
    package var minimumStep: UInt64
    /// Each rung keeps one in this many and is this many times later; from 2.
    package var reductionFactor: UInt32
    /// Rungs above this step are not used; nil for no end.
    package var maximumStep: UInt64?

    /// Rungs at `minimumStep` · `reductionFactor`^k.
    package init(
        minimumStep: UInt64 = 1, reductionFactor: UInt32 = 3, maximumStep: UInt64? = nil
    ) {
        self.minimumStep = minimumStep
        self.reductionFactor = reductionFactor
        self.maximumStep = maximumStep
    }
}
