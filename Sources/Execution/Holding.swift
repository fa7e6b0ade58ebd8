import Vocabulary

/// An execution that the worker holds, from the lease to the acknowledgement.
struct Holding: Hashable, Sendable {
    /// How far it is.
    enum Stage: Hashable, Sendable {
        /// Its inputs are being fetched. Next: `ready`, `ended`.
        case fetching
        /// It can be started. Next: `running`, `ended`.
        case ready
        /// It runs. Next: `uploading`, `ended`.
        case running
        /// It ended and its files are being stored. Next: `ended`.
        case uploading
        /// Its result can be sent until it is acknowledged. Final.
        case ended
    }

    /// Where it comes from; on the heap, because the machine looks at each holding many times.
    private indirect enum Origin: Hashable, Sendable {
        case lease(Lease)
        case spool
    }

    /// The execution.
    let attempt: AttemptID
    private let origin: Origin
    /// How far it is.
    var stage: Stage
    /// Why it was told to stop.
    var stop: StopReason?
    /// Whether it is ended because the worker's time is over.
    var isCutShort = false
    /// A failure that the worker itself found, which outweighs what the trainer says.
    var failure: Failure?
    /// The CPUs that it was pinned to; none for no pinning.
    var cores: [UInt32] = []
    /// When it started.
    var started: Instant?
    /// A checkpoint that it wrote and that is not stored yet.
    struct Unstored: Hashable, Sendable {
        var step: UInt64
        /// What had been reported of the objective by then.
        var objective: Double?
    }

    /// Checkpoints that are on their way to the coordinator, oldest first.
    var unstored: [Unstored] = []
    /// The last checkpoint that is stored on the coordinator.
    var checkpoint: Checkpoint?
    /// When its time is over.
    var timeDeadline: Instant?
    /// When it gets a signal to end.
    var terminateDeadline: Instant?
    /// When it is ended by force.
    var killDeadline: Instant?
    /// The last metrics it reported.
    var metrics: [Metric] = []
    /// Its result, once it has ended.
    var result: AttemptResult?
    /// When the result was last sent.
    var sent: Instant?

    /// The execution `attempt` with what was handed out; nil for a result that outlived a restart.
    init(attempt: AttemptID, lease: Lease?, stage: Stage) {
        self.attempt = attempt
        origin = lease.map(Origin.lease) ?? .spool
        self.stage = stage
    }

    /// What was handed out; nil for a result that outlived a restart.
    var lease: Lease? {
        if case .lease(let lease) = origin { return lease }
        return nil
    }

    /// The first of its deadlines.
    var nextDeadline: Instant? {
        [timeDeadline, terminateDeadline, killDeadline].compactMap(\.self).min()
    }

    /// Whether it has not started and still may.
    var isStartable: Bool { stage == .fetching || stage == .ready }
}

/// A failure that the worker found by itself.
struct Failure: Hashable, Sendable {
    /// What kind of failure.
    let kind: FailureClass
    /// What a person should know.
    let message: String

    init(_ kind: FailureClass, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
