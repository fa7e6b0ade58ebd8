import CLinux
import Execution
import Glibc
import Logging
import Trainers
import Vocabulary
import ZeroMQ

/// The one thread that owns the worker's machine, its control socket and its trials.
struct WorkerLoop: ~Copyable {
    private let parts: WorkerParts
    private var machine: Worker
    private var spool: Spool
    private var connection: ControlConnection?
    private var poller = Poller()
    private var outbox = WorkerOutbox()
    private var children: [AttemptID: RunningTrial] = [:]
    private var pending: [WorkerEvent] = []
    private var records: [SpoolRecord] = []
    private var isLeaving = false
    private var hasSpoolProblem = false
    // Those that may have left files: looking for each would cost more than a short trial does.
    private var withFiles: Set<AttemptID> = []

    /// Steps that one turn takes before it writes and sends: trials that run in this process
    /// end within a step, and one write for many of them is what makes them fast.
    private static let stepsPerTurn = 512

    init(_ parts: WorkerParts, machine: consuming Worker, spool: consuming Spool) {
        self.parts = parts
        self.machine = machine
        self.spool = spool
    }

    mutating func run(unacknowledged: [AttemptResult]) throws {
        _ = poller.add(parts.inbox.wakeUp)
        _ = poller.add(descriptor: parts.signals)
        withFiles.formUnion(unacknowledged.map(\.attempt))
        pending.append(.started(unacknowledged: unacknowledged))
        while !isLeaving {
            try turn()
            if isLeaving { break }
            try wait()
        }
        for child in children.values { child.process.kill() }
    }

    private mutating func wait() throws {
        connection?.update(&poller, isBlocked: outbox.isBlocked)
        let deadline = machine.nextDeadline.map { max($0 - HostClock.now(), .zero) }
        try poller.poll(timeout: pending.isEmpty ? deadline : .zero)
        _ = parts.inbox.wakeUp.drain()
        pending += parts.inbox.takeAll()
        while picoml_signalfd_read(parts.signals) > 0 { pending.append(.drain) }
        try listen()
        watchChildren()
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
            for message in try connection?.receive() ?? [] { pending.append(.received(message)) }
            if let failure = try connection?.failure() {
                pending.append(.disconnected(reason: failure))
            }
        } catch {
            pending.append(.disconnected(reason: "\(error)"))
        }
    }

    private mutating func perform(_ directive: WorkerDirective) throws {
        switch directive {
        case .connect: try connect()
        case .send(let message): outbox.append(message)
        case .fetch(let attempt, let digests): parts.transfers.push(.fetch(attempt, digests))
        case .launch(let lease): launch(lease)
        case .interrupt(let attempt, let reason): children[attempt]?.process.interrupt(reason)
        case .kill(let attempt): children[attempt]?.process.kill()
        case .upload(let attempt, let artifacts):
            parts.transfers.push(.upload(attempt, artifacts))
        case .discard(let attempt):
            parts.transfers.cancel(attempt)
            if withFiles.remove(attempt) != nil { parts.folder.removeTrial(attempt) }
        case .exit: isLeaving = true
        }
    }

    private mutating func connect() throws(ZeroMQError) {
        outbox.removeAll()
        connection?.leave(&poller)
        connection = nil
        do throws(ZeroMQError) {
            connection = try ControlConnection(
                in: parts.context, endpoint: parts.controlEndpoint,
                options: parts.controlOptions, poller: &poller)
        } catch {
            if error.code == .contextTerminated { throw error }
            // Such as too many open files: what runs goes on, and it is tried again.
            pending.append(.disconnected(reason: "\(error)"))
        }
    }
}

/// Trials: how they start and end.
extension WorkerLoop {
    private mutating func launch(_ lease: Lease) {
        guard !lease.trainer.runsInProcess else {
            parts.trace?.write(lease.attempt, HostClock.now())
            let value = noopMetric(of: lease.parameters)
            let metric = Metric(lease.objective.metric, value)
            pending.append(
                .ended(
                    AttemptResult(
                        attempt: lease.attempt, outcome: .succeeded, metrics: [metric])))
            return
        }
        withFiles.insert(lease.attempt)
        do throws(WorkerError) {
            let child = try TrialChild(parts.folder.request(for: lease))
            children[lease.attempt] = RunningTrial(
                process: child, started: HostClock.now(),
                channelKey: poller.add(descriptor: child.channel),
                processKey: poller.add(descriptor: child.processDescriptor))
        } catch {
            pending.append(.launchFailed(lease.attempt, reason: "\(error)"))
        }
    }

    private mutating func watchChildren() {
        for attempt in children.keys.sorted() {
            guard let child = children[attempt] else { continue }
            let hasEnded = poller.isReadable(child.processKey)
            if hasEnded || poller.isReadable(child.channelKey) {
                for report in child.process.read() { pending.append(.reported(report)) }
            }
            if hasEnded { end(child) } else if child.process.isSilenced { silence(child) }
        }
    }

    /// A closed channel stays readable: it is no longer listened to.
    private mutating func silence(_ child: RunningTrial) { poller.remove(child.channelKey) }

    private mutating func end(_ child: RunningTrial) {
        let attempt = child.process.attempt
        poller.remove(child.channelKey)
        poller.remove(child.processKey)
        children[attempt] = nil
        let status = child.process.reap()
        let result = TrialOutcome.result(
            of: child.process, status: status, directory: parts.folder.trialPath(of: attempt),
            seconds: (HostClock.now() - child.started).inSeconds)
        pending.append(.ended(result))
    }
}

/// A trial process with its places in the poller.
struct RunningTrial {
    let process: TrialChild
    let started: Instant
    let channelKey: Poller.Key
    let processKey: Poller.Key
}
