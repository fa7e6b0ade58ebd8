import DequeModule
import Synchronization
import Vocabulary
import ZeroMQ

/// Transfers that wait for their thread.
final class TransferQueue: Sendable {
    private struct State {
        var works: Deque<Transfer.Work> = []
        var current: AttemptID?
        var isCurrentCancelled = false
        var isStopping = false
    }

    /// Raised when there is something to do.
    let wakeUp: WakeUp
    private let state = Mutex(State())

    init() throws(ZeroMQError) { wakeUp = try WakeUp() }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    func push(_ work: Transfer.Work) {
        state.withLock { $0.works.append(work) }
        wakeUp.signal()
    }

    /// Asks for a checkpoint in place of an earlier one that still waits.
    func replace(_ work: Transfer.Work) {
        state.withLock { state in
            state.works.removeAll { other in
                guard case .checkpoint(work.attempt, _, _) = other else { return false }
                return true
            }
            state.works.append(work)
        }
        wakeUp.signal()
    }

    /// Gives up what was asked for an execution.
    func cancel(_ attempt: AttemptID) {
        state.withLock { state in
            state.works.removeAll { $0.attempt == attempt }
            if state.current == attempt { state.isCurrentCancelled = true }
        }
    }

    /// Takes the next work, which is under way from now on.
    func next() -> Transfer.Work? {
        state.withLock { state in
            let work = state.isStopping ? nil : state.works.popFirst()
            state.current = work?.attempt
            state.isCurrentCancelled = false
            return work
        }
    }

    /// Whether the work under way is no longer wanted.
    var isCurrentCancelled: Bool {
        state.withLock { $0.isStopping || $0.isCurrentCancelled }
    }

    func stop() {
        state.withLock { $0.isStopping = true }
        wakeUp.signal()
    }
}
