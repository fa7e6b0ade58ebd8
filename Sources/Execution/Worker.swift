import DequeModule
package import Vocabulary

/// The worker as a machine: events in, spool records and directives out.
///
/// It owns no clock, no socket and no process. It keeps training while the coordinator is away,
/// and keeps each result until the coordinator has acknowledged it.
package struct Worker: ~Copyable {
    let facts: WorkerFacts
    let cores: CoreMap?
    let lifetime: WorkerLifetime
    var now = Instant.zero
    var link = Link.waiting(until: .zero)
    var backoff: Backoff
    // Of the places at which the coordinator may be: one that welcomed this worker is kept.
    let places: Int
    var place = 0
    var welcome: Welcome?
    var holdings: [AttemptID: Holding] = [:]
    // What has not started, in the order in which it was handed out.
    var queue: Deque<AttemptID> = []
    var running: [AttemptID] = []
    // Results that may need to be sent again are looked for this often, not on every step.
    var resendCheck: Instant?
    var prefetch: Prefetch
    var announcedPrefetch: UInt32 = 0
    var reports = ReportQueue()
    var isDraining = false
    var hasLeft = false
    // When its time is over, and whether that was acted on.
    var timeEnd: Instant?
    var isTimeOver = false
    // Since when it has held nothing, and since when it has been without its coordinator.
    var idleSince: Instant?
    var lostSince: Instant?
    // While this host cannot run trials: when it may try again, and how long it then rests.
    var restEnd: Instant?
    var restReason = ""
    var restSpan = Worker.shortestRest
    var step = WorkerStep()

    /// How long an execution that was asked to stop may take before it gets a signal.
    static let courtesy = Duration.seconds(5)
    /// How long an execution may take to end after that signal, such as to write a checkpoint.
    static let grace = Duration.seconds(10)
    /// How long a result waits for its acknowledgement before it is sent again.
    static let resend = Duration.seconds(5)
    /// How long a host that cannot run trials rests at first, and at the most.
    static let shortestRest = Duration.seconds(5)
    static let longestRest = Duration.seconds(300)
    /// How long a hello waits for its welcome.
    static let greeting = Duration.seconds(5)

    /// A worker that is not connected yet.
    ///
    /// - Parameters:
    ///   - facts: What it says of itself.
    ///   - seed: Spreads out when workers come back after an outage.
    ///   - prefetches: Whether leases are held ahead of the trials that run.
    ///   - places: How many places there are at which the coordinator may be; at least 1.
    ///   - cores: The CPUs that trials are pinned to, each to its own; nil for no pinning.
    ///   - lifetime: When it leaves by itself; its time begins with the first step.
    package init(
        facts: WorkerFacts, seed: UInt64, prefetches: Bool = true, places: Int = 1,
        cores: CoreMap? = nil, lifetime: WorkerLifetime = WorkerLifetime()
    ) {
        precondition(places >= 1, "a worker needs a place at which to look for its coordinator")
        self.facts = facts
        self.places = places
        self.lifetime = lifetime
        self.cores = cores
        prefetch = Prefetch(isOn: prefetches)
        backoff = Backoff(seed: seed)
    }

    /// Takes a batch of events that happened by `now` and returns all that follows.
    package mutating func step(_ events: [WorkerEvent], at now: Instant) -> WorkerStep {
        precondition(now >= self.now, "time runs backwards: \(now) after \(self.now)")
        self.now = now
        for event in events { handle(event) }
        tendLifetime()
        enforceDeadlines()
        launchReady()
        endRest()
        tendLink()
        returnStuckLeases()
        finishDrain()
        defer { step = WorkerStep() }
        return step
    }

    /// When `step` is to be called even if nothing happens.
    package var nextDeadline: Instant? {
        guard !hasLeft else { return nil }
        var earliest: Instant
        switch link {
        case .waiting(let until), .greeting(let until): earliest = until
        case .joined(let renewal, let lapse): earliest = min(renewal, lapse)
        }
        for attempt in running {
            guard let deadline = holdings[attempt]?.nextDeadline else { continue }
            earliest = min(earliest, deadline)
        }
        if let restEnd { earliest = min(earliest, restEnd) }
        if let nextLeaving { earliest = min(earliest, nextLeaving) }
        // Results are sent again only while joined; after an outage all of them are sent anyway.
        guard isJoined, let resendCheck else { return earliest }
        return min(earliest, resendCheck)
    }

    /// The executions that it holds, in ascending order.
    package var held: [AttemptID] { holdings.keys.sorted() }

    /// Whether the coordinator has accepted it and is heard from.
    package var isJoined: Bool {
        if case .joined = link { return true }
        return false
    }

    private mutating func handle(_ event: WorkerEvent) {
        switch event {
        case .started(let results): restore(results)
        case .received(let message): receive(message)
        case .disconnected(let reason): disconnect(reason)
        case .inputsReady(let attempt):
            guard holdings[attempt]?.stage == .fetching else { return }
            holdings[attempt]?.stage = .ready
        case .inputsFailed(let attempt, let reason):
            // It may have been given back meanwhile.
            guard holdings[attempt]?.stage == .fetching else { return }
            rest(because: "an input cannot be had: \(reason)")
        case .inputsUnusable(let attempt, let failure, let reason):
            guard holdings[attempt]?.stage == .fetching else { return }
            settle(
                AttemptResult(attempt: attempt, outcome: .failed(failure), message: reason))
        case .launchFailed(let attempt, let reason):
            guard holdings[attempt]?.stage == .running else { return }
            running.removeAll { $0 == attempt }
            giveBack(attempt, reason)
            rest(because: reason)
        case .reported(let report): take(report)
        case .checkpointed(let attempt, let step, let path):
            guard holdings[attempt]?.stage == .running else { return }
            let objective = lastObjective(of: attempt)
            holdings[attempt]?.unstored.append(
                Holding.Unstored(step: step, objective: objective))
            direct(.storeCheckpoint(attempt, step: step, path: path))
        case .checkpointStored(let attempt, let checkpoint): keep(checkpoint, of: attempt)
        case .ended(let result): end(result)
        case .uploaded(let attempt):
            guard holdings[attempt]?.stage == .uploading else { return }
            holdings[attempt]?.stage = .ended
            send(resultOf: attempt)
        case .uploadFailed(let attempt, let reason): giveUpFiles(of: attempt, reason)
        case .drain: drain()
        case .tick: break
        }
    }

    private mutating func restore(_ results: [AttemptResult]) {
        for result in results.sorted(by: { $0.attempt < $1.attempt }) {
            var holding = Holding(attempt: result.attempt, lease: nil, stage: .ended)
            holding.result = result
            if !result.artifacts.isEmpty {
                holding.stage = .uploading
                direct(.upload(result.attempt, result.artifacts))
            }
            holdings[result.attempt] = holding
        }
    }

    mutating func direct(_ directive: WorkerDirective) { step.directives.append(directive) }

    mutating func note(_ note: WorkerNote) { step.notes.append(note) }
}
