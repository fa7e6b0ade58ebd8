import Gateway
import Scheduling
import Search
import Storage
import Testing
import Vocabulary

/// The coordinator's machine with its journal, stepped whenever something happens.
actor Desk {
    /// Executions that the one worker was given.
    private(set) var leases: [Lease] = []
    private let journal: Journal
    private var coordinator: Coordinator
    private var requests: UInt64 = 0
    private var time: Int64 = 0

    /// A desk on which `records` lie already.
    init(_ journal: Journal, records: [Scheduling.Record]) throws {
        self.journal = journal
        try journal.append(records, at: Self.wall)
        coordinator = Coordinator.replay(records)
    }

    /// The wall clock when the first record was written.
    static let wall: Int64 = 1_769_846_709_250

    /// What the gateway calls.
    func perform(_ command: Command) -> Answer {
        requests += 1
        let request = RequestID(requests)
        do {
            for directive in try feed([.command(command, request)]) {
                if case .answer(request, let answer) = directive { return answer }
            }
            return .refused(.conflict, reason: "nobody answered")
        } catch {
            return .refused(.limit, reason: "\(error)")
        }
    }

    /// Tells the machine of `events`, makes its records durable and answers its questions.
    @discardableResult
    func feed(_ events: [Event]) throws -> [Directive] {
        var events = events
        var all: [Directive] = []
        repeat {
            time += 1_000_000
            let step = coordinator.step(events, at: Instant(nanoseconds: time))
            try journal.append(step.records, at: Self.wall + time / 1_000_000)
            all += step.directives
            events = step.directives.compactMap(Self.suggestions)
        } while !events.isEmpty
        for case .send(.assign(let lease), _) in all { leases.append(lease) }
        return all
    }

    /// Writes records that the machine has not decided.
    func record(_ records: [Scheduling.Record]) throws {
        time += 1_000_000
        try journal.append(records, at: Self.wall + time / 1_000_000)
    }

    /// Lets worker 1 in under the name `oven` and connects it.
    func connectWorker(cpus: UInt32 = 2, timeLeft: Duration? = nil) throws {
        _ = perform(.authorize(name: "oven", key: String(repeating: "k", count: 40)))
        let facts = WorkerFacts(
            host: "kitchen", process: 7, cpus: cpus, memoryBytes: 1 << 30, software: "0.1.0",
            timeLeft: timeLeft)
        try feed([
            .received(
                .hello(Hello(facts: facts, prefetch: 0, held: [])), from: PeerID(1),
                worker: WorkerID(1))
        ])
    }

    /// A host with a token asks to be let in as `name`.
    func knock(_ name: String, with token: TokenID) throws {
        let facts = WorkerFacts(
            host: "kitchen", process: 7, cpus: 2, memoryBytes: 1 << 30, software: "0.1.0")
        let key = name.prefix(1) + String(repeating: "k", count: 39)
        let enrolment = Enrolment(key: String(key), name: name, facts: facts)
        try feed([.knocked(.enrol(enrolment), from: PeerID(9), token: token)])
    }

    /// Lets the worker end every execution that it was given, and those that follow: the
    /// objective `product` is that of the parameters; a product above `limit` is an error.
    func work(limit: Double = .infinity, artifacts: [Artifact] = []) throws {
        while !leases.isEmpty {
            let lease = leases.removeFirst()
            let product = lease.parameters.compactMap(\.value.number).reduce(1, *)
            let metrics = [Metric("product", product)]
            let report = MetricReport(attempt: lease.attempt, step: 1, metrics: metrics)
            let result =
                product > limit
                ? AttemptResult(
                    attempt: lease.attempt, outcome: .failed(.trainerError), seconds: 0.5,
                    message: "too much")
                : AttemptResult(
                    attempt: lease.attempt, outcome: .succeeded, metrics: metrics,
                    artifacts: artifacts, seconds: 0.5)
            try feed([
                .received(.report([report]), from: PeerID(1), worker: WorkerID(1)),
                .received(.result(result), from: PeerID(1), worker: WorkerID(1)),
            ])
        }
    }

    private static func suggestions(_ directive: Directive) -> Event? {
        guard case .suggest(let request) = directive else { return nil }
        let points = Sampler.suggest(
            request.sampler, space: request.space, history: request.history,
            first: UInt64(request.first), count: Int(request.count), seed: request.seed)
        return .suggested(
            Suggestions(
                sweep: request.sweep, experiment: request.experiment, first: request.first,
                points: points, asked: request.count))
    }
}
