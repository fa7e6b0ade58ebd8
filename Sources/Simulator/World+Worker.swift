import Execution
import Vocabulary

/// The workers' shells.
extension World {
    func start(_ worker: SimulatedWorker) {
        guard !worker.isUp else { return }
        worker.restart(seed: random.next(), lifetime: lifetime())
        wake(worker, at: now)
    }

    /// When a worker leaves by itself, to be started again.
    private func lifetime() -> WorkerLifetime {
        guard !isHealed, random.chance(0.2) else { return WorkerLifetime() }
        return WorkerLifetime(
            timeLimit: random.chance(0.7) ? .seconds(random.number(10...90)) : nil,
            idleTimeout: random.chance(0.5) ? .seconds(random.number(5...30)) : nil,
            onLoss: random.pick(CoordinatorLoss.allCases))
    }

    /// The process dies now and starts again after a while.
    func crash(_ worker: SimulatedWorker) {
        guard worker.isUp else { return }
        for result in worker.spool { journalChecker.forgetCurve(of: result.attempt) }
        worker.die()
        if let connection = worker.connection {
            close(connection)
            worker.connection = nil
        }
        queue.schedule(.workerStart(worker.index), at: now + random.span(upTo: .seconds(25)))
    }

    func tell(_ worker: SimulatedWorker, _ event: WorkerEvent) {
        guard worker.isUp else { return }
        worker.inbox.append(event)
        wake(worker, at: now + random.span(upTo: .milliseconds(1)))
    }

    func wake(_ worker: SimulatedWorker, at time: Instant) {
        if let planned = worker.wakeAt, planned <= time { return }
        worker.ticket += 1
        worker.wakeAt = time
        queue.schedule(.workerTurn(worker.index, ticket: worker.ticket), at: time)
    }

    func turn(_ worker: SimulatedWorker) {
        worker.wakeAt = nil
        guard worker.isUp else { return }
        guard worker.pausedUntil <= now else {
            wake(worker, at: worker.pausedUntil)
            return
        }
        let events = worker.inbox
        worker.inbox = []
        let step = worker.machine.step(events, at: now)
        trace.mix(UInt64(step.records.count) << 32 | UInt64(step.directives.count))
        if !isHealed, random.chance(faults.workerTurnCrash) {
            count(.workerCrash)
            if random.chance(0.5) { write(step.records, of: worker) }
            crash(worker)
            return
        }
        write(step.records, of: worker)
        for directive in step.directives { perform(directive, for: worker) }
        guard worker.isUp, let deadline = worker.machine.nextDeadline else { return }
        findings.require(
            deadline > now, "busy loop",
            "host \(worker.index) wants to be woken at once, again and again")
        wake(worker, at: max(deadline, now + .milliseconds(1)))
    }

    private func write(_ records: [SpoolRecord], of worker: SimulatedWorker) {
        for record in records {
            switch record {
            case .ended(let result):
                findings.require(
                    !worker.spool.contains { $0.attempt == result.attempt }, "spool",
                    "host \(worker.index) wrote two results of \(result.attempt)")
                worker.spool.append(result)
            case .settled(let attempt):
                worker.spool.removeAll { $0.attempt == attempt }
            }
        }
    }

    private func perform(_ directive: WorkerDirective, for worker: SimulatedWorker) {
        let (index, incarnation) = (worker.index, worker.incarnation)
        switch directive {
        case .connect: connect(worker)
        case .send(let message):
            if let connection = worker.connection { sendUp(message, on: connection) }
        case .readLog: break
        case .storeCheckpoint(let attempt, let step, _):
            queue.schedule(
                .checkpoint(index, incarnation: incarnation, attempt, step: step),
                at: now + random.span(upTo: .seconds(2)))
        case .fetch(let lease):
            let attempt = lease.attempt
            findings.require(
                lease.checkpoint.map { store.contains($0.digest) } ?? true, "checkpoint",
                "\(attempt) is to go on from a checkpoint that was never stored")
            let isUsable = !random.chance(faults.fetchFailureShare)
            queue.schedule(
                .fetched(index, incarnation: incarnation, attempt, isUsable: isUsable),
                at: now + random.span(upTo: random.chance(0.2) ? .seconds(8) : .milliseconds(200)))
        case .launch(let lease, let cores): launch(lease, cores: cores, on: worker)
        case .interrupt(let attempt, _): interrupt(attempt, on: worker)
        case .terminate(let attempt): interrupt(attempt, on: worker)
        case .kill(let attempt): kill(attempt, on: worker)
        case .upload(let attempt, let artifacts):
            queue.schedule(
                .upload(index, incarnation: incarnation, attempt, artifacts),
                at: now + random.span(upTo: .seconds(1)))
        case .discard(let attempt): executionChecker.discard(attempt, on: worker)
        case .exit:
            findings.require(
                worker.processes.allSatisfy(\.isKilled), "execution",
                "host \(index) leaves while a trial runs on")
            crash(worker)
        }
    }

    /// The artifact socket: a checkpoint that cannot be stored now is given up.
    func store(_ worker: SimulatedWorker, _ attempt: AttemptID, step: UInt64) {
        let isCut = partitions[worker.index].map { $0.end > now } ?? false
        guard coordinator.isUp, !isCut else { return }
        let file = Artifact(name: "checkpoint", digest: random.digest(), byteCount: 100)
        store.store([file])
        tell(
            worker,
            .checkpointStored(
                attempt, Checkpoint(step: step, digest: file.digest, byteCount: 100)))
    }

    /// The artifact socket: trying until it works.
    func upload(_ worker: SimulatedWorker, _ attempt: AttemptID, _ artifacts: [Artifact]) {
        let isCut = partitions[worker.index].map { $0.end > now } ?? false
        guard coordinator.isUp, !isCut, isHealed || !random.chance(0.1) else {
            queue.schedule(
                .upload(worker.index, incarnation: worker.incarnation, attempt, artifacts),
                at: now + .milliseconds(700))
            return
        }
        // Now and then a file is lost again before the result arrives.
        store.store(isHealed || random.chance(0.95) ? artifacts : [])
        tell(worker, .uploaded(attempt))
    }
}
