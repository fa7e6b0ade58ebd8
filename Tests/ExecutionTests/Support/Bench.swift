import Execution
import Testing
import Vocabulary

/// A worker with a clock, driven by events.
struct Bench: ~Copyable {
    var worker: Worker
    var now = Instant.zero

    init(
        cpus: UInt32 = 1, gpus: Int = 0, cores: CoreMap? = nil,
        lifetime: WorkerLifetime = WorkerLifetime(), seed: UInt64 = 1, places: Int = 1
    ) {
        var facts = WorkerFacts.host(cpus)
        facts.devices = (0..<gpus).map {
            Device(maker: .nvidia, identifier: "GPU-\($0)", name: "H200", memoryBytes: 1 << 37)
        }
        worker = Worker(
            facts: facts, seed: seed, places: places, cores: cores, lifetime: lifetime)
    }

    mutating func step(_ events: [WorkerEvent] = [], after span: Duration = .zero) -> WorkerStep {
        now = now + span
        let step = worker.step(events, at: now)
        if let deadline = worker.nextDeadline { #expect(deadline > now, "it would spin") }
        return step
    }

    mutating func hear(_ message: CoordinatorMessage, after span: Duration = .zero) -> WorkerStep {
        step([.received(message)], after: span)
    }

    /// Connects and is welcomed, with a renewal every 2 s and a lease of 10 s.
    mutating func join() -> WorkerStep {
        _ = step()
        return hear(.welcome(.usual))
    }

    /// Goes on for `span` with a coordinator that answers once a second.
    mutating func live(for span: Int) {
        for _ in 0..<span { _ = hear(.renewed, after: .seconds(1)) }
    }
}

extension Welcome {
    static let usual = Welcome(
        version: 1, worker: WorkerID(1), renewMilliseconds: 2000, leaseMilliseconds: 10_000)
}

extension WorkerFacts {
    static func host(_ cpus: UInt32) -> WorkerFacts {
        WorkerFacts(host: "host", process: 1, cpus: cpus, memoryBytes: 1 << 30, software: "0.1.0")
    }
}

extension WorkerStep {
    init(
        _ records: [SpoolRecord] = [], _ directives: [WorkerDirective] = [],
        _ notes: [WorkerNote] = []
    ) {
        self.init()
        self.records = records
        self.directives = directives
        self.notes = notes
    }

    var sent: [WorkerMessage] {
        directives.compactMap { if case .send(let message) = $0 { message } else { nil } }
    }

    var launched: [UInt32] {
        directives.compactMap {
            if case .launch(let lease, _) = $0 { lease.attempt.trial.number } else { nil }
        }
    }

    /// The CPUs that each started execution is pinned to.
    var cores: [[UInt32]] {
        directives.compactMap { if case .launch(_, let cores) = $0 { cores } else { nil } }
    }
}

extension AttemptID {
    /// An attempt of trial `trial` of sweep 1.
    init(_ trial: UInt32, _ number: UInt32 = 1) {
        self.init(trial: TrialID(sweep: SweepID(1), number: trial), number: number)
    }
}

extension Lease {
    static func of(
        _ trial: UInt32, cpus: UInt32 = 1, isExclusive: Bool = false, timeLimit: Double? = nil,
        needing input: Digest? = nil
    ) -> Lease {
        Lease(
            attempt: AttemptID(trial), task: .search, experiment: "Exp1", trainer: .rehearsal,
            parameters: [], seed: 1, cpus: cpus,
            isExclusive: isExclusive, timeLimit: timeLimit,
            objective: Objective(metric: "loss", goal: .minimize), data: nil,
            model: input.map { [Artifact(name: "model", digest: $0, byteCount: 1)] } ?? [])
    }
}

extension MetricReport {
    static func of(_ trial: UInt32, step: UInt64, loss: Double = 1) -> MetricReport {
        MetricReport(attempt: AttemptID(trial), step: step, metrics: [Metric("loss", loss)])
    }
}

extension AttemptResult {
    static func of(
        _ trial: UInt32, _ outcome: Outcome = .succeeded, artifacts: [Artifact] = [],
        seconds: Double = 5
    ) -> AttemptResult {
        AttemptResult(
            attempt: AttemptID(trial), outcome: outcome, metrics: [Metric("loss", 1)],
            artifacts: artifacts, seconds: seconds)
    }
}

/// 32 bytes of `byte`.
func digest(_ byte: UInt8) throws -> Digest {
    try #require(Digest(bytes: Array(repeating: byte, count: Digest.byteCount)))
}
