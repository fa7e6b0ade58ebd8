import API
import Scheduling
import Storage
import Vocabulary

extension Phase {
    /// What the scheduler calls by the same name.
    init(_ phase: SweepPhase) {
        self =
            switch phase {
            case .searching: .searching
            case .confirming: .confirming
            case .judging: .judging
            case .finished: .finished
            case .failed: .failed
            case .cancelled: .cancelled
            }
    }
}

extension TrialCounts {
    /// The trials of the search of one experiment.
    init(_ row: ExperimentRow) {
        self.init(
            waiting: row.waiting, running: row.running, succeeded: row.succeeded,
            pruned: row.pruned, failed: row.failed)
    }

    /// The trials in `rows`.
    init(_ rows: [TrialRow]) {
        self.init()
        for row in rows {
            switch row.state {
            case .waiting: waiting += 1
            case .running: running += 1
            case .succeeded: succeeded += 1
            case .pruned: pruned += 1
            case .failed: failed += 1
            }
        }
    }

    /// The trials of both.
    static func + (left: TrialCounts, right: TrialCounts) -> TrialCounts {
        TrialCounts(
            waiting: left.waiting + right.waiting, running: left.running + right.running,
            succeeded: left.succeeded + right.succeeded, pruned: left.pruned + right.pruned,
            failed: left.failed + right.failed)
    }
}

extension BestTrial {
    /// The best trial of a sweep whose experiments are `experiments`; nil when `row` has no
    /// objective.
    init?(_ row: TrialRow, of experiments: [ExperimentRow]) {
        guard let objective = row.objective else { return nil }
        self.init(
            trial: row.id, experiment: experiments.name(at: row.experiment),
            objective: objective, parameters: row.parameters)
    }
}

extension SweepEntry {
    /// A sweep with its best trial.
    init(_ row: SweepRow, best: TrialRow?, target: Double? = nil) {
        self.init(
            id: row.id, name: row.name, model: row.model, phase: Phase(row.phase),
            reason: row.reason, paused: row.isPaused,
            objective: Objective(metric: row.metric, goal: row.goal, target: target),
            submitted: Timestamp(milliseconds: row.submitted),
            ended: row.ended.map(Timestamp.init(milliseconds:)),
            trials: row.experiments.map(TrialCounts.init).reduce(TrialCounts(), +),
            best: best.flatMap { BestTrial($0, of: row.experiments) })
    }
}

extension ExperimentDocument {
    /// An experiment with its best trial.
    init(_ row: ExperimentRow, best: BestTrial?, of spec: SweepSpec) {
        let space = spec.experiments.first { $0.name == row.name }?.space
        let constants = space?.parameters.filter { parameter in
            if case .constant = parameter.domain { return parameter.condition == nil }
            return false
        }
        self.init(
            name: row.name, trainer: row.trainer, sampler: row.sampler,
            constants: constants?.map(\.name) ?? [],
            total: row.isExhausted ? row.created : row.planned, trials: TrialCounts(row),
            best: best)
    }
}

extension [ExperimentRow] {
    /// The name of the experiment at `position`.
    func name(at position: UInt32) -> String {
        first { $0.position == position }?.name ?? ""
    }
}
