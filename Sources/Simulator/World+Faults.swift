import Execution
import Scheduling
import Vocabulary

/// What breaks, and how everything is mended in the end.
extension World {
    func scheduleFaults() {
        for fault in Fault.allCases { schedule(fault) }
        guard let pace = faults.whims else { return }
        queue.schedule(.whim, at: now + random.span(upTo: pace))
    }

    private func schedule(_ fault: Fault) {
        guard let interval = faults.intervals[fault.rawValue] else { return }
        queue.schedule(.fault(fault), at: now + random.span(upTo: interval * 2))
    }

    func count(_ fault: Fault) { faultCounts[fault.rawValue] += 1 }

    func strike(_ fault: Fault) {
        guard !isHealed else { return }
        schedule(fault)
        let worker = random.pick(workers)
        if fault != .coordinatorCrash { count(fault) }
        switch fault {
        case .connectionBreak:
            if let connection = worker.connection { breakTransport(of: connection) }
        case .partition: cutOff(worker)
        case .coordinatorCrash: crashCoordinator(isWritten: coordinator.unwritten == nil)
        case .workerCrash: crash(worker)
        case .workerPause:
            worker.pausedUntil = now + random.span(upTo: .seconds(25))
        case .coordinatorPause:
            coordinator.pausedUntil = now + random.span(upTo: .seconds(25))
        case .diskFull:
            coordinator.diskFullUntil = now + random.span(upTo: .seconds(15))
        case .drain: drain(worker)
        case .revocation:
            if let id = coordinator.worker(with: worker.key) { ask(.revoke(id)) }
        case .rotation: rotate(worker)
        }
    }

    private func cutOff(_ worker: SimulatedWorker) {
        let isUpCut = random.chance(0.7)
        partitions[worker.index] = Partition(
            end: now + random.span(upTo: random.chance(0.5) ? .seconds(5) : .seconds(40)),
            isUpCut: isUpCut, isDownCut: !isUpCut || random.chance(0.6))
    }

    private func drain(_ worker: SimulatedWorker) {
        if random.chance(0.5), let id = coordinator.worker(with: worker.key) {
            ask(.drain(id))
        } else {
            tell(worker, .drain)
            if random.chance(0.2) { tell(worker, .drain) }
        }
    }

    /// The turmoil is over: from here on everything works.
    func heal() {
        isHealed = true
        quiet = now + .seconds(60)
        partitions = Array(repeating: nil, count: workers.count)
        coordinator.pausedUntil = now
        coordinator.diskFullUntil = now
        if !coordinator.isUp { queue.schedule(.coordinatorStart, at: now) }
        wakeCoordinator(at: now)
        for worker in workers {
            worker.pausedUntil = now
            if worker.isUp {
                wake(worker, at: now)
            } else {
                queue.schedule(.workerStart(worker.index), at: now)
            }
        }
        for number in 0..<16 { ask(.resume(SweepID(UInt32(number + 1))), after: .seconds(60)) }
    }

    /// Whether all that was asked for has been done and everyone is at rest.
    var isDone: Bool {
        accepted >= wanted && journalChecker.open.isEmpty && coordinator.isUp
            && coordinator.inbox.isEmpty && workers.allSatisfy(\.isSettled)
    }

    /// What is not done, for people.
    var unfinished: String {
        var parts = journalChecker.open.map { "sweep \($0): \(journalChecker.standing(of: $0))" }
        if accepted < wanted { parts.append("\(wanted - accepted) sweeps were never accepted") }
        for worker in workers where !worker.isSettled {
            parts.append(
                "host \(worker.index) is \(worker.isUp ? "up" : "down"), "
                    + "\(worker.machine.isJoined ? "joined" : "not joined"), runs "
                    + "\(worker.processes.count), holds \(worker.machine.held), "
                    + "spool \(worker.spool.count)")
        }
        return parts.joined(separator: "; ")
    }
}
