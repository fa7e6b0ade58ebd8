package import Scheduling
import Synchronization
import Vocabulary

/// How the rest of the process asks the control loop for something.
package final class ControlPlane: Sendable {
    private let queue: EventQueue
    private let state = Mutex(State())

    private struct State {
        var lastRequest: UInt64 = 0
        var waiting: [RequestID: CheckedContinuation<Answer, Never>] = [:]
        // Why commands cannot be made durable at the moment.
        var obstacle: String?
    }

    init(_ queue: EventQueue) { self.queue = queue }

    /// Performs a command; returns once what it changed is durable.
    ///
    /// - Returns: The machine's answer, or a refusal with `Refusal.unavailable` when the queue is
    ///   full or the disk takes no records.
    package func perform(_ command: Command) async -> Answer {
        await withCheckedContinuation { continuation in
            let request = enter(continuation)
            guard let request else { return }
            guard queue.push(.command(command, request)) else {
                answer(
                    request,
                    .refused(.unavailable, reason: "the coordinator is overloaded: try again later")
                )
                return
            }
        }
    }

    /// Keeps the continuation until its answer comes, unless nothing can be answered now.
    private func enter(_ continuation: CheckedContinuation<Answer, Never>) -> RequestID? {
        let (request, obstacle) = state.withLock { state -> (RequestID?, String) in
            if let obstacle = state.obstacle { return (nil, obstacle) }
            state.lastRequest += 1
            let request = RequestID(state.lastRequest)
            state.waiting[request] = continuation
            return (request, "")
        }
        if request == nil {
            continuation.resume(returning: .refused(.unavailable, reason: obstacle))
        }
        return request
    }

    func answer(_ request: RequestID, _ answer: Answer) {
        state.withLock { $0.waiting.removeValue(forKey: request) }?.resume(returning: answer)
    }

    /// Refuses commands from now on, with the reason, until it is nil again.
    func refuseCommands(because obstacle: String?) {
        state.withLock { $0.obstacle = obstacle }
    }

    /// Answers everyone who still waits: the loop has ended.
    func abandon() {
        let waiting = state.withLock { state in
            state.obstacle = "the coordinator is stopping"
            defer { state.waiting.removeAll() }
            return Array(state.waiting.values)
        }
        for continuation in waiting {
            continuation.resume(
                returning: .refused(.unavailable, reason: "the coordinator is stopping"))
        }
    }
}
