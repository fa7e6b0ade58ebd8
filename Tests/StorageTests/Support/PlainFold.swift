import Scheduling
import Vocabulary

/// What the tables must say, computed from the records without a database.
struct PlainFold {
    struct Trial: Equatable {
        var creation: TrialCreation
        var state = TrialState.waiting
        var objective: Double?
        var attempts: [UInt32: Attempt] = [:]
    }

    struct Attempt: Equatable {
        var worker: WorkerID
        var outcome: Outcome?
        var metrics: [Metric] = []
        var artifacts: [Artifact] = []
        var curve: [UInt64: [Metric]] = [:]
    }

    struct Sweep: Equatable {
        var spec: SweepSpec
        var source: String
        var seed: UInt64
        var phase = SweepPhase.searching
        var isPaused = false
        var isExhausted = [false, false]
    }

    private(set) var sweeps: [SweepID: Sweep] = [:]
    private(set) var trials: [TrialID: Trial] = [:]

    mutating func apply(_ record: Record) {
        switch record {
        case .sweepSubmitted(let sweep, let spec, let source, let seed):
            sweeps[sweep] = Sweep(spec: spec, source: source, seed: seed)
        case .sweepEntered(let sweep, let phase, _):
            sweeps[sweep]?.phase = phase
            for id in trials.keys where id.sweep == sweep { cancel(id) }
        case .sweepPaused(let sweep, let isPaused): sweeps[sweep]?.isPaused = isPaused
        case .experimentExhausted(let sweep, let experiment):
            sweeps[sweep]?.isExhausted[Int(experiment)] = true
        case .trialCreated(let creation): trials[creation.trial] = Trial(creation: creation)
        case .attemptStarted(let attempt, let worker, _):
            trials[attempt.trial]?.state = .running
            trials[attempt.trial]?.attempts[attempt.number] = Attempt(worker: worker)
        case .reported(let report):
            trials[report.attempt.trial]?.attempts[report.attempt.number]?.curve[report.step] =
                report.metrics
        case .attemptEnded(let result, let next, let objective):
            let id = result.attempt.trial
            trials[id]?.state = next
            trials[id]?.objective = objective
            trials[id]?.attempts[result.attempt.number]?.outcome = result.outcome
            trials[id]?.attempts[result.attempt.number]?.metrics = result.metrics
            trials[id]?.attempts[result.attempt.number]?.artifacts = result.artifacts
        default: break
        }
    }

    private mutating func cancel(_ id: TrialID) {
        guard let trial = trials[id], !trial.state.isFinal else { return }
        trials[id]?.state = .failed(.cancelled)
        for (number, attempt) in trial.attempts where attempt.outcome == nil {
            trials[id]?.attempts[number]?.outcome = .failed(.cancelled)
        }
    }

    /// The trials of `sweep`, oldest first.
    func trials(of sweep: SweepID) -> [Trial] {
        trials.keys.filter { $0.sweep == sweep }.sorted().compactMap { trials[$0] }
    }

    /// The search trials of `sweep` that succeeded, best first.
    func leaderboard(of sweep: SweepID) -> [Trial] {
        let sign: Double = sweeps[sweep]?.spec.objective.goal == .maximize ? -1 : 1
        return trials(of: sweep)
            .filter { $0.creation.task == .search && $0.state == .succeeded }
            .sorted { left, right in
                let keys = (sign * (left.objective ?? 0), sign * (right.objective ?? 0))
                return keys.0 == keys.1
                    ? left.creation.trial < right.creation.trial : keys.0 < keys.1
            }
    }
}
