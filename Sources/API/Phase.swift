/// Where a sweep stands.
package enum Phase: String, Hashable, Sendable, Codable, CaseIterable {
    /// Points are suggested and tried.
    case searching
    /// Finalists are trained again and scored on the gate's rows.
    case confirming
    /// The gate compares the winner with the champion.
    case judging
    /// All is done.
    case finished
    /// No trial gave a usable result.
    case failed
    /// A person ended it.
    case cancelled

    /// Whether the phase never changes again.
    package var isFinal: Bool {
        switch self {
        case .searching, .confirming, .judging: false
        case .finished, .failed, .cancelled: true
        }
    }
}

/// Where a trial stands.
package enum TrialStanding: String, Hashable, Sendable, Codable, CaseIterable {
    /// To be placed on a worker.
    case waiting
    /// Leased to a worker.
    case running
    /// Ended with a value of the objective.
    case succeeded
    /// Stopped early by the pruner.
    case pruned
    /// Ended without a usable value.
    case failed
}

/// How many trials stand where.
package struct TrialCounts: Hashable, Sendable, Codable {
    /// To be placed on a worker.
    package var waiting: Int
    /// Leased to a worker.
    package var running: Int
    /// Ended with a value of the objective.
    package var succeeded: Int
    /// Stopped early by the pruner.
    package var pruned: Int
    /// Ended without a usable value.
    package var failed: Int

    /// Counts of trials; none by default.
    package init(
        waiting: Int = 0, running: Int = 0, succeeded: Int = 0, pruned: Int = 0, failed: Int = 0
    ) {
        self.waiting = waiting
        self.running = running
        self.succeeded = succeeded
        self.pruned = pruned
        self.failed = failed
    }

    /// Trials that have ended.
    package var ended: Int { succeeded + pruned + failed }
    /// Trials that exist.
    package var created: Int { waiting + running + ended }
}
