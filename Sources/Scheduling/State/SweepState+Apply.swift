import DequeModule
import Search
import Vocabulary

/// How each record changes a sweep.
extension SweepState {
    mutating func apply(_ creation: TrialCreation) {
        precondition(
            Int(creation.trial.number) == trials.count + 1,
            "trial \(creation.trial) is out of order")
        let entry = TrialEntry(creation)
        trials.append(entry)
        openTrials += 1
        experiments[entry.experiment].waiting.append(creation.trial.number)
        if case .search = entry.task { experiments[entry.experiment].created += 1 }
    }

    mutating func start(_ attempt: AttemptID, on worker: WorkerID, with devices: [UInt32]) {
        let index = Int(attempt.trial.number) - 1
        let experiment = trials[index].experiment
        if experiments[experiment].waiting.first == attempt.trial.number {
            experiments[experiment].waiting.removeFirst()
        } else {
            experiments[experiment].waiting.removeAll { $0 == attempt.trial.number }
        }
        experiments[experiment].running += 1
        let checkpoint = checkpoints[attempt.trial.number]?.latest
        if attempt.number > 1, checkpoint == nil {
            experiments[experiment].pruner.restart(trial: attempt.trial.number)
            trials[index].prunedStep = 0
        }
        trials[index].state = .running
        trials[index].attempt = attempt.number
        trials[index].worker = worker
        trials[index].devices = devices
        trials[index].step = checkpoints[attempt.trial.number]?.reportedStep ?? 0
        trials[index].objective = nil
        trials[index].isPruneAdvised = false
        trials[index].isPruneDecided = false
    }

    mutating func apply(_ report: MetricReport) {
        let number = report.attempt.trial.number
        let index = Int(number) - 1
        trials[index].step = report.step
        guard
            let value = report.metrics.first(where: { $0.name == spec.objective.metric })?.value,
            value.isFinite
        else { return }
        trials[index].objective = value
        // What is repeated after a resumption was seen already.
        guard trials[index].task == .search, report.step > trials[index].prunedStep else { return }
        trials[index].prunedStep = report.step
        let experiment = trials[index].experiment
        if experiments[experiment].pruner.observe(trial: number, step: report.step, value: value) {
            trials[index].isPruneAdvised = true
        }
    }

    mutating func apply(_ checkpoint: Checkpoint, of attempt: AttemptID) {
        checkpoints[attempt.trial.number, default: TrialCheckpoints()]
            .add(
                checkpoint, reportedStep: trials[Int(attempt.trial.number) - 1].step,
                goal: spec.objective)
    }

    mutating func end(_ result: AttemptResult, next: TrialState, objective: Double?) {
        let number = result.attempt.trial.number
        let index = Int(number) - 1
        let experiment = trials[index].experiment
        switch result.outcome {
        case .failed(.workerLost): trials[index].lostAttempts += 1
        case .failed: trials[index].failedAttempts += 1
        case .succeeded, .pruned, .returned: break
        }
        experiments[experiment].running -= 1
        if result.outcome == .succeeded || result.outcome == .returned {
            experiments[experiment].longestSeconds = max(
                experiments[experiment].longestSeconds, result.seconds)
        }
        trials[index].worker = nil
        trials[index].state = next
        trials[index].objective = objective
        guard next.isFinal else {
            experiments[experiment].waiting.prepend(number)
            return
        }
        openTrials -= 1
        if case .failed(let failure) = next {
            openingFailures = openingFailures?.adding(failure, result.message)
        } else {
            openingFailures = nil
        }
        trials[index].fingerprint = result.fingerprint
        trials[index].artifacts = result.artifacts
        guard trials[index].task == .search else {
            trials[index].metrics = result.metrics
            return
        }
        // What a failed trial reported must not judge others.
        if case .failed = next {
            experiments[experiment].pruner.restart(trial: number)
        } else {
            experiments[experiment].pruner.finish(trial: number)
        }
        guard next == .succeeded, let objective else { return }
        if spec.experiments[experiment].sampler.learns { lead(number, with: objective) }
        if experiments[experiment].best.map({ spec.objective.isBetter(objective, than: $0) })
            ?? true
        {
            experiments[experiment].best = objective
        }
    }

    /// Puts a trial among the best of its experiment if it belongs there.
    private mutating func lead(_ number: UInt32, with objective: Double) {
        let experiment = trials[Int(number) - 1].experiment
        let leaders = experiments[experiment].leaders
        let place = leaders.firstIndex {
            trials[Int($0) - 1].objective.map { spec.objective.isBetter(objective, than: $0) }
                ?? true
        }
        experiments[experiment].leaders.insert(number, at: place ?? leaders.count)
        experiments[experiment].leaders.removeLast(max(0, leaders.count + 1 - Observation.leaders))
    }

    mutating func enter(_ phase: SweepPhase) {
        self.phase = phase
        for index in trials.indices where !trials[index].state.isFinal {
            trials[index].state = .failed(.cancelled)
            trials[index].worker = nil
        }
        for index in experiments.indices {
            experiments[index].waiting.removeAll()
            experiments[index].running = 0
            experiments[index].isExhausted = true
        }
        openTrials = 0
    }
}
