/// One submitted search: experiments, objective, data and promotion.
package struct SweepSpec: Hashable, Sendable, Codable {
    /// The name for people; need not be unique.
    package var name: String
    /// The registry model that the winner becomes a version of; nil keeps it out of the registry.
    package var model: String?
    /// What is optimised.
    package var objective: Objective
    /// The variants, from 1 to `Limits.experimentsPerSweep`, with different names.
    package var experiments: [ExperimentSpec]
    /// The prepared data that every trial gets; nil for trainers that need none.
    package var data: PreparedData?
    /// The data set that the sweep's programs get, as it was at submit; nil for none.
    package var dataSet: DataSet?
    /// The code of trainers that run the user's own; nil when there are none.
    package var code: CodeBundle?
    /// How a winner is proven; nil ends the sweep with its leaderboard.
    package var promotion: PromotionPolicy?
    /// Sweeps with a higher number are served first.
    package var priority: Int32
    /// How it shares the workers with others of the same priority.
    package var sharing: SharingPolicy
    /// When a trial is executed again.
    package var retries: RetryPolicy
    /// Which checkpoint of a trial is kept once it has ended.
    package var keptCheckpoint: KeptCheckpoint
    /// Seed of every random choice; nil lets the coordinator choose one.
    package var seed: UInt64?

    /// Describes a sweep; see the properties.
    package init(
        name: String, model: String? = nil, objective: Objective, experiments: [ExperimentSpec],
        data: PreparedData? = nil, dataSet: DataSet? = nil, code: CodeBundle? = nil,
        promotion: PromotionPolicy? = nil, priority: Int32 = 0,
        sharing: SharingPolicy = SharingPolicy(), retries: RetryPolicy = RetryPolicy(),
        keptCheckpoint: KeptCheckpoint = .best, seed: UInt64? = nil
    ) {
        self.name = name
        self.model = model
        self.objective = objective
        self.experiments = experiments
        self.data = data
        self.dataSet = dataSet
        self.code = code
        self.promotion = promotion
        self.priority = priority
        self.sharing = sharing
        self.retries = retries
        self.keptCheckpoint = keptCheckpoint
        self.seed = seed
    }
}

/// The metric that a sweep optimises.
package struct Objective: Hashable, Sendable, Codable {
    /// Which way is better.
    package enum Goal: String, Hashable, Sendable, Codable {
        /// Smaller is better.
        case minimize
        /// Larger is better.
        case maximize
    }

    /// The name under which trainers report it.
    package var metric: String
    /// Which way is better.
    package var goal: Goal
    /// A value good enough to end the search; nil for none.
    package var target: Double?

    /// Optimises `metric` towards `goal`.
    package init(metric: String, goal: Goal, target: Double? = nil) {
        self.metric = metric
        self.goal = goal
        self.target = target
    }

    /// Whether `candidate` is strictly better than `incumbent`.
    package func isBetter(_ candidate: Double, than incumbent: Double) -> Bool {
        goal == .minimize ? candidate < incumbent : candidate > incumbent
    }

    /// Whether `value` reaches the target; false without one.
    package func isReached(by value: Double) -> Bool {
        guard let target else { return false }
        return value == target || isBetter(value, than: target)
    }
}

/// When a trial is executed again after its attempt ended badly.
package struct RetryPolicy: Hashable, Sendable, Codable {
    /// Attempts that may be lost with their workers before the trial fails; at least 1.
    package var lostAttempts: UInt32
    /// Attempts that may fail, in whatever way, before an error of the trainer is final; at least
    /// 1, as the following ones.
    package var failedAttempts: UInt32
    /// The same where native code crashed.
    package var crashedAttempts: UInt32
    /// The same where memory ran out.
    package var outOfMemoryAttempts: UInt32
    /// The same where the disk or the trial's share of it was full.
    package var outOfDiskAttempts: UInt32
    /// The same where the time limit was reached.
    package var timeoutAttempts: UInt32
    /// The same where a metric was NaN or infinite.
    package var nonFiniteAttempts: UInt32

    /// By default a lost worker is no fault of the trial, and everything else is final: a
    /// configuration is never run twice unasked.
    package init(
        lostAttempts: UInt32 = 5, failedAttempts: UInt32 = 1, crashedAttempts: UInt32 = 1,
        outOfMemoryAttempts: UInt32 = 1, outOfDiskAttempts: UInt32 = 1, timeoutAttempts: UInt32 = 1,
        nonFiniteAttempts: UInt32 = 1
    ) {
        self.lostAttempts = lostAttempts
        self.failedAttempts = failedAttempts
        self.crashedAttempts = crashedAttempts
        self.outOfMemoryAttempts = outOfMemoryAttempts
        self.outOfDiskAttempts = outOfDiskAttempts
        self.timeoutAttempts = timeoutAttempts
        self.nonFiniteAttempts = nonFiniteAttempts
    }

    /// How many attempts a trial has in all before a failure of this kind is final.
    package func attempts(endingWith failure: FailureClass) -> UInt32 {
        switch failure {
        case .workerLost: lostAttempts
        case .trainerError: failedAttempts
        case .crash: crashedAttempts
        case .outOfMemory: outOfMemoryAttempts
        case .outOfDisk: outOfDiskAttempts
        case .timeout: timeoutAttempts
        case .nonFiniteMetric: nonFiniteAttempts
        case .metricMissing, .badCode, .cancelled: 1
        }
    }
}

/// Which checkpoint of a trial is kept once it has ended; while it runs, the latest one and the one
/// with the best objective are.
package enum KeptCheckpoint: String, Hashable, Sendable, Codable, CaseIterable {
    /// The one with the best objective.
    case best
    /// The last one.
    case latest
    /// Both.
    case both
    /// None.
    case none

    /// Whether the one with the best objective stays.
    package var includesBest: Bool { self == .best || self == .both }

    /// Whether the last one stays.
    package var includesLatest: Bool { self == .latest || self == .both }
}

/// How a winner is proven before it becomes the champion.
package struct PromotionPolicy: Hashable, Sendable, Codable {
    /// The best trials that are trained again, from 1.
    package var finalists: UInt32
    /// Fresh seeds with which each finalist is trained again, from 1.
    package var seeds: UInt32
    /// Confidence of the interval on the difference, between 0.5 and 1.
    package var confidence: Double
    /// Bootstrap resamples, from 100 to 100,000.
    package var resamples: UInt32
    /// Rows that are resampled together, from 1: larger for rows that depend on their neighbours
    /// in time (Künsch 1989, the moving-block bootstrap).
    package var blockRows: UInt32
    /// The smallest gain worth a change, in units of the loss, from 0.
    package var margin: Double

    /// Describes a gate; see the properties.
    package init(
        finalists: UInt32 = 3, seeds: UInt32 = 3, confidence: Double = 0.95,
        resamples: UInt32 = 2000, blockRows: UInt32 = 1, margin: Double = 0
    ) {
        self.finalists = finalists
        self.seeds = seeds
        self.confidence = confidence
        self.resamples = resamples
        self.blockRows = blockRows
        self.margin = margin
    }
}
