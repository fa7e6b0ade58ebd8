import Registry
import Scheduling
import Testing
import Vocabulary

/// A coordinator with a clock, driven by events, whose records are kept.
struct Bench: ~Copyable {
    var coordinator = Coordinator()
    var now = Instant.zero
    var journal: [Record] = []
    private var requests: UInt64 = 0

    init() {}

    /// A coordinator that holds users to their shares.
    init(users: UserShares) { coordinator = Coordinator(users: users) }

    mutating func step(_ events: [Event], after span: Duration = .zero) -> Step {
        now = now + span
        let step = coordinator.step(events, at: now)
        coordinator.checkInvariants()
        journal += step.records
        return step
    }

    /// The process dies and starts again from what it wrote.
    mutating func restart(wallMilliseconds: Int64 = 0) -> Step {
        let before = coordinator.durable
        coordinator = Coordinator.replay(journal)
        #expect(coordinator.durable == before, "the state after a restart is another one")
        return step([.started(wallMilliseconds: wallMilliseconds)])
    }

    /// The checkpoints of trial `number` of the first sweep.
    func kept(_ number: UInt32) -> TrialCheckpoints? {
        coordinator.durable[SweepID(1)]?.checkpoints[number]
    }

    mutating func ask(_ command: Command) -> Answer? {
        requests += 1
        let request = RequestID(requests)
        return step([.command(command, request)]).answers.first { $0.0 == request }?.1
    }

    /// Lets worker `number` in; numbers go up from 1.
    mutating func authorize(_ number: UInt32) {
        #expect(
            ask(.authorize(name: "host-\(number)", key: "key-\(number)"))
                == .worker(WorkerID(number)))
    }

    mutating func hello(
        _ number: UInt32, cpus: UInt32 = 1, prefetch: UInt32 = 0, held: [AttemptID] = [],
        labels: Labels = Labels(), gpus: Int = 0, host: String? = nil,
        timeLeft: Duration? = nil, on peer: PeerID? = nil
    ) -> Step {
        var facts = WorkerFacts.host(number, cpus: cpus)
        facts.labels = labels
        facts.devices = (0..<gpus).map {
            Device(maker: .nvidia, identifier: "GPU-\($0)", name: "H200", memoryBytes: 1 << 37)
        }
        if let host { facts.host = host }
        facts.timeLeft = timeLeft
        let hello = Hello(facts: facts, prefetch: prefetch, held: held)
        return step([
            .received(.hello(hello), from: peer ?? PeerID(number: number), worker: WorkerID(number))
        ])
    }

    mutating func join(_ number: UInt32, cpus: UInt32 = 1, prefetch: UInt32 = 0) {
        authorize(number)
        _ = hello(number, cpus: cpus, prefetch: prefetch)
    }

    mutating func say(_ message: WorkerMessage, as number: UInt32) -> Step {
        step([.received(message, from: PeerID(number: number), worker: WorkerID(number))])
    }

    mutating func result(
        _ attempt: AttemptID, _ outcome: Outcome = .succeeded, loss: Double? = 1,
        artifacts: [Artifact] = [], as number: UInt32 = 1
    ) -> Step {
        say(.result(.of(attempt, outcome, loss: loss, artifacts: artifacts)), as: number)
    }

    /// Submits a sweep and answers its first questions for points with `points` each.
    mutating func submit(_ spec: SweepSpec, points: Int? = nil) -> SweepID {
        requests += 1
        let submitted = step([.command(.submit(spec, source: "yaml", seed: 7), RequestID(requests))]
        )
        guard case .sweep(let sweep)? = submitted.answers.first?.1 else {
            Issue.record("not accepted: \(submitted.answers)")
            return SweepID(0)
        }
        for request in submitted.suggestions where request.sweep == sweep {
            _ = step([.suggested(request.answer(points ?? Int(request.count)))])
        }
        return sweep
    }
}

extension PeerID {
    /// The connection that worker `number` has unless a test says otherwise.
    init(number: UInt32) { self.init(UInt64(number) * 100) }
}

extension Step {
    init(_ records: [Record] = [], _ directives: [Directive] = [], _ notes: [Note] = []) {
        self.init()
        self.records = records
        self.directives = directives
        self.notes = notes
    }

    var answers: [(RequestID, Answer)] {
        directives.compactMap {
            if case .answer(let id, let answer) = $0 { (id, answer) } else { nil }
        }
    }

    var suggestions: [SuggestionRequest] {
        directives.compactMap { if case .suggest(let request) = $0 { request } else { nil } }
    }

    var judgements: [JudgementRequest] {
        directives.compactMap { if case .judge(let request) = $0 { request } else { nil } }
    }

    var leases: [Lease] {
        directives.compactMap {
            if case .send(.assign(let lease), _) = $0 { lease } else { nil }
        }
    }

    /// What was sent, without connections.
    var messages: [CoordinatorMessage] {
        directives.compactMap { if case .send(let message, _) = $0 { message } else { nil } }
    }

    /// Which attempt went to which worker's usual connection.
    var placed: [String] {
        directives.compactMap {
            guard case .send(.assign(let lease), let peer) = $0 else { return nil }
            return "\(lease.attempt) on \(peer.routingID / 100)"
        }
    }

    var phases: [SweepPhase] {
        records.compactMap { if case .sweepEntered(_, let phase, _) = $0 { phase } else { nil } }
    }
}

extension SuggestionRequest {
    func answer(_ count: Int) -> Suggestions {
        Suggestions(
            sweep: sweep, experiment: experiment, first: first,
            points: (0..<count).map { [Assignment("x", .integer(Int64(first) + Int64($0)))] },
            asked: self.count)
    }
}

extension AttemptResult {
    static func of(
        _ attempt: AttemptID, _ outcome: Outcome = .succeeded, loss: Double? = 1,
        artifacts: [Artifact] = []
    ) -> AttemptResult {
        AttemptResult(
            attempt: attempt, outcome: outcome,
            metrics: loss.map { [Metric("loss", $0)] } ?? [], artifacts: artifacts)
    }
}

extension WorkerFacts {
    static func host(_ number: UInt32, cpus: UInt32) -> WorkerFacts {
        WorkerFacts(
            host: "host-\(number)", process: 1, cpus: cpus, memoryBytes: 1 << 30, software: "0.1.0")
    }
}

extension TrialID {
    init(_ sweep: UInt32, _ number: UInt32) { self.init(sweep: SweepID(sweep), number: number) }
}

extension AttemptID {
    init(_ sweep: UInt32, _ trial: UInt32, _ number: UInt32 = 1) {
        self.init(trial: TrialID(sweep, trial), number: number)
    }
}
