import DequeModule
import Synchronization
import Vocabulary
import ZeroMQ

/// Executions whose inputs are here, and that wait for what they run in.
final class EnvironmentQueue: Sendable {
    private struct State {
        // Unbounded in form only: what waits are leases, and those are limited.
        var waiting: Deque<Lease> = []
        var current: Lease?
        var isCurrentCancelled = false
        var isStopping = false
    }

    /// Raised when there is something to do.
    let wakeUp: WakeUp
    private let state = Mutex(State())

    init() throws(ZeroMQError) { wakeUp = try WakeUp() }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    func push(_ lease: Lease) {
        state.withLock { $0.waiting.append(lease) }
        wakeUp.signal()
    }

    /// Gives up what was asked for an execution.
    func cancel(_ attempt: AttemptID) {
        state.withLock { state in
            state.waiting.removeAll { $0.attempt == attempt }
            if state.current?.attempt == attempt { state.isCurrentCancelled = true }
        }
    }

    /// Takes what is next, which is under way from now on.
    func next() -> Lease? {
        state.withLock { state in
            state.current = state.isStopping ? nil : state.waiting.popFirst()
            state.isCurrentCancelled = false
            return state.current
        }
    }

    /// Whether the execution under way was given up.
    var isCurrentCancelled: Bool { state.withLock { $0.isCurrentCancelled } }

    /// Whether what is under way is of use: to its own execution, or to one that waits behind it.
    var isCurrentWanted: Bool {
        state.withLock { state in
            guard !state.isStopping, let current = state.current else { return false }
            return !state.isCurrentCancelled
                || state.waiting.contains {
                    $0.code == current.code
                        && $0.program?.environment == current.program?.environment
                }
        }
    }

    func stop() {
        state.withLock { $0.isStopping = true }
        wakeUp.signal()
    }
}
