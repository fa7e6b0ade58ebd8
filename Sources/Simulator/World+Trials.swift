import Execution
import Vocabulary

/// Trial processes on the simulated hosts.
extension World {
    func launch(_ lease: Lease, cores: [UInt32], on worker: SimulatedWorker) {
        executionChecker.launch(lease, cores: cores, on: worker)
        let trial = SimulatedTrial(
            lease, options: faults, seconds: meanSeconds, quality: quality(of: lease), seed: seed)
        worker.processes.append(SimulatedProcess(lease: lease, cores: cores, trial: trial))
        queue.schedule(
            .report(worker.index, incarnation: worker.incarnation, lease.attempt),
            at: now + trial.pace)
    }

    /// How good a model comes out: what the parameters say, and some luck of the seed.
    private func quality(of lease: Lease) -> Double {
        if let file = lease.model.first { return store.quality(file.digest) ?? 1 }
        let sum = lease.parameters.reduce(0.0) { $0 + ($1.value.number ?? 0.5) }
        var luck = RandomSource(seed: lease.seed)
        return sum + luck.nextUnit() * 0.1
    }

    private func position(of attempt: AttemptID, on worker: SimulatedWorker) -> Int? {
        worker.processes.firstIndex { $0.lease.attempt == attempt }
    }

    func report(_ attempt: AttemptID, on worker: SimulatedWorker) {
        guard let index = position(of: attempt, on: worker),
            !worker.processes[index].isStopped
        else { return }
        let process = worker.processes[index]
        guard process.steps < process.trial.curve.count else {
            end(attempt, on: worker, after: .zero)
            return
        }
        var value = process.trial.curve[process.steps]
        worker.processes[index].steps += 1
        let step = UInt64(process.steps + 1)
        if case .notFinite = process.trial.ending, process.steps == process.trial.curve.count / 2 {
            value = .nan
        }
        let metric = process.lease.objective.metric
        let isSilent =
            if case .success(value: nil) = process.trial.ending { true } else { false }
        tell(
            worker,
            .reported(
                MetricReport(
                    attempt: attempt, step: step,
                    metrics: [Metric(isSilent ? "other" : metric, value)])))
        if random.chance(0.3) {
            tell(worker, .checkpointed(attempt, step: step, path: "checkpoint-\(step)"))
        }
        queue.schedule(
            .report(worker.index, incarnation: worker.incarnation, attempt),
            at: now + process.trial.pace)
    }

    func interrupt(_ attempt: AttemptID, on worker: SimulatedWorker) {
        guard let index = position(of: attempt, on: worker) else { return }
        worker.processes[index].isStopped = true
        // A trainer that never looks is ended by force later.
        guard random.chance(0.7) else { return }
        end(attempt, on: worker, after: random.span(upTo: .seconds(2)))
    }

    func kill(_ attempt: AttemptID, on worker: SimulatedWorker) {
        guard let index = position(of: attempt, on: worker) else { return }
        worker.processes[index].isStopped = true
        worker.processes[index].isKilled = true
        end(attempt, on: worker, after: random.span(upTo: .milliseconds(50)))
    }

    private func end(_ attempt: AttemptID, on worker: SimulatedWorker, after span: Duration) {
        guard let index = position(of: attempt, on: worker) else { return }
        worker.processes[index].ticket += 1
        queue.schedule(
            .processEnd(
                worker.index, incarnation: worker.incarnation, attempt,
                ticket: worker.processes[index].ticket), at: now + span)
    }

    func finish(_ attempt: AttemptID, on worker: SimulatedWorker, ticket: UInt64) {
        guard let index = position(of: attempt, on: worker),
            worker.processes[index].ticket == ticket
        else { return }
        let process = worker.processes.remove(at: index)
        // On a network that loses messages the curve may have gaps.
        if !faults.isHarsh {
            journalChecker.draw(attempt, points: process.steps - process.firstStep)
        }
        tell(worker, .ended(result(of: process)))
    }

    private func result(of process: SimulatedProcess) -> AttemptResult {
        let lease = process.lease
        var result = AttemptResult(
            attempt: lease.attempt, outcome: .failed(.trainerError),
            seconds: process.trial.pace.inSeconds * Double(process.steps + 1))
        guard !process.isKilled, case .success(let value) = process.trial.ending else {
            return result
        }
        result.outcome = .succeeded
        let reached = process.isStopped ? process.trial.curve.prefix(process.steps).last : value
        if let reached { result.metrics = [Metric(lease.objective.metric, reached)] }
        journalChecker.produce(lease.attempt, value: reached ?? 0)
        if case .search = lease.task { return result }
        result.artifacts = files(of: process)
        return result
    }

    /// What a training for the gate leaves behind.
    private func files(of process: SimulatedProcess) -> [Artifact] {
        let losses = random.digest()
        var version: UInt32?
        if case .score(_, let number) = process.lease.task { version = number }
        store.make(
            losses: SimulatedTrial.losses(quality: process.trial.quality, seed: seed),
            of: version, as: losses)
        var files = [Artifact(name: "losses.npy", digest: losses, byteCount: 240)]
        guard version == nil else { return files }
        let model = random.digest()
        store.make(quality: process.trial.quality, as: model)
        files.append(Artifact(name: "model/model.json", digest: model, byteCount: 1000))
        return files
    }
}
