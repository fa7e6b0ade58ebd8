package import Vocabulary

/// What happens to a worker.
package enum WorkerEvent: Hashable, Sendable {
    /// The process has started and found these results, which were never acknowledged.
    case started(unacknowledged: [AttemptResult])
    /// The coordinator said something.
    case received(CoordinatorMessage)
    /// The connection broke or could not be made; the sentence says why.
    case disconnected(reason: String)
    /// All inputs of an execution are on this host.
    case inputsReady(AttemptID)
    /// An input of an execution cannot be had on this host.
    case inputsFailed(AttemptID, reason: String)
    /// An input of an execution is here and of no use, on this host or any other.
    case inputsUnusable(AttemptID, FailureClass, reason: String)
    /// An execution could not be started on this host, through no fault of its own.
    case launchFailed(AttemptID, reason: String)
    /// A trainer reported a point of its learning curve.
    case reported(MetricReport)
    /// A trainer wrote a checkpoint; the path is relative to the execution's folder.
    case checkpointed(AttemptID, step: UInt64, path: String)
    /// A checkpoint is stored on the coordinator.
    case checkpointStored(AttemptID, Checkpoint)
    /// An execution ended; its files are hashed and lie in its folder.
    case ended(AttemptResult)
    /// All files of a result are stored on the coordinator.
    case uploaded(AttemptID)
    /// The files of a result cannot be stored.
    case uploadFailed(AttemptID, reason: String)
    /// A person or the host asks the worker to leave when what runs has ended; asked twice, to
    /// leave at once.
    case drain
    /// Time has passed.
    case tick
}

/// All that follows from a batch of events, in parts that mean different things.
package struct WorkerStep: Hashable, Sendable {
    /// Facts to write to the spool first, in this order.
    package var records: [SpoolRecord] = []
    /// Effects to perform then, in this order.
    package var directives: [WorkerDirective] = []
    /// Observations for the log; nothing depends on them.
    package var notes: [WorkerNote] = []

    /// Nothing follows.
    package init() {}
}

/// What must survive a restart of the worker.
package enum SpoolRecord: Hashable, Sendable {
    /// A result that the coordinator has not acknowledged yet.
    case ended(AttemptResult)
    /// The coordinator has dealt with the result of this execution.
    case settled(AttemptID)
}

/// An effect for the worker's shell to perform.
package enum WorkerDirective: Hashable, Sendable {
    /// Drop the connection if there is one and make a new one to this of the coordinator's places,
    /// counted from 0.
    case connect(place: Int)
    /// Send a message.
    case send(WorkerMessage)
    /// Bring the inputs of an execution to this host and make them ready for use; the answer is
    /// `inputsReady`, `inputsFailed` or `inputsUnusable`.
    indirect case fetch(Lease)
    /// Store a checkpoint on the coordinator; ends with `checkpointStored`, or not at all when a
    /// later one is asked for before, or the host or the trial do not let it.
    case storeCheckpoint(AttemptID, step: UInt64, path: String)
    /// Start an execution on these CPUs, or on any when there are none; it ends with `ended`.
    indirect case launch(Lease, cores: [UInt32] = [])
    /// Ask a running execution to end by itself.
    case interrupt(AttemptID, StopReason)
    /// Ask every process of a running execution to end, by signal.
    case terminate(AttemptID)
    /// End a running execution by force, with everything it started.
    case kill(AttemptID)
    /// Store a result's files on the coordinator, after a checkpoint of the same execution that is
    /// under way, trying until it works; ends with `uploaded`.
    case upload(AttemptID, [Artifact])
    /// Remove everything kept of an execution.
    case discard(AttemptID)
    /// Answer a question about what an execution printed.
    case readLog(LogRequest)
    /// Leave.
    case exit
}

/// Something worth a line in the log.
package enum WorkerNote: Hashable, Sendable {
    /// The coordinator accepted this worker under a number.
    case joined(WorkerID)
    /// The connection is gone; it is tried again after a while.
    case disconnected(reason: String)
    /// The coordinator refuses this worker.
    case refused(reason: String)
    /// An execution started.
    case launched(AttemptID, experiment: String)
    /// An execution ended.
    case ended(AttemptID, Outcome, message: String)
    /// A result does not count.
    case notCounted(AttemptID, Verdict)
    /// The worker takes no further leases.
    case draining
    /// The worker leaves by itself.
    case leaving(reason: String)
    /// This host cannot run trials at the moment; the worker takes no leases for a while.
    case resting(Duration, reason: String)
}
