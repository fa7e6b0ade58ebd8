import DequeModule
import Registry
import Scheduling
import Search
import Storage
import Synchronization
import Vocabulary
import ZeroMQ

/// The thread that answers what may take long: suggestions and the gate's comparison.
final class SearchPool: Sendable {
    private enum Question: Sendable {
        case suggest(SuggestionRequest)
        case judge(JudgementRequest)
    }

    private struct State {
        var questions: Deque<Question> = []
        var isStopping = false
    }

    private let state = Mutex(State())
    private let wakeUp: WakeUp
    private let artifacts: ArtifactStore
    private let queue: EventQueue

    init(artifacts: ArtifactStore, queue: EventQueue) throws(ZeroMQError) {
        self.artifacts = artifacts
        self.queue = queue
        wakeUp = try WakeUp()
    }

    /// Starts the thread; it ends after `stop`.
    func start() throws(ZeroMQError) -> DedicatedThread {
        try DedicatedThread(named: "search") { self.run() }
    }

    func ask(_ request: SuggestionRequest) { push(.suggest(request)) }

    func ask(_ request: JudgementRequest) { push(.judge(request)) }

    func stop() {
        state.withLock { $0.isStopping = true }
        wakeUp.signal()
    }

    private func push(_ question: Question) {
        state.withLock { $0.questions.append(question) }
        wakeUp.signal()
    }

    private func run() {
        var poller = Poller()
        _ = poller.add(wakeUp)
        while true {
            // The wake-up belongs to this process; without it there is nothing to wait for.
            guard (try? poller.poll(timeout: nil)) != nil else { return }
            _ = wakeUp.drain()
            while let question = next() { answer(question) }
            if state.withLock({ $0.isStopping }) { return }
        }
    }

    private func next() -> Question? {
        state.withLock { $0.isStopping ? nil : $0.questions.popFirst() }
    }

    private func answer(_ question: Question) {
        let event: Event
        switch question {
        case .suggest(let request): event = .suggested(suggest(request))
        case .judge(let request): event = .judged(request.sweep, judge(request))
        }
        // A full queue empties by itself; the question must not be lost, or its sweep would hang.
        while !queue.push(event) {
            if state.withLock({ $0.isStopping }) { return }
            var poller = Poller()
            _ = poller.add(wakeUp)
            _ = try? poller.poll(timeout: .milliseconds(10))
            // Raised by a further question, it would end every later wait at once.
            _ = wakeUp.drain()
        }
    }

    private func suggest(_ request: SuggestionRequest) -> Suggestions {
        let points = Sampler.suggest(
            request.sampler, space: request.space, history: request.history,
            first: UInt64(request.first), count: Int(request.count), seed: request.seed)
        return Suggestions(
            sweep: request.sweep, experiment: request.experiment, first: request.first,
            points: points, asked: request.count)
    }

    private func judge(_ request: JudgementRequest) -> Judgement {
        do {
            let question = GateQuestion(
                challenger: try LossFile.read(request.challenger, from: artifacts),
                champion: try request.champion.map { try LossFile.read($0, from: artifacts) },
                policy: request.policy, seed: request.seed)
            return .report(try Gate.judge(question))
        } catch {
            return .impossible("\(error)")
        }
    }
}
