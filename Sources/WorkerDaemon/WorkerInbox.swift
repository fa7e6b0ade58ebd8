import Execution
import Synchronization
import ZeroMQ

/// Events from other threads on their way to the worker's loop, which it wakes.
final class WorkerInbox: Sendable {
    /// Raised when there is something to take.
    let wakeUp: WakeUp
    private let events = Mutex<[WorkerEvent]>([])

    init() throws(ZeroMQError) { wakeUp = try WakeUp() }

    // Unbounded in form only: other threads speak once for each lease, and leases are limited.
    func push(_ event: WorkerEvent) {
        events.withLock { $0.append(event) }
        wakeUp.signal()
    }

    func push(contentsOf more: [WorkerEvent]) { for event in more { push(event) } }

    func takeAll() -> [WorkerEvent] {
        events.withLock { events in
            defer { events.removeAll() }
            return events
        }
    }
}
