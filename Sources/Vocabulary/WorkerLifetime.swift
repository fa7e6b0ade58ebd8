/// When a worker leaves by itself.
package struct WorkerLifetime: Hashable, Sendable {
    /// How long it works; nil for no end.
    package var timeLimit: Duration?
    /// How long it stays without anything to do; nil for as long as it likes.
    package var idleTimeout: Duration?
    /// What it does when it has not heard from its coordinator for a while.
    package var onLoss: CoordinatorLoss

    /// By default it stays until it is told to leave.
    package init(
        timeLimit: Duration? = nil, idleTimeout: Duration? = nil,
        onLoss: CoordinatorLoss = .keepTraining
    ) {
        self.timeLimit = timeLimit
        self.idleTimeout = idleTimeout
        self.onLoss = onLoss
    }
}

/// What a worker does when its coordinator is gone.
package enum CoordinatorLoss: String, Hashable, Sendable, Codable, CaseIterable {
    /// It goes on, keeps the results, and waits for the coordinator.
    case keepTraining = "keep-training"
    /// It ends what runs, keeps the results, and leaves.
    case finish
    /// It leaves at once; what runs is lost.
    case stop
}
