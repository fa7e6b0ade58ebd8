import GRDB
package import Vocabulary

/// A trial as lists show it.
package struct TrialRow: Hashable, Sendable {
    /// Its name.
    package var id: TrialID
    /// The position of its experiment in the sweep, from 0.
    package var experiment: UInt32
    /// What it is to do.
    package var task: TrialTask
    /// Where it stands.
    package var state: TrialState
    /// What counts for it; nil before it ended with a value.
    package var objective: Double?
    /// The point of the search space.
    package var parameters: [Assignment]
    /// Seed of the trainer's random choices.
    package var seed: UInt64
    /// The number of its newest attempt; 0 before the first.
    package var attempt: UInt32
    /// When it was made, in milliseconds since 1970.
    package var created: Int64
    /// When it ended, in milliseconds since 1970; nil while it is open.
    package var ended: Int64?

    /// The columns that `init` reads, of the view `trial_states`.
    static let columns = """
        id, experiment, task, finalist, scored_model, scored_version, seed, created, ended, stage,
        failure, objective, parameters,
        (SELECT max(number) FROM attempts WHERE trial = trial_states.id) AS attempt
        """

    init(row: Row) throws {
        let key: Int64 = row["id"]
        guard let state = TrialState(stage: row["stage"], failure: row["failure"]),
            let task = TrialTask(row: row)
        else { throw UnreadableRow(table: "trials", row: key) }
        id = TrialID(row: key)
        experiment = row["experiment"]
        self.task = task
        self.state = state
        objective = row["objective"]
        parameters = FlatObject.assignments(row["parameters"])
        seed = UInt64(bitPattern: row["seed"] as Int64)
        attempt = row["attempt"] ?? 0
        created = row["created"]
        ended = row["ended"]
    }
}

extension TrialTask {
    fileprivate init?(row: Row) {
        switch row["task"] as String {
        case "search": self = .search
        case "confirm":
            guard let finalist = row["finalist"] as Int64? else { return nil }
            self = .confirm(finalist: TrialID(row: finalist))
        case "score":
            guard let model = row["scored_model"] as String?,
                let version = row["scored_version"] as UInt32?
            else { return nil }
            self = .score(model: model, version: version)
        default: return nil
        }
    }
}

extension TrialState {
    fileprivate init?(stage: String, failure: String?) {
        switch stage {
        case "waiting": self = .waiting
        case "running": self = .running
        case "succeeded": self = .succeeded
        case "pruned": self = .pruned
        case "failed":
            guard let failure = failure.flatMap(FailureClass.init(rawValue:)) else { return nil }
            self = .failed(failure)
        default: return nil
        }
    }
}

/// Which trials a page has.
package struct TrialFilter: Hashable, Sendable {
    /// Where a trial stands, without why it failed.
    package enum Stage: String, Hashable, Sendable, Codable, CaseIterable {
        /// To be placed on a worker.
        case waiting
        /// Leased to a worker.
        case running
        /// Ended with a value.
        case succeeded
        /// Stopped early.
        case pruned
        /// Ended without a value.
        case failed
    }

    /// Only trials of the experiment at this position; nil for all.
    package var experiment: UInt32?
    /// Only trials that stand there; nil for all.
    package var stage: Stage?

    /// Trials of `experiment` that stand at `stage`.
    package init(experiment: UInt32? = nil, stage: Stage? = nil) {
        self.experiment = experiment
        self.stage = stage
    }
}

/// A trial with everything that is known of it, but its learning curve.
package struct TrialDetail: Hashable, Sendable {
    /// What lists show.
    package var row: TrialRow
    /// Its executions, oldest first.
    package var attempts: [AttemptRow]
    /// The checkpoints that are kept of it, by growing step.
    package var checkpoints: [Checkpoint]
}

/// One execution of a trial.
package struct AttemptRow: Hashable, Sendable {
    /// Its number, from 1.
    package var number: UInt32
    /// Who had it.
    package var worker: WorkerID
    /// When it was leased, in milliseconds since 1970.
    package var started: Int64
    /// When the pruner gave up on it, in milliseconds since 1970; nil when it did not.
    package var pruned: Int64?
    /// When it ended, in milliseconds since 1970; nil while it runs.
    package var ended: Int64?
    /// How it ended; nil while it runs.
    package var outcome: Outcome?
    /// Its wall time on the worker in seconds; nil when unknown.
    package var seconds: Double?
    /// What a person should know; may be empty.
    package var message: String
    /// Its final metrics.
    package var metrics: [Metric]
    /// Its files, in the order of their names.
    package var artifacts: [Artifact]

    init(row: Row, artifacts: [Artifact]) {
        number = row["number"]
        worker = WorkerID(row["worker"])
        started = row["started"]
        pruned = row["pruned"]
        ended = row["ended"]
        let name = row["outcome"] as String?
        outcome = name.flatMap { Outcome(name: $0, failure: row["failure"]) }
        seconds = row["seconds"]
        message = row["message"] ?? ""
        metrics = (row["metrics"] as String?).map(FlatObject.metrics) ?? []
        self.artifacts = artifacts
    }
}

/// A metric over the steps of one attempt.
package struct MetricSeries: Hashable, Sendable {
    /// One value.
    package struct Point: Hashable, Sendable {
        /// The resource spent.
        package var step: UInt64
        /// The value; NaN when the trainer reported that.
        package var value: Double
    }

    /// The metric's name.
    package var name: String
    /// Its values in the order of the steps.
    package var points: [Point]
}
