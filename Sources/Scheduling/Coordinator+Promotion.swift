import Registry
import Vocabulary

/// What the gate's verdict does to the registry.
extension Coordinator {
    /// Registers the winner, moves the aliases in the same batch, and ends the sweep.
    mutating func conclude(_ sweep: SweepID, _ judgement: Judgement, winner: TrialID) {
        guard let state = durable[sweep], let model = state.spec.model,
            let trial = state.trial(winner.number)
        else { return }
        let lineage = Lineage(
            sweep: sweep, trial: winner,
            experiment: state.spec.experiments[trial.experiment].name,
            trainer: state.spec.experiments[trial.experiment].trainer,
            parameters: trial.parameters, seed: trial.seed, data: state.spec.data,
            software: Software.version, metrics: trial.metrics)
        let artifacts = trial.artifacts.filter(\.isModelFile)
        do throws(RegistryError) {
            try change(
                durable.registry.register(model: model, artifacts: artifacts, lineage: lineage))
            switch judgement {
            case .impossible(let problem):
                enter(sweep, .finished, reason: "the champion stays: \(problem)")
            case .report(let report):
                commit(.gateJudged(sweep, report, winner: winner))
                try move(model, to: winner, report: report, decision: "sweep-\(sweep)")
                enter(sweep, .finished, reason: report.reason)
            }
        } catch {
            enter(sweep, .failed, reason: "the registry refused the winner: \(error)")
        }
    }

    private mutating func move(
        _ model: String, to winner: TrialID, report: GateReport, decision: String
    ) throws(RegistryError) {
        guard let version = durable.registry.version(model, of: winner) else { return }
        let challenger = "challenger"
        try change(
            durable.registry.move(
                challenger, of: model, to: version.number,
                expecting: durable.registry.alias(challenger, of: model)?.number,
                decision: "\(decision)-\(challenger)", actor: "gate", reason: report.reason))
        guard report.verdict == .promote else { return }
        try change(
            durable.registry.promote(
                model: model, version: version.number,
                expecting: durable.registry.champion(of: model)?.number, decision: decision,
                actor: "gate", reason: report.reason))
        note(.championChanged(model: model, version: version.number, reason: report.reason))
    }

    private mutating func change(_ changes: [RegistryChange]) {
        for change in changes { commit(.registryChanged(change)) }
    }
}

extension Coordinator {
    /// The version that a task scores.
    func version(toScoreIn task: TrialTask) -> ModelVersion? {
        guard case .score(let model, let number) = task else { return nil }
        return durable.registry.version(model, number)
    }
}

extension Artifact {
    /// Trainers put what makes the model under `model/`.
    fileprivate var isModelFile: Bool { name.hasPrefix("model/") }
}

extension SweepState {
    /// Whether no further search trial will end: all points are tried, or one is good enough.
    var isSearchOver: Bool {
        if experiments.contains(where: { $0.best.map(spec.objective.isReached) ?? false }) {
            return true
        }
        return openTrials == 0 && experiments.allSatisfy(\.isExhausted)
    }

    /// The search trials that succeeded, with what counts for them.
    var candidates: [(trial: TrialID, value: Double)] {
        trials.enumerated().compactMap { index, trial in
            guard trial.task == .search, trial.state == .succeeded,
                let objective = trial.objective
            else { return nil }
            return (TrialID(sweep: id, number: UInt32(index + 1)), objective)
        }
    }

    /// The finalist that is best over its fresh seeds, with the training that stands for it.
    var confirmedWinner: (finalist: TrialID, trial: TrialID)? {
        var confirmations: [Confirmation] = []
        for (index, trial) in trials.enumerated() {
            guard case .confirm(let finalist) = trial.task, trial.state == .succeeded,
                let objective = trial.objective
            else { continue }
            confirmations.append(
                Confirmation(
                    finalist: finalist, trial: TrialID(sweep: id, number: UInt32(index + 1)),
                    value: objective))
        }
        return Shortlist.winner(confirmations: confirmations, goal: spec.objective.goal)
            .map { ($0.finalist, $0.representative) }
    }

    /// The losses on the gate's rows that a trial stored.
    func losses(of number: UInt32) -> Digest? {
        trial(number)?.artifacts.first { $0.name == "losses.npy" }?.digest
    }

    /// The trial that scored `version`, with its losses unless it failed; nil when there is none.
    func score(of version: UInt32) -> (trial: UInt32, losses: Digest?)? {
        for (index, trial) in trials.enumerated().reversed() {
            guard case .score(_, version) = trial.task, trial.state.isFinal else { continue }
            return (UInt32(index + 1), losses(of: UInt32(index + 1)))
        }
        return nil
    }
}
