import Vocabulary

/// Learning curves and results: what counts, and what came too late.
extension Coordinator {
    mutating func take(_ report: MetricReport, from worker: WorkerID, on peer: PeerID) {
        let attempt = report.attempt
        guard isHeld(attempt, by: worker), let trial = durable[attempt.trial] else {
            note(.messageIgnored(worker, reason: "report of \(attempt), which it does not hold"))
            return
        }
        guard report.step > trial.step else { return }
        commit(.reported(report))
        guard let after = durable[attempt.trial], after.isPruneAdvised, !after.isPruneDecided
        else { return }
        commit(.pruneDecided(attempt))
        direct(.send(.stop(attempt, .pruned), to: peer))
    }

    mutating func take(
        _ checkpoint: Checkpoint, of attempt: AttemptID, from worker: WorkerID
    ) {
        guard isHeld(attempt, by: worker) else {
            let reason = "checkpoint of \(attempt), which it does not hold"
            note(.messageIgnored(worker, reason: reason))
            return
        }
        let kept = durable[attempt.trial.sweep]?.checkpoints[attempt.trial.number]
        guard checkpoint.step > kept?.latest?.step ?? 0 else { return }
        commit(.checkpointed(attempt, checkpoint))
        guard let kept, let goal = durable[attempt.trial.sweep]?.spec.objective else { return }
        for step in kept.replaced(by: checkpoint.objective, goal: goal) {
            commit(.checkpointReleased(attempt.trial, step: step))
        }
    }

    /// Gives up the checkpoints of an ended trial that its sweep does not keep.
    mutating func releaseCheckpoints(of trial: TrialID) {
        guard let kept = durable[trial.sweep]?.checkpoints[trial.number],
            let policy = durable[trial.sweep]?.spec.keptCheckpoint
        else { return }
        for step in kept.unkept(policy) { commit(.checkpointReleased(trial, step: step)) }
    }

    mutating func take(_ result: AttemptResult, from worker: WorkerID, on peer: PeerID) {
        let attempt = result.attempt
        guard isHeld(attempt, by: worker), let trial = durable[attempt.trial] else {
            direct(.send(.acknowledge(attempt, verdict(on: result, of: worker)), to: peer))
            return
        }
        count(result.outcome, message: result.message, of: attempt.trial.sweep, for: worker)
        sessions[worker]?.release(attempt)
        let (ended, objective) = judge(result, of: trial, in: attempt.trial.sweep)
        close(ended, trial: trial, objective: objective)
        direct(.send(.acknowledge(attempt, .committed), to: peer))
    }

    /// What to say to a result of an attempt that its sender does not hold.
    private mutating func verdict(on result: AttemptResult, of worker: WorkerID) -> Verdict {
        let attempt = result.attempt
        guard let trial = durable[attempt.trial], trial.state.isFinal,
            trial.attempt == attempt.number
        else {
            note(.resultSuperseded(attempt, worker))
            return .superseded
        }
        // What is kept is the result as it was judged, which may have made a failure of it.
        let judged = judge(result, of: trial, in: attempt.trial.sweep).0
        guard trial.fingerprint != judged.fingerprint else { return .committed }
        // The coordinator itself ends what is cancelled or lost; a late result is no lie then.
        guard trial.state != .failed(.cancelled), trial.state != .failed(.workerLost) else {
            note(.resultSuperseded(attempt, worker))
            return .superseded
        }
        note(
            .resultRejected(
                attempt, worker, reason: "it differs from the result already committed"))
        return .rejected
    }

    /// Whether `worker` holds `attempt` and it is the newest one: the fence.
    private func isHeld(_ attempt: AttemptID, by worker: WorkerID) -> Bool {
        guard let trial = durable[attempt.trial] else { return false }
        return trial.state == .running && trial.attempt == attempt.number
            && trial.worker == worker
    }

    /// Finds the objective of a result; a success without a usable one is a failure.
    private func judge(
        _ result: AttemptResult, of trial: TrialEntry, in sweep: SweepID
    ) -> (AttemptResult, Double?) {
        guard let objective = durable[sweep]?.spec.objective else { return (result, nil) }
        var result = result
        switch result.outcome {
        case .failed, .returned: return (result, nil)
        case .pruned: return (result, result.value(of: objective.metric) ?? trial.objective)
        case .succeeded: break
        }
        if case .score = trial.task { return (result, nil) }
        guard let value = result.value(of: objective.metric) else {
            result.outcome = .failed(.metricMissing)
            result.message =
                "the trainer ended without reporting \"\(objective.metric)\", the sweep's metric"
            return (result, nil)
        }
        guard value.isFinite else {
            result.outcome = .failed(.nonFiniteMetric)
            result.message = "\"\(objective.metric)\" is \(value)"
            return (result, nil)
        }
        return (result, value)
    }

    /// Ends an attempt that no worker will report on.
    mutating func end(_ attempt: AttemptID, as failure: FailureClass, _ message: String) {
        guard let trial = durable[attempt.trial], trial.state == .running,
            trial.attempt == attempt.number
        else { return }
        close(
            AttemptResult(attempt: attempt, outcome: .failed(failure), message: message),
            trial: trial, objective: nil)
    }

    private mutating func close(
        _ result: AttemptResult, trial: TrialEntry, objective: Double?
    ) {
        let sweep = result.attempt.trial.sweep
        guard let retries = durable[sweep]?.definition.spec.retries else { return }
        let next = retries.next(after: result.outcome, of: trial)
        commit(.attemptEnded(result, next: next, objective: next.isFinal ? objective : nil))
        if next.isFinal { releaseCheckpoints(of: result.attempt.trial) }
        touched.insert(sweep)
        guard durable[sweep]?.isHopeless ?? false, durable[sweep]?.phase == .searching else {
            return
        }
        let error = OpeningFailures.error(in: result.message) ?? "no reason was given"
        enter(sweep, .failed, reason: "every trial so far failed alike: \(error)")
    }
}

extension RetryPolicy {
    /// Where a trial goes when its newest attempt ends with `outcome`.
    func next(after outcome: Outcome, of trial: TrialEntry) -> TrialState {
        switch outcome {
        case .succeeded: return .succeeded
        case .pruned: return .pruned
        case .returned:
            return trial.attempt >= Limits.attemptsPerTrial ? .failed(.workerLost) : .waiting
        case .failed(.workerLost):
            let isLast =
                trial.lostAttempts + 1 >= lostAttempts || trial.attempt >= Limits.attemptsPerTrial
            return isLast ? .failed(.workerLost) : .waiting
        case .failed(let failure):
            let isLast =
                trial.failedAttempts + 1 >= attempts(endingWith: failure)
                || trial.attempt >= Limits.attemptsPerTrial
            return isLast ? .failed(failure) : .waiting
        }
    }
}
