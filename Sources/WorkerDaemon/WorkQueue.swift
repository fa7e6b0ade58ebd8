import DequeModule
import Synchronization
import ZeroMQ

/// What waits for a thread that does one thing at a time, in order.
final class WorkQueue<Work: Sendable>: Sendable {
    private struct State {
        var waiting: Deque<Work> = []
        var isStopping = false
    }

    /// Raised when there is something to do.
    let wakeUp: WakeUp
    // Unbounded in form only: what waits belongs to leases, and those are limited.
    private let state = Mutex(State())

    init() throws(ZeroMQError) { wakeUp = try WakeUp() }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    func push(_ work: Work) {
        state.withLock { $0.waiting.append(work) }
        wakeUp.signal()
    }

    /// Takes what is next; nil when nothing waits or nothing more is to be done.
    func next() -> Work? {
        state.withLock { $0.isStopping ? nil : $0.waiting.popFirst() }
    }

    func stop() {
        state.withLock { $0.isStopping = true }
        wakeUp.signal()
    }
}
