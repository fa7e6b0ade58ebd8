/// Whether the coordinator answers at all; needs no token.
package struct HealthDocument: Hashable, Sendable, Codable {
    /// `ok`.
    package var status: String
    /// The version of `picoml`.
    package var version: String

    /// Describes a coordinator that answers.
    package init(status: String = "ok", version: String) {
        self.status = status
        self.version = version
    }
}

/// What the coordinator has in hand.
package struct StatusDocument: Hashable, Sendable, Codable {
    /// The version of `picoml`.
    package var version: String
    /// When the coordinator started.
    package var started: Timestamp
    /// Sweeps that have not ended.
    package var openSweeps: Int
    /// All sweeps.
    package var sweeps: Int
    /// Trials of the search of all sweeps by where they stand; those that wait are the queue.
    package var trials: TrialCounts
    /// Workers that are connected.
    package var connectedWorkers: Int
    /// Workers whose keys are let in.
    package var workers: Int
    /// CPUs that connected workers offer.
    package var cpus: Int
    /// Registered models.
    package var models: Int

    /// Describes a coordinator; see the properties.
    package init(
        version: String, started: Timestamp, openSweeps: Int, sweeps: Int, trials: TrialCounts,
        connectedWorkers: Int, workers: Int, cpus: Int, models: Int
    ) {
        self.version = version
        self.started = started
        self.openSweeps = openSweeps
        self.sweeps = sweeps
        self.trials = trials
        self.connectedWorkers = connectedWorkers
        self.workers = workers
        self.cpus = cpus
        self.models = models
    }
}

/// A change was made, or was so already.
package struct ChangeDone: Hashable, Sendable, Codable {
    /// `true`.
    package var done: Bool

    /// Says that it is done.
    package init() { done = true }
}
