import Vocabulary

/// What the transfer thread is asked to do, and what can come between.
enum Transfer {
    /// Files to move for an execution.
    enum Work: Sendable {
        /// Bring the inputs of an execution here.
        case fetch(Lease)
        /// Store a folder of a running execution on the coordinator.
        case checkpoint(AttemptID, step: UInt64, path: String)
        /// Store files on the coordinator; their bytes lie in the execution's folder.
        case upload(AttemptID, [Artifact])

        var attempt: AttemptID {
            switch self {
            case .fetch(let lease): lease.attempt
            case .checkpoint(let attempt, _, _), .upload(let attempt, _): attempt
            }
        }
    }

    /// Why a transfer stopped before its end.
    enum Problem: Error {
        /// The connection is of no use; a new one is made and the transfer resumed.
        case broken(String)
        /// The coordinator refuses; the sentence says why.
        case refused(String)
        /// What came is of no use.
        case unusable(FailureClass, String)
        /// This host cannot read or write a file.
        case local(WorkerError)
        /// Nobody wants it any more.
        case cancelled
    }
}
