import CLinux
import Execution
import Logging
import Supervision
import Vocabulary
import Wire
import ZeroMQ

/// The one thread that owns the worker's machine, its control socket and its trials.
struct WorkerLoop: ~Copyable {
    let parts: WorkerParts
    private var machine: Worker
    private var spool: Spool
    private var connection: ControlConnection?
    var poller = Poller()
    private var outbox = WorkerOutbox()
    var children: [AttemptID: RunningTrial] = [:]
    var warm = WarmPool()
    var pending: [WorkerEvent] = []
    private var records: [SpoolRecord] = []
    private var isLeaving = false
    private var hasSpoolProblem = false
    private var heartbeat: Heartbeat
    private var toldJoined: Bool?
    // Those that may have left files: looking for each would cost more than a short trial does.
    var withFiles: Set<AttemptID> = []
    // Where the folders of ended trials may go instead of being removed.
    var spares: [AttemptID: SpareFolders] = [:]

    /// Steps that one turn takes before it writes and sends: trials that run in this process
    /// end within a step, and one write for many of them is what makes them fast.
    private static let stepsPerTurn = 512

    init(_ parts: WorkerParts, machine: consuming Worker, spool: consuming Spool) {
        self.parts = parts
        self.machine = machine
        self.spool = spool
        heartbeat = Heartbeat(parts.service)
    }

    mutating func run(unacknowledged: [AttemptResult]) throws {
        _ = poller.add(parts.inbox.wakeUp)
        _ = poller.add(descriptor: parts.signals)
        withFiles.formUnion(unacknowledged.map(\.attempt))
        pending.append(.started(unacknowledged: unacknowledged))
        while !isLeaving {
            try turn()
            if isLeaving { break }
            tell()
            try wait()
        }
        parts.service?.send(.stopping)
        for child in children.values {
            child.trial.kill()
            if case .own(let process) = child.trial.origin { _ = process.reap() }
        }
        ContainerEngine.remove(children.values.compactMap(\.request.container))
    }

    private mutating func wait() throws {
        connection?.update(&poller, isBlocked: outbox.isBlocked)
        let next = [machine.nextDeadline, warm.nextDeadline].compactMap(\.self).min()
        let deadline = next.map { max($0 - HostClock.now(), .zero) }
        try poller.poll(timeout: heartbeat.wait(pending.isEmpty ? deadline : .zero))
        _ = parts.inbox.wakeUp.drain()
        pending += parts.inbox.takeAll()
        while picoml_signalfd_read(parts.signals) > 0 { pending.append(.drain) }
        try listen()
        watchChildren()
    }

    /// A worker is ready once it has tried to join: that its coordinator is away is no failure of
    /// the worker, whose service others may wait for.
    private mutating func tell() {
        heartbeat.beat()
        guard let service = parts.service, toldJoined != machine.isJoined else { return }
        let status = ServiceState.status(
            (machine.isJoined ? "works for " : "waits for ") + parts.whereabouts.place.control)
        if toldJoined == nil { service.send(.ready, status) } else { service.send(status) }
        toldJoined = machine.isJoined
    }

    /// Steps until nothing follows at once, then writes, then sends.
    private mutating func turn() throws {
        var steps = 0
        repeat {
            let events = pending
            pending.removeAll(keepingCapacity: true)
            let step = machine.step(events, at: HostClock.now())
            for note in step.notes { WorkerNoteLog.write(note, to: parts.logger) }
            records += step.records
            for directive in step.directives { try perform(directive) }
            steps += 1
        } while !pending.isEmpty && steps < Self.stepsPerTurn && !isLeaving
        persist()
        if let failure = try flush() { pending.append(.disconnected(reason: failure)) }
    }

    /// Writes what is to be kept; what cannot be written stays in memory and is tried again.
    private mutating func persist() {
        guard !records.isEmpty else { return }
        var ended: [AttemptResult] = []
        var settled: [AttemptID] = []
        for record in records {
            switch record {
            case .ended(let result): ended.append(result)
            case .settled(let attempt): settled.append(attempt)
            }
        }
        do throws(WorkerError) {
            if !ended.isEmpty { try spool.append(ended, isAlone: !machine.isJoined) }
            if !settled.isEmpty { try spool.settle(settled) }
            records.removeAll(keepingCapacity: true)
            hasSpoolProblem = false
        } catch {
            if !hasSpoolProblem {
                parts.logger.error("\(error); results are kept in memory alone until then")
            }
            hasSpoolProblem = true
        }
    }

    private mutating func flush() throws(ZeroMQError) -> String? {
        guard connection != nil else { return nil }
        do throws(ZeroMQError) {
            try connection?.flush(&outbox)
            return nil
        } catch {
            if error.code == .contextTerminated { throw error }
            outbox.removeAll()
            return "\(error)"
        }
    }

    private mutating func listen() throws {
        guard connection != nil else { return }
        do {
            for message in try connection?.receive() ?? [] {
                pending.append(.received(message))
                if message == .renewed, parts.identity.refresh() {
                    pending.append(
                        .disconnected(reason: "the worker has a new key and connects with it"))
                }
            }
            if let failure = try connection?.failure() {
                pending.append(.disconnected(reason: failure))
            }
        } catch {
            pending.append(.disconnected(reason: "\(error)"))
        }
    }

    private mutating func perform(_ directive: WorkerDirective) throws {
        switch directive {
        case .connect(let place):
            if parts.whereabouts.move(to: place) {
                parts.logger.info("looks for it at \(parts.whereabouts.place.control)")
            }
            try connect()
        case .send(let message): outbox.append(message)
        case .fetch(let lease):
            withFiles.insert(lease.attempt)
            parts.cache.pin(lease)
            parts.transfers.push(.fetch(lease))
        case .storeCheckpoint(let attempt, let step, let path):
            parts.transfers.replace(.checkpoint(attempt, step: step, path: path))
        case .launch(let lease, let cores): launch(lease, on: cores)
        case .interrupt(let attempt, let reason): children[attempt]?.trial.interrupt(reason)
        case .terminate(let attempt): children[attempt]?.trial.terminate()
        case .kill(let attempt): children[attempt]?.trial.kill()
        case .readLog(let request):
            let directory = parts.folder.trialPath(of: request.attempt)
            outbox.append(
                .log(
                    TrialLog.part(
                        in: directory, owner: parts.confinement.user, for: request)))
        case .upload(let attempt, let artifacts):
            parts.transfers.push(.upload(attempt, artifacts))
        case .discard(let attempt):
            parts.transfers.cancel(attempt)
            parts.builds.cancel(attempt)
            parts.uses.release(attempt)
            parts.cache.release(attempt)
            let spares = spares.removeValue(forKey: attempt)
            if withFiles.remove(attempt) != nil { parts.files.push(.remove(attempt, spares)) }
        case .exit: isLeaving = true
        }
    }

    private mutating func connect() throws(ZeroMQError) {
        outbox.removeAll()
        connection?.leave(&poller)
        connection = nil
        _ = parts.identity.refresh()
        do throws(ZeroMQError) {
            connection = try ControlConnection(
                in: parts.context, endpoint: parts.whereabouts.place.control,
                // Long enough for a goodbye, without which the coordinator waits for leases to end.
                options: parts.identity.options(
                    maximum: Limits.controlFrameBytes, linger: .milliseconds(500)),
                poller: &poller)
        } catch {
            if error.code == .contextTerminated { throw error }
            // Such as too many open files: what runs goes on, and it is tried again.
            pending.append(.disconnected(reason: "\(error)"))
        }
    }
}
