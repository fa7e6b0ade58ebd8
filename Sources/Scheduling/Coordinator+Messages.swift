import DequeModule
import Vocabulary

/// What workers say.
extension Coordinator {
    mutating func receive(_ message: WorkerMessage, from peer: PeerID, worker: WorkerID) {
        guard let entry = durable[worker], !entry.isRevoked else {
            direct(.send(.reject(reason: "the key of this worker was revoked"), to: peer))
            return
        }
        guard !entry.isPending else {
            direct(.send(.reject(reason: "this worker waits for a person's approval"), to: peer))
            return
        }
        switch message {
        case .hello(let hello): return welcome(hello, from: peer, worker: worker)
        // From a connection of its own, beside the one that says hello.
        case .rotate(let key): return offer(key, by: worker, on: peer)
        default: break
        }
        guard sessions[worker]?.peer == peer else {
            direct(.send(.resync, to: peer))
            return
        }
        sessions[worker]?.deadline = now + timing.lease
        switch message {
        case .hello, .rotate: break
        case .enrol: note(.messageIgnored(worker, reason: "it is let in already"))
        case .renew(let renewal): renew(renewal, of: worker, on: peer)
        case .report(let reports): for report in reports { take(report, from: worker, on: peer) }
        case .checkpoint(let attempt, let checkpoint):
            take(checkpoint, of: attempt, from: worker)
        case .log(let part): take(part, from: worker)
        case .result(let result): take(result, from: worker, on: peer)
        case .draining(let reason):
            sessions[worker]?.isDraining = true
            if !reason.isEmpty { rest(worker, because: reason) }
        case .goodbye: depart(worker, .left)
        }
    }

    private mutating func welcome(_ hello: Hello, from peer: PeerID, worker: WorkerID) {
        guard
            let version = ProtocolVersion.negotiate(
                minimum: hello.minimumVersion, maximum: hello.maximumVersion)
        else {
            let reason = ProtocolVersion.mismatch(
                minimum: hello.minimumVersion, maximum: hello.maximumVersion,
                software: hello.facts.software)
            note(.workerRefused(worker, reason: reason))
            direct(.send(.reject(reason: reason), to: peer))
            return
        }
        let held = Set(hello.held)
        let before = sessions[worker]
        if let old = before?.peer { peers[old] = nil }
        var session = before ?? Session(deadline: now)
        session.peer = peer
        session.host = hello.facts.host
        session.labels = hello.facts.allLabels
        session.cpus = min(hello.facts.cpus, Limits.cpusPerWorker)
        session.memoryBytes = hello.facts.memoryBytes
        session.prefetch = min(hello.prefetch, UInt32(Limits.leasesPerWorker))
        session.leaving = hello.facts.timeLeft.map { now + $0 }
        session.deadline = now + timing.lease
        session.takesDataSets = hello.takesDataSets
        session.isDraining = false
        endRest(of: worker)
        session.isExcluded = durable[worker]?.exclusion != nil
        session.release { !held.contains($0.attempt) }
        session.offer(devices: min(hello.facts.devices.count, Limits.devicesPerWorker))
        sessions[worker] = session
        peers[peer] = worker
        commit(.workerJoined(worker, hello.facts))
        direct(
            .send(
                .welcome(
                    Welcome(
                        version: version, worker: worker,
                        renewMilliseconds: timing.renewal.milliseconds,
                        leaseMilliseconds: timing.lease.milliseconds)), to: peer))
        for lease in before?.leases ?? [] where !held.contains(lease.attempt) {
            end(lease.attempt, as: .workerLost, "the worker came back without it")
        }
        if before?.leases.contains(where: { !held.contains($0.attempt) }) ?? false {
            countMishap(of: worker, "it came back without what it held")
        }
        let adopted = Set(session.leases.map(\.attempt))
        for attempt in hello.held where !adopted.contains(attempt) {
            direct(.send(.stop(attempt, .fenced), to: peer))
        }
        // The order to stop may have been lost with the connection before.
        for lease in session.leases where durable[lease.attempt.trial]?.isPruneDecided ?? false {
            direct(.send(.stop(lease.attempt, .pruned), to: peer))
        }
        note(.workerJoined(worker, host: hello.facts.host, adopted: session.leases.count))
    }

    private mutating func renew(_ renewal: Renewal, of worker: WorkerID, on peer: PeerID) {
        let held = Set(renewal.held)
        sessions[worker]?.prefetch = min(renewal.prefetch, UInt32(Limits.leasesPerWorker))
        // A lease that is still on its way when the worker writes is not yet in its list.
        let missing = sessions[worker]?.leases.filter {
            !held.contains($0.attempt) && now - $0.assigned >= timing.lease
        }
        for lease in missing ?? [] {
            sessions[worker]?.release(lease.attempt)
            // Should the lease arrive after all, this does too, and before the next attempt.
            direct(.send(.stop(lease.attempt, .fenced), to: peer))
            end(lease.attempt, as: .workerLost, "the worker does not know of it")
        }
        let known = Set((sessions[worker]?.leases ?? []).map(\.attempt))
        for attempt in renewal.held where !known.contains(attempt) {
            direct(.send(.stop(attempt, .fenced), to: peer))
        }
        direct(.send(.renewed, to: peer))
    }

    /// A connection broke: the worker may come back on another one before its leases end.
    mutating func loseConnection(of peer: PeerID) {
        guard let worker = peers.removeValue(forKey: peer), sessions[worker]?.peer == peer
        else { return }
        sessions[worker]?.peer = nil
    }

    mutating func expireSessions() {
        for worker in sessions.keys.sorted() {
            guard let session = sessions[worker], session.deadline <= now else { continue }
            depart(worker, .lost)
        }
    }

    /// Ends a worker's connection and runs what it held elsewhere.
    mutating func depart(_ worker: WorkerID, _ departure: Departure) {
        guard let session = sessions.removeValue(forKey: worker) else { return }
        if let peer = session.peer { peers[peer] = nil }
        commit(.workerLeft(worker, departure))
        if departure == .lost {
            countLoss(
                of: worker, withExecutions: !session.leases.isEmpty, departure.sentence)
        }
        for lease in session.leases {
            end(lease.attempt, as: .workerLost, departure.sentence)
        }
        note(.workerLeft(worker, departure, requeued: session.leases.count))
    }
}

extension Departure {
    fileprivate var sentence: String {
        switch self {
        case .lost: "the worker was silent for longer than its lease"
        case .left: "the worker left"
        case .revoked: "the key of the worker was revoked"
        }
    }
}

extension Duration {
    fileprivate var milliseconds: UInt32 {
        UInt32(clamping: nanoseconds / 1_000_000)
    }
}
