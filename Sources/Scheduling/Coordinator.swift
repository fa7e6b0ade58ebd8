package import Vocabulary

/// The coordinator as a machine: events in, records and directives out.
///
/// It owns no clock, no socket and no disk. A shell feeds it batches of events, makes the
/// returned records durable, and only then performs the directives. What must survive a restart
/// lives in `durable` and changes only through records; the rest (connections, deadlines, open
/// questions to the search pool) is rebuilt by what happens after `Event.started`.
package struct Coordinator: ~Copyable {
    /// All that the records say.
    package private(set) var durable: DurableState
    let timing: Timing
    let users: UserShares
    var now = Instant.zero
    var sessions: [WorkerID: Session] = [:]
    var peers: [PeerID: WorkerID] = [:]
    // Which experiments wait for the search pool, by sweep.
    var asked: [SweepID: [Bool]] = [:]
    // With which champion the winners of sweeps are being compared; nil for none.
    var judging: [SweepID: UInt32?] = [:]
    // Sweeps that something happened to and that may be ready for their next phase.
    var touched: Set<SweepID> = []
    // Who waits for a part of a log.
    var logWaits: [RequestID: LogWait] = [:]
    // When executions were lost on a worker, and how often it was excluded for it.
    var mishaps: [WorkerID: Mishaps] = [:]
    // Of the last lease, oldest first.
    var losses: [Loss] = []
    // Which workers are kept free, and for whom.
    var reservations: [Reservation] = []
    // Since when nothing has had room for what waits.
    var blockedSince: [Claim: Instant] = [:]
    // When the time of each live join token is over.
    var tokenDeadlines: [TokenID: Instant] = [:]
    var step = Step()

    /// A coordinator that remembers nothing but that sweeps up to `lastSweep` have ended.
    package init(
        timing: Timing = Timing(), users: UserShares = UserShares(), lastSweep: UInt32 = 0
    ) {
        durable = DurableState(lastSweep: lastSweep)
        self.timing = timing
        self.users = users
    }

    /// The coordinator that `records` made, before it is told `Event.started`.
    ///
    /// - Parameters:
    ///   - records: Every record of the sweeps that are open, of workers and of the registry,
    ///     in the order in which they were written.
    ///   - timing: How long to wait before believing something.
    ///   - users: What each user may have.
    ///   - lastSweep: The highest number of any sweep so far.
    /// - Returns: The coordinator as it was, but for its connections.
    package static func replay(
        _ records: some Sequence<Record>, timing: Timing = Timing(),
        users: UserShares = UserShares(), lastSweep: UInt32 = 0
    ) -> Coordinator {
        var coordinator = Coordinator(timing: timing, users: users, lastSweep: lastSweep)
        for record in records { coordinator.durable.apply(record) }
        return coordinator
    }

    /// Takes a batch of events that happened by `now` and returns all that follows.
    ///
    /// - Parameters:
    ///   - events: What happened, in order; may be empty when only time has passed.
    ///   - now: A monotonic reading, not earlier than the last one.
    /// - Returns: Records to make durable, then directives to perform, and notes.
    package mutating func step(_ events: [Event], at now: Instant) -> Step {
        precondition(now >= self.now, "time runs backwards: \(now) after \(self.now)")
        forgiveStall(until: now)
        self.now = now
        for event in events { handle(event) }
        expireSessions()
        readmitWorkers()
        expireTokens()
        endLogWaits()
        advanceSweeps()
        place()
        requestSuggestions()
        defer { step = Step() }
        return step
    }

    /// Gives workers time again when this process stood still past a deadline: their signs of
    /// life may wait in the socket.
    private mutating func forgiveStall(until now: Instant) {
        guard let due = nextSessionDeadline, now - due > timing.renewal else { return }
        for worker in sessions.keys.sorted() {
            guard let deadline = sessions[worker]?.deadline else { continue }
            sessions[worker]?.deadline = max(deadline, now + timing.lease)
        }
    }

    /// When the lease of the next silent worker ends.
    private var nextSessionDeadline: Instant? {
        var earliest: Instant?
        for worker in sessions.keys.sorted() {
            guard let deadline = sessions[worker]?.deadline else { continue }
            earliest = min(earliest ?? deadline, deadline)
        }
        return earliest
    }

    /// When `step` is to be called even if nothing happens; nil for never.
    package var nextDeadline: Instant? {
        var earliest = nextSessionDeadline
        for request in logWaits.keys.sorted() {
            guard let deadline = logWaits[request]?.deadline else { continue }
            earliest = min(earliest ?? deadline, deadline)
        }
        for worker in mishaps.keys.sorted() {
            guard let deadline = mishaps[worker]?.readmission else { continue }
            earliest = min(earliest ?? deadline, deadline)
        }
        for token in tokenDeadlines.keys.sorted() {
            guard let deadline = tokenDeadlines[token] else { continue }
            earliest = min(earliest ?? deadline, deadline)
        }
        return earliest
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .started(let wallMilliseconds): start(at: wallMilliseconds)
        case .command(let command, let request): perform(command, for: request)
        case .received(let message, let peer, let worker):
            receive(message, from: peer, worker: worker)
        case .knocked(let message, let peer, let token):
            receive(message, from: peer, with: token)
        case .keyUsed(let worker, let number): replaceKey(of: worker, with: number)
        case .unreachable(let peer): loseConnection(of: peer)
        case .suggested(let suggestions): take(suggestions)
        case .judged(let sweep, let judgement): take(judgement, for: sweep)
        case .tick: break
        }
    }

    /// Decides a fact: the only way in which durable state changes.
    mutating func commit(_ record: Record) {
        durable.apply(record)
        step.records.append(record)
    }

    mutating func direct(_ directive: Directive) { step.directives.append(directive) }

    mutating func note(_ note: Note) { step.notes.append(note) }

    private mutating func start(at wallMilliseconds: Int64) {
        resumeTokens(at: wallMilliseconds)
        admit()
        resumeExclusions()
        for (index, entry) in durable.workers.enumerated() where entry.isJoined {
            var session = Session(deadline: now + timing.adoption)
            session.host = entry.host
            sessions[WorkerID(UInt32(index + 1))] = session
        }
        for sweep in durable.openSweeps {
            touched.insert(sweep)
            guard let state = durable[sweep] else { continue }
            for (index, trial) in state.trials.enumerated() where trial.state == .running {
                guard let worker = trial.worker else { continue }
                let attempt = AttemptID(
                    trial: TrialID(sweep: sweep, number: UInt32(index + 1)), number: trial.attempt)
                let resources = state.spec.experiments[trial.experiment].resources
                var session = sessions[worker] ?? Session(deadline: now + timing.adoption)
                session.hold(
                    HeldLease(
                        attempt, needing: resources, devices: trial.devices, assigned: now))
                sessions[worker] = session
            }
        }
    }
}
