import Scheduling
import Vocabulary

/// The coordinator's shell: drain, step, persist, perform.
extension World {
    func takeIn(_ event: Event) {
        guard coordinator.isUp else { return }
        coordinator.inbox.append(event)
        wakeCoordinator(at: now + random.span(upTo: .milliseconds(2)))
    }

    func tellCoordinator(_ event: Event, after delay: Duration) {
        queue.schedule(
            .toCoordinator(incarnation: coordinator.incarnation, event), at: now + delay)
    }

    func wakeCoordinator(at time: Instant) {
        if let planned = coordinator.wakeAt, planned <= time { return }
        coordinator.ticket += 1
        coordinator.wakeAt = time
        queue.schedule(.coordinatorTurn(ticket: coordinator.ticket), at: time)
    }

    func coordinatorTurn() {
        coordinator.wakeAt = nil
        guard coordinator.isUp else { return }
        if let blocked = [coordinator.pausedUntil, unwrittenUntil].filter({ $0 > now }).max() {
            wakeCoordinator(at: blocked)
            return
        }
        if let step = coordinator.unwritten {
            coordinator.unwritten = nil
            persist(step)
            perform(step.directives)
            guard coordinator.isUp else { return }
        }
        let batch = coordinator.inbox.prefix(random.number(1...64))
        coordinator.inbox.removeFirst(batch.count)
        let step = coordinator.machine.step(Array(batch), at: now)
        coordinator.machine.checkInvariants()
        finishTurn(step)
        guard coordinator.isUp else { return }
        if !coordinator.inbox.isEmpty { wakeCoordinator(at: now + .milliseconds(1)) }
        guard let deadline = coordinator.machine.nextDeadline else { return }
        findings.require(
            deadline > now, "busy loop", "the coordinator wants to be woken again and again")
        wakeCoordinator(at: max(deadline, now + .milliseconds(1)))
    }

    /// A step that waits for space on the disk blocks the loop.
    private var unwrittenUntil: Instant {
        coordinator.unwritten == nil ? .zero : coordinator.diskFullUntil
    }

    private func finishTurn(_ step: Step) {
        let isCrash = !isHealed && random.chance(faults.turnCrash)
        if options.sabotage == .acknowledgeBeforeCommit, spread(step) { return }
        if isCrash, random.chance(0.3) {
            crashCoordinator(isWritten: false)
            return
        }
        guard coordinator.diskFullUntil <= now else {
            coordinator.unwritten = step
            wakeCoordinator(at: coordinator.diskFullUntil)
            return
        }
        persist(step)
        guard isCrash else {
            perform(step.directives)
            return
        }
        let done = random.next(below: UInt64(step.directives.count) + 1)
        perform(Array(step.directives.prefix(Int(done))))
        crashCoordinator(isWritten: true)
    }

    private func persist(_ step: Step) {
        coordinator.journal += step.records
        for record in step.records {
            trace.mix(record.code)
            journalChecker.observe(record)
            registryChecker.observe(record)
        }
        coordinator.turns += 1
        if coordinator.turns.isMultiple(of: 500) { compareReplay() }
    }

    /// The whole journal gives the state that the machine has.
    func compareReplay() {
        let replayed = Coordinator.replay(
            coordinator.journal, timing: SimulatedCoordinator.timing)
        findings.require(
            replayed.durable == coordinator.machine.durable, "replay",
            "the journal gives another state than the live one")
    }

    /// Sabotage: acknowledgements leave before their records are written, which then is lost.
    private func spread(_ step: Step) -> Bool {
        let acknowledgements = step.directives.filter {
            if case .send(.acknowledge(_, .committed), _) = $0 { true } else { false }
        }
        guard !acknowledgements.isEmpty, random.chance(0.05) else { return false }
        for directive in acknowledgements {
            guard case .send(let message, let peer) = directive,
                let connection = connections[peer]
            else { continue }
            arriveDown(message, on: connection, epoch: connection.epoch)
        }
        crashCoordinator(isWritten: false)
        return true
    }

    func crashCoordinator(isWritten: Bool) {
        guard coordinator.isUp else { return }
        count(.coordinatorCrash)
        coordinator.lastWords = isWritten ? coordinator.machine.durable : nil
        coordinator.die()
        for worker in workers {
            guard let connection = worker.connection else { continue }
            breakTransport(of: connection)
        }
        connections = [:]
        queue.schedule(.coordinatorStart, at: now + random.span(upTo: .seconds(40)))
    }

    func startCoordinator() {
        guard !coordinator.isUp else { return }
        let open = Set(journalChecker.open)
        var records = coordinator.openRecords { open.contains($0) }
        if options.sabotage == .replaySkipsRecord,
            let last = records.lastIndex(where: {
                if case .attemptEnded = $0 { true } else { false }
            })
        {
            records.remove(at: last)
        }
        coordinator.machine = Coordinator.replay(
            records, timing: SimulatedCoordinator.timing,
            lastSweep: UInt32(journalChecker.submitted))
        if let before = coordinator.lastWords {
            findings.require(
                before == coordinator.machine.durable, "replay",
                "the state after the restart is not the one before it")
        }
        compareReplay()
        promises.recovered(coordinator.machine)
        coordinator.isUp = true
        coordinator.incarnation += 1
        coordinator.inbox = [
            .started(wallMilliseconds: wallMilliseconds)
        ]
        wakeCoordinator(at: now)
    }

    private func perform(_ directives: [Directive]) {
        for directive in directives {
            trace.mix(directive.code)
            switch directive {
            case .send(let message, let peer):
                sendDown(message, to: peer)
                if options.sabotage == .doubleLease, case .assign = message { double(message) }
            case .suggest(let request): answer(request)
            case .judge(let request): answer(request)
            case .answer(let request, let answer): take(answer, of: request)
            case .admit(let admissions): admit(admissions)
            }
        }
    }

    /// Sabotage: another worker hears of the lease too.
    private func double(_ message: CoordinatorMessage) {
        guard random.chance(0.05), let peer = random.pick(workers).connection?.peer else { return }
        sendDown(message, to: peer)
    }
}

extension Directive {
    fileprivate var code: UInt64 {
        switch self {
        case .send(_, let peer): 1 | peer.routingID << 8
        case .suggest(let request): 2 | UInt64(request.first) << 8 | UInt64(request.count) << 32
        case .judge(let request): 3 | UInt64(request.sweep.number) << 8
        case .answer(let request, _): 4 | request.number << 8
        case .admit(let admissions): 5 | UInt64(admissions.count) << 8
        }
    }
}
