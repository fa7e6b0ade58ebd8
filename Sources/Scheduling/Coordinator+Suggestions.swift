import Search
import Vocabulary

/// Keeps enough points ready that no worker waits for the search pool.
extension Coordinator {
    mutating func requestSuggestions() {
        var window: UInt32 = 0
        for worker in sessions.keys.sorted() {
            guard let session = sessions[worker], session.peer != nil else { continue }
            window = min(window + session.cpus + session.prefetch, 1 << 24)
        }
        for sweep in durable.openSweeps {
            guard let state = durable[sweep], state.phase == .searching, !state.isPaused
            else { continue }
            for index in state.experiments.indices { request(index, of: state, window: window) }
        }
    }

    private mutating func request(_ index: Int, of state: SweepState, window: UInt32) {
        let experiment = state.experiments[index]
        let spec = state.spec.experiments[index]
        // What learns is asked late: each point that waits was chosen knowing less.
        let ahead = spec.sampler.learns ? max(window / 8, 1) : max(2 * window, 16)
        guard asked[state.id]?[index] != true, !experiment.isExhausted,
            experiment.created < spec.trials, experiment.waiting.count <= Int(ahead / 2)
        else { return }
        let count = min(
            ahead, spec.trials - experiment.created, UInt32(Limits.suggestionsPerRequest))
        asked[
            state.id, default: Array(repeating: false, count: state.experiments.count)
        ][index] = true
        direct(
            .suggest(
                SuggestionRequest(
                    sweep: state.id, experiment: UInt32(index), sampler: spec.sampler,
                    space: spec.space, history: history(ofExperiment: index, in: state),
                    first: experiment.created, count: count,
                    seed: state.definition.seed(ofExperiment: index))))
    }

    /// What a sampler that learns is to know; empty for others.
    private func history(ofExperiment index: Int, in state: SweepState) -> [Observation] {
        guard state.spec.experiments[index].sampler.learns else { return [] }
        var newest: [Int] = []
        var next = state.trials.count
        while next > 0, newest.count < Observation.newest {
            next -= 1
            guard state.trials[next].experiment == index, state.trials[next].task == .search
            else { continue }
            newest.append(next)
        }
        // All that are left out lie before the last one that was looked at.
        let leaders = state.experiments[index].leaders.map { Int($0) - 1 }.filter { $0 < next }
        return (leaders.sorted() + newest.reversed()).compactMap { place in
            state.trials[place].observed(for: state.spec.objective.goal).map {
                Observation(state.trials[place].parameters, $0)
            }
        }
    }

    mutating func take(_ suggestions: Suggestions) {
        let index = Int(suggestions.experiment)
        guard let definition = durable[suggestions.sweep]?.definition,
            definition.spec.experiments.indices.contains(index)
        else { return }
        asked[suggestions.sweep]?[index] = false
        guard durable[suggestions.sweep]?.phase == .searching,
            durable[suggestions.sweep]?.experiments[index].created == suggestions.first
        else { return }
        for point in suggestions.points {
            create(.search, experiment: index, parameters: point, in: definition)
        }
        let created = suggestions.first + UInt32(suggestions.points.count)
        let isComplete = created >= definition.spec.experiments[index].trials
        guard isComplete || suggestions.points.count < Int(suggestions.asked) else { return }
        commit(
            .experimentExhausted(suggestions.sweep, experiment: suggestions.experiment))
        touched.insert(suggestions.sweep)
    }

    /// Makes the next trial of a sweep.
    mutating func create(
        _ task: TrialTask, experiment: Int, parameters: [Assignment],
        in definition: SweepDefinition
    ) {
        let number = UInt32((durable[definition.id]?.trials.count ?? 0) + 1)
        commit(
            .trialCreated(
                TrialCreation(
                    trial: TrialID(sweep: definition.id, number: number),
                    experiment: UInt32(experiment), task: task, parameters: parameters,
                    seed: definition.seed(ofTrial: number))))
    }
}

extension TrialEntry {
    /// What a sampler is to know of a trial; nil when it is not known itself.
    fileprivate func observed(for goal: Objective.Goal) -> Observation.Outcome? {
        let cost = objective.map { goal == .minimize ? $0 : -$0 }
        return switch state {
        case .waiting, .running: .pending
        case .succeeded: cost.map { .succeeded(cost: $0) }
        case .pruned: cost.map { .stopped(step: step, cost: $0) }
        case .failed(let failure): failure.isOfParameters ? .infeasible : .lost
        }
    }
}
