import DequeModule
import Vocabulary

/// Trials of one experiment that wait for room.
struct Claim: Hashable, Sendable {
    /// Their sweep.
    let sweep: SweepID
    /// Their experiment.
    let experiment: Int
}

/// A worker that takes nothing else until a trial fits that would never find room otherwise.
struct Reservation: Hashable, Sendable {
    /// The worker.
    let worker: WorkerID
    /// Its host when the trial wants it for itself: then the host's other workers take nothing
    /// either.
    let host: String?
    /// For whom.
    let claim: Claim
}

/// Room for trials that need much, and for those that may stop others.
///
/// A large trial never fits a worker whose CPUs are given away one by one. After it has waited for
/// `Timing.patience`, one worker is kept free for it, and small trials go on elsewhere: nobody
/// blocks the others for good. A sweep that preempts gets its worker at once, and trials of a lower
/// priority there are stopped, no more of them than necessary, those that ran least first.
extension Coordinator {
    /// Brings the reservations in line with what waits.
    mutating func reserve(_ shares: FairShare, _ occupancy: Occupancy?) {
        let claims = claims(shares)
        // Trials that all need the same never shut one another out.
        guard claims.needAttention else {
            reservations = []
            blockedSince = [:]
            return
        }
        reservations = reservations.filter { claims.all.contains($0.claim) && isOfUse($0) }
        var stillBlocked: [Claim: Instant] = [:]
        for claim in claims.all {
            guard let needs = needs(of: claim), !fitsNow(claim, needs, occupancy) else { continue }
            let since = blockedSince[claim] ?? now
            stillBlocked[claim] = since
            let preempts = durable[claim.sweep]?.spec.sharing.preempts == true
            if preempts { reconsider(claim, needs) }
            if now - since >= timing.patience || preempts { keepWorker(for: claim, needs) }
            if preempts { preempt(for: claim, needs) }
        }
        blockedSince = stillBlocked
    }

    /// Whether `worker`, on `host`, may take trials of `claim`, as far as reservations go.
    func isOpen(_ worker: WorkerID, on host: String, to claim: Claim) -> Bool {
        reservations.allSatisfy {
            $0.claim == claim || $0.worker != worker && $0.host != host
        }
    }

    /// For which sweep `worker` is kept free; nil for none.
    func reservation(of worker: WorkerID, on host: String) -> Reservation? {
        reservations.first { $0.worker == worker || $0.host == host }
    }

    private struct Claims {
        var all: [Claim] = []
        var needAttention = false
    }

    /// What waits and may be placed, the highest priority first.
    private func claims(_ shares: FairShare) -> Claims {
        var claims = Claims()
        var first: Resources?
        let sweeps = durable.openSweeps.sorted {
            let (left, right) = (priority(of: $0), priority(of: $1))
            return left == right ? $0 < $1 : left > right
        }
        for sweep in sweeps {
            let index = Int(sweep.number) - 1
            guard durable.sweeps[index]?.hasWaiting == true,
                let experiments = durable.sweeps[index]?.definition.spec.experiments
            else { continue }
            for (place, experiment) in experiments.enumerated() {
                guard
                    durable.sweeps[index]?.mayServe(place, cpusLeft: shares.cpusLeft) == true
                else { continue }
                claims.all.append(Claim(sweep: sweep, experiment: place))
                if let first, first != experiment.resources { claims.needAttention = true }
                first = experiment.resources
            }
            if durable.sweeps[index]?.definition.spec.sharing.preempts == true {
                claims.needAttention = true
            }
        }
        return claims
    }

    private func priority(of sweep: SweepID) -> Int32 {
        durable.sweeps[Int(sweep.number) - 1]?.definition.spec.priority ?? 0
    }

    private func needs(of claim: Claim) -> Resources? {
        durable.sweeps[Int(claim.sweep.number) - 1]?.definition.spec
            .experiments[claim.experiment].resources
    }

    private func fitsNow(
        _ claim: Claim, _ needs: Resources, _ occupancy: Occupancy?
    ) -> Bool {
        sessions.keys.sorted().contains { worker in
            guard let session = sessions[worker], isOpen(worker, on: session.host, to: claim),
                occupancy?.isReserved(session.host) != true,
                var room = session.vacancy(includesPrefetch: false, at: now)?.room
            else { return false }
            room.isHostFree = occupancy?.leases(on: session.host) ?? 0 == 0
            return room.fits(needs) && mayRun(claim, on: session)
        }
    }

    /// Whether a worker knows what trials of `claim` need, and stays for long enough.
    private func mayRun(_ claim: Claim, on session: Session) -> Bool {
        guard session.takesDataSets || !needsDataSet(claim.sweep) else { return false }
        let index = Int(claim.sweep.number) - 1
        guard let leaving = session.leaving,
            let next = durable.sweeps[index]?.experiments[claim.experiment].waiting.first,
            let seconds = durable.sweeps[index]?.secondsNeeded(by: next, of: claim.experiment)
        else { return true }
        return seconds <= (leaving - now).inSeconds
    }

    /// Whether the worker of a reservation could still take the trial once it is empty.
    private func isOfUse(_ reservation: Reservation) -> Bool {
        guard let session = sessions[reservation.worker],
            let needs = needs(of: reservation.claim)
        else { return false }
        return session.couldTake(needs, at: now) && mayRun(reservation.claim, on: session)
    }

    /// Gives up a worker that cannot be cleared for `claim`, once there is one that can.
    private mutating func reconsider(_ claim: Claim, _ needs: Resources) {
        guard let own = reservations.first(where: { $0.claim == claim })?.worker,
            victims(on: own, of: claim, needs) == nil
        else { return }
        let isBetter = sessions.keys.sorted().contains { worker in
            guard let session = sessions[worker], mayKeep(worker, for: claim, needs)
            else { return false }
            return reservation(of: worker, on: session.host) == nil
                && victims(on: worker, of: claim, needs) != nil
        }
        if isBetter { reservations.removeAll { $0.claim == claim } }
    }

    /// Whether a worker is there and could take a trial of `claim` once it is empty.
    private func mayKeep(_ worker: WorkerID, for claim: Claim, _ needs: Resources) -> Bool {
        guard let session = sessions[worker], session.peer != nil else { return false }
        return session.couldTake(needs, at: now) && mayRun(claim, on: session)
    }

    private mutating func keepWorker(for claim: Claim, _ needs: Resources) {
        let connected = sessions.keys.sorted().filter { sessions[$0]?.peer != nil }
        // A quarter of the workers at most, so that the others go on, but one even where there are
        // few.
        guard !reservations.contains(where: { $0.claim == claim }),
            reservations.count < max(1, connected.count / 4)
        else { return }
        let preempted = durable[claim.sweep]?.spec.sharing.preempts == true
        var best: (worker: WorkerID, cost: UInt32)?
        for worker in connected {
            guard let session = sessions[worker], mayKeep(worker, for: claim, needs),
                reservation(of: worker, on: session.host) == nil
            else { continue }
            let cost =
                preempted
                ? victims(on: worker, of: claim, needs).map { UInt32($0.count) } ?? .max
                : session.heldCPUs
            if best.map({ cost < $0.cost }) ?? true { best = (worker, cost) }
        }
        guard let best, let session = sessions[best.worker] else { return }
        reservations.append(
            Reservation(
                worker: best.worker, host: needs.isExclusive ? session.host : nil, claim: claim))
        note(.workerReserved(best.worker, claim.sweep))
    }

    /// An execution that has to make room, and who holds it.
    private struct Victim {
        let worker: WorkerID
        let lease: HeldLease
    }

    /// Stops what is in the way on the worker that is kept for `claim`.
    private mutating func preempt(for claim: Claim, _ needs: Resources) {
        guard let reservation = reservations.first(where: { $0.claim == claim }),
            let victims = victims(on: reservation.worker, of: claim, needs)
        else { return }
        for victim in victims {
            guard let peer = sessions[victim.worker]?.peer, victim.lease.preempted != peer
            else { continue }
            sessions[victim.worker]?.preempt(victim.lease.attempt, on: peer)
            note(.preempted(victim.lease.attempt, for: claim.sweep))
            direct(.send(.stop(victim.lease.attempt, .preempted), to: peer))
        }
    }

    /// What has to end so that a trial of `claim` has room on `worker`, the newest first; nil when
    /// that has no lower priority, or is not enough.
    private func victims(on worker: WorkerID, of claim: Claim, _ needs: Resources) -> [Victim]? {
        guard let session = sessions[worker] else { return nil }
        let priority = priority(of: claim.sweep)
        func isBelow(_ lease: HeldLease) -> Bool {
            self.priority(of: lease.attempt.trial.sweep) < priority
        }
        if needs.isExclusive {
            let all = victims(onHost: session.host)
            return all.allSatisfy { isBelow($0.lease) } ? all : nil
        }
        var left = session
        var victims: [Victim] = []
        // What was stopped already comes first: nothing else may have to go.
        let leases = session.leases.reversed()
        for lease in leases.filter({ $0.preempted != nil }) + leases.filter({ $0.preempted == nil })
        where isBelow(lease) {
            left.release(lease.attempt)
            victims.append(Victim(worker: worker, lease: lease))
            if left.vacancy(includesPrefetch: false, at: now)?.room.fits(needs) == true {
                return victims
            }
        }
        return nil
    }

    /// All that workers of `host` hold.
    private func victims(onHost host: String) -> [Victim] {
        sessions.keys.sorted().flatMap { worker -> [Victim] in
            guard let session = sessions[worker], session.host == host else { return [] }
            return session.leases.reversed().map { Victim(worker: worker, lease: $0) }
        }
    }
}
