/// What the coordinator sends to a worker on the control socket.
package enum CoordinatorMessage: Hashable, Sendable {
    /// The hello was accepted.
    case welcome(Welcome)
    /// The hello was refused; the worker tells its person why and tries again much later.
    case reject(reason: String)
    /// An execution to hold and to run.
    // On the heap, as every large case is that shares a type with frequent small ones: each value
    // takes the room of the largest, and is moved many times between the socket and the machine.
    indirect case assign(Lease)
    /// An execution to end.
    case stop(AttemptID, StopReason)
    /// A result was dealt with and its copy on the worker is no longer needed.
    case acknowledge(AttemptID, Verdict)
    /// The coordinator lacks files of a result; the worker uploads them and sends it again.
    case artifactsMissing(AttemptID)
    /// A question for a part of what a running execution printed.
    case readLog(LogRequest)
    /// The renewal was heard.
    case renewed
    /// The worker is to take no further leases and to leave.
    case drain
    /// The coordinator does not know this connection; the worker says hello again.
    case resync
    /// The worker's own key is known from now on; when `isPending`, it is let in once a person
    /// has approved it.
    case enrolled(WorkerID, isPending: Bool)
    /// The new key is let in from now on.
    case rotated
}

/// What a worker needs to know of its coordinator.
package struct Welcome: Hashable, Sendable {
    /// The protocol version to use from here on.
    package var version: UInt32
    /// The worker's number.
    package var worker: WorkerID
    /// How often to renew, in milliseconds.
    package var renewMilliseconds: UInt32
    /// How long a lease lasts without a renewal, in milliseconds.
    package var leaseMilliseconds: UInt32

    /// Describes a welcome; see the properties.
    package init(
        version: UInt32, worker: WorkerID, renewMilliseconds: UInt32, leaseMilliseconds: UInt32
    ) {
        self.version = version
        self.worker = worker
        self.renewMilliseconds = renewMilliseconds
        self.leaseMilliseconds = leaseMilliseconds
    }
}

/// A question for a part of what a running execution printed.
package struct LogRequest: Hashable, Sendable {
    /// The question's number, which the answer repeats.
    package var request: RequestID
    /// The execution.
    package var attempt: AttemptID
    /// The first byte wanted, from 0.
    package var offset: UInt64

    /// Describes a question; see the properties.
    package init(request: RequestID, attempt: AttemptID, offset: UInt64) {
        self.request = request
        self.attempt = attempt
        self.offset = offset
    }
}

/// What became of a result.
package enum Verdict: String, Hashable, Sendable, Codable {
    /// It is durable and counted; also the answer to the same result sent again.
    case committed
    /// Another attempt or an earlier end of the trial counts instead.
    case superseded
    /// It contradicts what was committed under the same attempt, or was never leased to the
    /// sender.
    case rejected
}
