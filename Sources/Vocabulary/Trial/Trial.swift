/// What the attempts of a trial are to do.
package enum TrialTask: Hashable, Sendable, Codable {
    /// Train with suggested parameters and report on the validation rows.
    case search
    /// Train the parameters of a finalist again with a fresh seed, keep the model, and score it
    /// on the gate's rows.
    case confirm(finalist: TrialID)
    /// Score a registered version on the gate's rows.
    case score(model: String, version: UInt32)
}

/// Why an attempt ended badly; kept apart because each needs another remedy.
package enum FailureClass: String, Hashable, Sendable, Codable, CaseIterable {
    /// The trainer ended with an error of its own.
    case trainerError = "trainer_error"
    /// Native code crashed: a bad address, a bad instruction, or an abort.
    case crash
    /// The objective was NaN or infinite.
    case nonFiniteMetric = "non_finite_metric"
    /// The trainer ended well but never reported the objective.
    case metricMissing = "metric_missing"
    /// The code could not be loaded: a syntax error, a missing package or function; no parameters
    /// would have helped.
    case badCode = "bad_code"
    /// The process was ended for using too much memory.
    case outOfMemory = "out_of_memory"
    /// The trial's files took more than their share of the disk, or the disk was full.
    case outOfDisk = "out_of_disk"
    /// The worker went silent, was stopped, or gave the trial back.
    case workerLost = "worker_lost"
    /// The time limit was reached.
    case timeout
    /// A person or the sweep's end cancelled it.
    case cancelled

    /// Whether other parameters may have avoided it, so that samplers learn from it.
    package var isOfParameters: Bool {
        switch self {
        case .trainerError, .crash, .nonFiniteMetric, .metricMissing, .outOfMemory, .timeout: true
        case .badCode, .outOfDisk, .workerLost, .cancelled: false
        }
    }
}

/// Where a trial stands.
package enum TrialState: Hashable, Sendable, Codable {
    /// To be placed on a worker. Next: `running`, `failed` (cancelled).
    case waiting
    /// Leased to a worker. Next: `waiting` (a retry), `succeeded`, `pruned`, `failed`.
    case running
    /// Ended with a value of the objective. Final.
    case succeeded
    /// Stopped early by the pruner; its last value counts as its objective. Final.
    case pruned
    /// Ended without a usable value. Final.
    case failed(FailureClass)

    /// Whether the state never changes again.
    package var isFinal: Bool {
        switch self {
        case .waiting, .running: false
        case .succeeded, .pruned, .failed: true
        }
    }
}

/// A named number.
package struct Metric: Hashable, Sendable, Codable {
    /// The name, as the trainer reports it.
    package var name: String
    /// The value; may be NaN or infinite when it comes from a trainer.
    package var value: Double

    /// The metric `name` with `value`.
    package init(_ name: String, _ value: Double) {
        self.name = name
        self.value = value
    }
}

/// Metrics of a trial while it trains: one point of its learning curve.
package struct MetricReport: Hashable, Sendable, Codable {
    /// The execution that reports.
    package var attempt: AttemptID
    /// The resource spent, such as boosting rounds or epochs, from 1, growing.
    package var step: UInt64
    /// The values at that step.
    package var metrics: [Metric]

    /// A point at `step`.
    package init(attempt: AttemptID, step: UInt64, metrics: [Metric]) {
        self.attempt = attempt
        self.step = step
        self.metrics = metrics
    }
}

/// How an execution ended.
package enum Outcome: Hashable, Sendable, Codable {
    /// With a result.
    case succeeded
    /// At the pruner's request.
    case pruned
    /// Badly.
    case failed(FailureClass)
    /// Not at all: the worker gave it back, to run elsewhere without blame.
    case returned
}

/// What a worker says of an execution that ended.
package struct AttemptResult: Hashable, Sendable, Codable {
    /// The execution.
    package var attempt: AttemptID
    /// How it ended.
    package var outcome: Outcome
    /// The final metrics; finite when `outcome` is `succeeded` or `pruned`.
    package var metrics: [Metric]
    /// Files that were stored on the coordinator before this was sent.
    package var artifacts: [Artifact]
    /// Wall time of the execution in seconds.
    package var seconds: Double
    /// What a person should know: the error, the signal; may be empty.
    package var message: String

    /// Describes an ended execution; see the properties.
    package init(
        attempt: AttemptID, outcome: Outcome, metrics: [Metric] = [], artifacts: [Artifact] = [],
        seconds: Double = 0, message: String = ""
    ) {
        self.attempt = attempt
        self.outcome = outcome
        self.metrics = metrics
        self.artifacts = artifacts
        self.seconds = seconds
        self.message = message
    }

    /// The final value of `metric`, if there is one.
    package func value(of metric: String) -> Double? {
        metrics.first { $0.name == metric }?.value
    }
}
