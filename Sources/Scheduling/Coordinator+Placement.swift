import Registry
import Vocabulary

/// Which trial runs next, and where.
///
/// Workers are filled evenly: first their CPUs, then the prefetch that keeps them busy between
/// trials. The next trial comes from the sweep of the highest priority; among equals `FairShare`
/// decides; then from the experiment that runs least. A sweep whose next trial does not fit a
/// worker does not block the others, and is not shut out by them: see `Reservation`.
extension Coordinator {
    mutating func place() {
        guard
            durable.openSweeps.contains(where: {
                durable.sweeps[Int($0.number) - 1]?.hasWaiting ?? false
            })
        else { return }
        let workers = sessions.keys.sorted()
        var occupancy = occupancy()
        var shares = FairShare(users, durable)
        reserve(shares, occupancy)
        for includesPrefetch in [false, true] {
            var hungry = workers
            while !hungry.isEmpty {
                hungry.removeAll {
                    !assignNext(
                        to: $0, includesPrefetch: includesPrefetch, occupancy: &occupancy,
                        shares: &shares)
                }
            }
        }
    }

    /// Gives `worker` one more lease; false when it has no room or nothing fits.
    private mutating func assignNext(
        to worker: WorkerID, includesPrefetch: Bool, occupancy: inout Occupancy?,
        shares: inout FairShare
    ) -> Bool {
        guard let host = sessions[worker]?.host,
            let vacancy = sessions[worker]?.vacancy(
                includesPrefetch: includesPrefetch, at: now),
            occupancy?.isReserved(host) != true
        else { return false }
        var room = vacancy.room
        room.isHostFree = occupancy?.leases(on: host) ?? 0 == 0
        guard let chosen = choose(room: room, of: worker, on: host, shares) else { return false }
        lease(from: chosen.sweep, experiment: chosen.experiment, to: worker, on: vacancy.peer)
        if let held = sessions[worker]?.leases.last {
            occupancy?.take(held, on: host)
            shares.take(cpus: held.cpus, for: durable[chosen.sweep]?.spec.sharing.user)
        }
        reservations.removeAll {
            $0.worker == worker && $0.claim.sweep == chosen.sweep
                && $0.claim.experiment == chosen.experiment
        }
        return true
    }

    /// The sweep and experiment that are served next among those with a trial that fits.
    private func choose(
        room: Room, of worker: WorkerID, on host: String, _ shares: FairShare
    ) -> FairShare.Candidate? {
        var best: FairShare.Candidate?
        for sweep in durable.openSweeps {
            let index = Int(sweep.number) - 1
            let left = shares.cpusLeft(to: durable.sweeps[index]?.definition.spec.sharing.user)
            guard room.takesDataSets || !needsDataSet(sweep) else { continue }
            let experiment = durable.sweeps[index]?.nextExperiment(
                within: room.secondsLeft
            ) { place, resources in
                room.fits(resources) && left.map { resources.cpus <= $0 } ?? true
                    && isOpen(
                        worker, on: host, to: Claim(sweep: sweep, experiment: place))
            }
            guard let experiment,
                let candidate = durable.sweeps[index].map({
                    shares.candidate($0, experiment: experiment)
                })
            else { continue }
            if best.map(candidate.comes(before:)) ?? true { best = candidate }
        }
        return best
    }

    /// Whether the trials of a sweep get a data set.
    func needsDataSet(_ sweep: SweepID) -> Bool {
        durable.sweeps[Int(sweep.number) - 1]?.definition.spec.dataSet != nil
    }

    private mutating func lease(
        from sweep: SweepID, experiment index: Int, to worker: WorkerID, on peer: PeerID
    ) {
        guard let definition = durable[sweep]?.definition,
            let number = durable[sweep]?.experiments[index].waiting.first,
            let trial = durable[TrialID(sweep: sweep, number: number)]
        else { return }
        let attempt = AttemptID(
            trial: TrialID(sweep: sweep, number: number), number: trial.attempt + 1)
        let experiment = definition.spec.experiments[index]
        let version = version(toScoreIn: trial.task)
        let devices = sessions[worker]?.devices.places(for: experiment.resources.gpus) ?? []
        commit(.attemptStarted(attempt, worker, devices: devices))
        sessions[worker]?.hold(
            HeldLease(attempt, needing: experiment.resources, devices: devices, assigned: now))
        let lease = Lease(
            attempt: attempt, task: trial.task, experiment: experiment.name,
            trainer: version?.lineage.trainer ?? experiment.trainer,
            parameters: trial.parameters, seed: trial.seed, cpus: experiment.resources.cpus,
            memoryBytes: experiment.resources.memoryBytes,
            diskBytes: experiment.resources.diskBytes, gpus: experiment.resources.gpus,
            devices: devices, isExclusive: experiment.resources.isExclusive,
            timeLimit: experiment.timeLimit,
            objective: definition.spec.objective,
            data: definition.spec.data,
            dataSet: experiment.program == nil ? nil : definition.spec.dataSet,
            model: version?.artifacts ?? [],
            program: experiment.program,
            code: experiment.program == nil ? nil : definition.spec.code?.digest,
            checkpoint: durable[sweep]?.checkpoints[number]?.latest)
        direct(.send(.assign(lease), to: peer))
    }
}
