import API
import Storage
import Vocabulary

extension TrialStanding {
    /// Where a trial stands, without why it failed.
    init(_ state: TrialState) {
        self =
            switch state {
            case .waiting: .waiting
            case .running: .running
            case .succeeded: .succeeded
            case .pruned: .pruned
            case .failed: .failed
            }
    }
}

extension TrialEntry {
    /// A trial of an experiment called `experiment`.
    init(_ row: TrialRow, experiment: String) {
        self.init(
            id: row.id, experiment: experiment, task: row.task.word,
            state: TrialStanding(row.state), failure: row.state.failure,
            objective: row.objective, parameters: row.parameters, attempts: Int(row.attempt),
            created: Timestamp(milliseconds: row.created),
            ended: row.ended.map(Timestamp.init(milliseconds:)))
    }
}

extension TrialDocument {
    /// A trial of an experiment called `experiment`; `names` are those of the workers.
    init(_ detail: TrialDetail, experiment: String, names: [WorkerID: String]) {
        let last = detail.attempts.last { $0.ended != nil }
        self.init(
            trial: TrialEntry(detail.row, experiment: experiment), seed: detail.row.seed,
            attempts: detail.attempts.map { attempt in
                AttemptDocument(
                    attempt, of: detail.row.id, workerName: names[attempt.worker] ?? "")
            }, metrics: last?.metrics ?? [], artifacts: last?.artifacts ?? [],
            checkpoints: detail.checkpoints)
    }
}

extension AttemptDocument {
    /// An attempt of `trial` on the worker called `workerName`.
    init(_ row: AttemptRow, of trial: TrialID, workerName: String) {
        self.init(
            id: AttemptID(trial: trial, number: row.number), worker: row.worker,
            workerName: workerName, started: Timestamp(milliseconds: row.started),
            ended: row.ended.map(Timestamp.init(milliseconds:)), outcome: row.outcome?.word,
            failure: row.outcome?.failure, seconds: row.seconds, message: row.message)
    }
}

extension TrialTask {
    fileprivate var word: String {
        switch self {
        case .search: "search"
        case .confirm: "confirm"
        case .score: "score"
        }
    }
}

extension TrialState {
    fileprivate var failure: FailureClass? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}

extension Outcome {
    fileprivate var word: String {
        switch self {
        case .succeeded: "succeeded"
        case .pruned: "pruned"
        case .failed: "failed"
        case .returned: "returned"
        }
    }

    fileprivate var failure: FailureClass? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}
