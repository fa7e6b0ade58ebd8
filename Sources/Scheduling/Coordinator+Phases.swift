import DequeModule
import Registry
import Vocabulary

/// How a sweep goes from searching to a champion.
extension Coordinator {
    /// Moves sweeps on for which something happened in this batch.
    mutating func advanceSweeps() {
        for sweep in touched.sorted() { advance(sweep) }
        touched.removeAll()
    }

    private mutating func advance(_ sweep: SweepID) {
        guard let state = durable[sweep] else { return }
        switch state.phase {
        case .searching: if state.isSearchOver { confirm(sweep) }
        case .confirming: if state.openTrials == 0 { judge(sweep) }
        case .judging: if judging[sweep] == nil { judge(sweep) }
        case .finished, .failed, .cancelled: break
        }
    }

    /// Changes a sweep's phase and takes back what still runs of it.
    mutating func enter(_ sweep: SweepID, _ phase: SweepPhase, reason: String) {
        release(sweep)
        for trial in openTrialsWithCheckpoints(of: sweep) { releaseCheckpoints(of: trial) }
        commit(.sweepEntered(sweep, phase, reason: reason))
        note(.sweepEntered(sweep, phase, reason: reason))
        guard phase.isFinal else { return }
        asked[sweep] = nil
        judging[sweep] = nil
    }

    /// The open trials that will end with the sweep's phase and have checkpoints.
    private func openTrialsWithCheckpoints(of sweep: SweepID) -> [TrialID] {
        guard let state = durable[sweep], state.openTrials > 0 else { return [] }
        return state.checkpoints.keys.sorted()
            .filter { !(state.trial($0)?.state.isFinal ?? true) }
            .map { TrialID(sweep: sweep, number: $0) }
    }

    private mutating func release(_ sweep: SweepID) {
        guard durable[sweep]?.openTrials ?? 0 > 0 else { return }
        for worker in sessions.keys.sorted() {
            guard let session = sessions[worker] else { continue }
            for lease in session.leases where lease.attempt.trial.sweep == sweep {
                guard let peer = session.peer else { continue }
                direct(.send(.stop(lease.attempt, .cancelled), to: peer))
            }
            sessions[worker]?.release { $0.attempt.trial.sweep == sweep }
        }
    }

    /// The search is over: the best are trained again, or the sweep ends.
    private mutating func confirm(_ sweep: SweepID) {
        guard let state = durable[sweep] else { return }
        let candidates = state.candidates
        guard !candidates.isEmpty else {
            enter(sweep, .failed, reason: "no trial ended with a usable result")
            return
        }
        guard let policy = state.spec.promotion, let model = state.spec.model else {
            enter(sweep, .finished, reason: "every trial has ended")
            return
        }
        enter(sweep, .confirming, reason: "every trial has ended; finalists train again")
        let finalists = Shortlist.finalists(
            of: candidates, goal: state.spec.objective.goal, count: Int(policy.finalists))
        for finalist in finalists {
            for _ in 0..<policy.seeds { create(.confirm(finalist: finalist), like: finalist) }
        }
        if let champion = durable.registry.champion(of: model), let first = finalists.first {
            create(.score(model: model, version: champion.number), like: first)
        }
    }

    private mutating func create(_ task: TrialTask, like trial: TrialID) {
        guard let definition = durable[trial.sweep]?.definition, let entry = durable[trial]
        else { return }
        create(
            task, experiment: entry.experiment, parameters: entry.parameters, in: definition)
    }

    /// The finalists are trained: the winner meets the champion.
    private mutating func judge(_ sweep: SweepID) {
        guard let state = durable[sweep], let model = state.spec.model,
            let policy = state.spec.promotion
        else { return }
        guard let winner = state.confirmedWinner,
            let losses = state.losses(of: winner.trial.number)
        else {
            enter(sweep, .failed, reason: "no finalist could be trained again")
            return
        }
        let champion = durable.registry.champion(of: model)
        let score = champion.flatMap { state.score(of: $0.number) }
        if let champion, score == nil {
            rescore(champion, for: winner.finalist, in: state)
            return
        }
        if state.phase != .judging {
            enter(sweep, .judging, reason: "the winner of the search meets the champion")
        }
        guard champion == nil || score?.losses != nil else {
            let problem = "the champion could not be scored on the data of this sweep"
            conclude(sweep, .impossible(problem), winner: winner.trial)
            return
        }
        judging.updateValue(champion?.number, forKey: sweep)
        direct(
            .judge(
                JudgementRequest(
                    sweep: sweep, challenger: losses, champion: score?.losses, policy: policy,
                    seed: state.definition.seed)))
    }

    /// The champion changed since the last one was scored: the new one is scored as well.
    private mutating func rescore(
        _ champion: ModelVersion, for finalist: TrialID, in state: SweepState
    ) {
        if state.phase != .confirming {
            enter(state.id, .confirming, reason: "the champion changed meanwhile")
        }
        create(.score(model: champion.model, version: champion.number), like: finalist)
    }

    /// The search pool has compared.
    mutating func take(_ judgement: Judgement, for sweep: SweepID) {
        guard let opponent = judging.removeValue(forKey: sweep), let state = durable[sweep],
            let winner = state.confirmedWinner, let model = state.spec.model
        else { return }
        // The champion of that moment may be another one by now, scored here already or not.
        guard durable.registry.champion(of: model)?.number == opponent else {
            judge(sweep)
            return
        }
        conclude(sweep, judgement, winner: winner.trial)
    }
}
