import DequeModule
import Vocabulary

/// Why a trial is where it is, for people.
extension Coordinator {
    func explain(_ trial: TrialID) -> Answer {
        guard let sweep = durable[trial.sweep], let entry = durable[trial] else {
            return .refused(.conflict, reason: "sweep \(trial.sweep) is not open")
        }
        switch entry.state {
        case .waiting: return .explanation(reasonsToWait(entry, trial, in: sweep))
        case .running: return .explanation(sentences(ofRunning: entry, trial))
        case .succeeded, .pruned, .failed: return .explanation([])
        }
    }

    private func sentences(ofRunning entry: TrialEntry, _ trial: TrialID) -> [String] {
        guard let worker = entry.worker else { return [] }
        let devices = entry.devices.map { "\($0)" }.joined(separator: ", ")
        let place = devices.isEmpty ? "" : ", with GPU \(devices)"
        var sentences = ["It runs as attempt \(entry.attempt) on \(name(of: worker))\(place)."]
        if sessions[worker]?.peer == nil {
            sentences.append(
                "That worker is not connected at the moment; until its leases end, it may come "
                    + "back with the trial.")
        }
        if entry.isPruneDecided {
            sentences.append("The pruner gave up on it at step \(entry.step); it is to stop.")
        }
        return sentences
    }

    private func reasonsToWait(
        _ entry: TrialEntry, _ trial: TrialID, in sweep: SweepState
    ) -> [String] {
        var sentences: [String] = []
        if entry.attempt > 0 {
            sentences.append(
                "Attempt \(entry.attempt) ended without a result that counts; it waits to be "
                    + "tried again.")
        }
        if sweep.isPaused {
            return sentences + ["Its sweep is paused: `picoml sweep resume \(trial.sweep)`."]
        }
        sentences += sharingObstacles(to: entry, in: sweep)
        let experiment = sweep.spec.experiments[entry.experiment]
        let waiting = sweep.experiments[entry.experiment].waiting
        if let place = waiting.firstIndex(of: trial.number), place > 0 {
            sentences.append("\(place) trials of \(experiment.name) are served before it.")
        }
        let others = durable.openSweeps.compactMap { durable[$0] }.filter {
            $0.hasWaiting && $0.spec.priority > sweep.spec.priority
        }
        if !others.isEmpty {
            let names = others.map { "\($0.id)" }.joined(separator: ", ")
            sentences.append("Sweeps of a higher priority come first: \(names).")
        }
        let connected = sessions.keys.sorted().filter { sessions[$0]?.peer != nil }
        guard !connected.isEmpty else { return sentences + ["No worker is connected."] }
        sentences += labelsNowhere(on: connected, needed: experiment.resources)
        let seconds = sweep.secondsNeeded(by: trial.number, of: entry.experiment)
        sentences += connected.prefix(Self.explainedWorkers).map {
            let claim = Claim(sweep: sweep.id, experiment: entry.experiment)
            let obstacle = obstacle(on: $0, to: experiment, claim, lasting: seconds)
            return "\(capitalised(name(of: $0))) \(obstacle)."
        }
        let more = connected.count - Self.explainedWorkers
        if more > 0 { sentences.append("\(more) more workers are connected.") }
        return sentences
    }

    /// What keeps a trial waiting wherever there is room.
    private func sharingObstacles(to entry: TrialEntry, in sweep: SweepState) -> [String] {
        var sentences: [String] = []
        if sweep.isAtConcurrency {
            sentences.append(
                "Its sweep runs \(sweep.running) trials, as many as its `concurrency` allows.")
        }
        let user = sweep.spec.sharing.user
        let cpus = sweep.spec.experiments[entry.experiment].resources.cpus
        if let left = FairShare(users, durable).cpusLeft(to: user), left < cpus,
            let most = users[user].cpus
        {
            sentences.append(
                "It needs \(cpus) CPUs, and \(user ?? "its user") has \(left) left of "
                    + "\(most) (`users` in the coordinator's file).")
        }
        return sentences
    }

    /// Workers of which it is said one by one why they do not take a trial.
    private static let explainedWorkers = 50

    /// A sentence for each label of `needed` that no worker of `connected` has.
    private func labelsNowhere(
        on connected: [WorkerID], needed resources: Resources
    ) -> [String] {
        resources.labels.all.compactMap { label in
            let isThere = connected.contains { sessions[$0]?.labels[label.name] == label.value }
            return isThere ? nil : "It needs \(label), which no connected worker has."
        }
    }

    /// What keeps a worker that is connected from taking a trial of `experiment` that is expected
    /// to run for some seconds.
    private func obstacle(
        on worker: WorkerID, to experiment: ExperimentSpec, _ claim: Claim, lasting seconds: Double
    ) -> String {
        guard let session = sessions[worker] else { return "is not connected" }
        let needs = experiment.resources
        if session.isExcluded {
            return "gets no trials for a while: \(durable[worker]?.exclusion?.reason ?? "")"
        }
        if session.isDraining {
            let reason = durable[worker]?.exclusion?.reason
            return "takes no further trials" + (reason.map { ": \($0)" } ?? "")
        }
        if needsDataSet(claim.sweep), !session.takesDataSets {
            return "runs a picoml that cannot fetch data sets: install this version there"
        }
        if let sentence = labelObstacle(on: session, to: needs) { return sentence }
        if let reservation = reservation(of: worker, on: session.host) {
            return reservation.claim == claim
                ? "is kept free for it, and will have room when what runs there has ended"
                : "is kept free for a trial of sweep \(reservation.claim.sweep) that waited long"
        }
        if needs.cpus > session.cpus {
            return "has \(session.cpus) CPUs, and the trial needs \(needs.cpus)"
        }
        let memory = needs.memoryBytes ?? 0
        if memory > session.memoryBytes {
            return "has \(mebibytes(session.memoryBytes)) of memory, and the trial needs "
                + mebibytes(memory)
        }
        let gpus = needs.gpus
        if UInt32(session.devices.count) * DeviceAmount.whole < gpus.thousandths {
            let count = session.devices.count
            let offer = count == 0 ? "no GPUs" : count == 1 ? "1 GPU" : "\(count) GPUs"
            return "has \(offer), and the trial needs \(gpus)"
        }
        if let leaving = session.leaving, (leaving - now).inSeconds < seconds {
            let left = max(0, Int((leaving - now).inSeconds))
            return "leaves in \(left) s, and the trial may take \(Int(seconds.rounded(.up))) s"
        }
        if let sentence = hostObstacle(on: session, to: needs) { return sentence }
        guard let (_, room) = session.vacancy(includesPrefetch: false, at: now) else {
            return "is busy: \(session.heldCPUs) of its \(session.cpus) CPUs are taken"
        }
        guard session.devices.places(for: gpus) != nil else {
            return
                "has \(session.devices.freeCount) of its \(session.devices.count) GPUs free, and "
                + "the trial needs \(gpus)"
        }
        guard room.fits(needs) else {
            return "has \(room.cpus) free CPUs and \(mebibytes(room.memoryBytes)) of memory left, "
                + "and the trial needs \(needs.cpus) and \(mebibytes(memory))"
        }
        return "has room for it; it is about to be placed"
    }

    private func labelObstacle(on session: Session, to needs: Resources) -> String? {
        let lacking = session.labels.lacking(needs.labels)
        guard !lacking.isEmpty else { return nil }
        let present = lacking.map { label in
            session.labels[label.name].map { "\(label.name)=\($0)" } ?? "no label \(label.name)"
        }
        return "has \(present.joined(separator: ", ")), and the trial needs "
            + lacking.map(\.description).joined(separator: ", ")
    }

    private func hostObstacle(on session: Session, to needs: Resources) -> String? {
        guard let occupancy = occupancy() else { return nil }
        if occupancy.isReserved(session.host) {
            return "is on a host that another trial has for itself"
        }
        let count = occupancy.leases(on: session.host)
        guard needs.isExclusive, count > 0 else { return nil }
        return "is on a host with \(count) \(count == 1 ? "trial" : "trials"), and the trial "
            + "needs one for itself"
    }

    private func name(of worker: WorkerID) -> String {
        "worker \(worker)" + (durable[worker].map { " (\($0.name))" } ?? "")
    }

    private func capitalised(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }

    private func mebibytes(_ bytes: UInt64) -> String { "\(bytes >> 20) MiB" }
}
