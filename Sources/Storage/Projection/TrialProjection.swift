import GRDB
import Scheduling
import Vocabulary

/// The statements that run for every trial, prepared once for each batch.
struct TrialStatements {
    let createTrial: PreparedStatement
    let openTrial: PreparedStatement
    let endTrial: PreparedStatement
    let startAttempt: PreparedStatement
    let pruneAttempt: PreparedStatement
    let checkpointAttempt: PreparedStatement
    let endAttempt: PreparedStatement
    let addMetric: PreparedStatement
    let addArtifact: PreparedStatement

    init(_ database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement {
            try PreparedStatement(database, sql)
        }
        createTrial = try prepare(
            """
            INSERT INTO trials (id, experiment, task, finalist, scored_model, scored_version, seed,
                created, parameters)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        // To ask first is cheaper than an update that returns columns: SQLite would keep what
        // it returns in a table of its own.
        openTrial = try prepare(
            "SELECT experiment, task = 'search' FROM trials WHERE id = ? AND state IS NULL")
        endTrial = try prepare(
            "UPDATE trials SET state = ?, failure = ?, objective = ?, ended = ? WHERE id = ?")
        startAttempt = try prepare(
            "INSERT INTO attempts (trial, number, worker, started) VALUES (?, ?, ?, ?)")
        pruneAttempt = try prepare(
            "UPDATE attempts SET pruned = ? WHERE trial = ? AND number = ?")
        checkpointAttempt = try prepare(
            """
            UPDATE attempts SET checkpoint = min(?, (
                SELECT coalesce(max(step), 0) FROM metrics
                WHERE metrics.trial = attempts.trial AND metrics.attempt <= attempts.number))
            WHERE trial = ? AND number = ?
            """)
        endAttempt = try prepare(
            """
            UPDATE attempts SET ended = ?, outcome = ?, failure = ?, seconds = ?, message = ?,
                metrics = ?
            WHERE trial = ? AND number = ?
            """)
        addMetric = try prepare(
            """
            INSERT OR REPLACE INTO metrics (trial, attempt, step, name, value)
            VALUES (?, ?, ?, ?, ?)
            """)
        addArtifact = try prepare(
            """
            INSERT OR REPLACE INTO artifacts (trial, attempt, name, digest, bytes)
            VALUES (?, ?, ?, ?, ?)
            """)
    }
}

extension Projection {
    mutating func create(_ creation: TrialCreation) throws {
        let task: String
        var finalist: Int64?
        var model: String?
        var version: Int64?
        switch creation.task {
        case .search:
            task = "search"
            tallies[ExperimentKey(creation), default: Tally()].created += 1
        case .confirm(let trial):
            task = "confirm"
            finalist = trial.row
        case .score(let name, let number):
            task = "score"
            model = name
            version = Int64(number)
        }
        try statements.createTrial.run(
            creation.trial.row, Int64(creation.experiment), task, finalist, model, version,
            Int64(bitPattern: creation.seed), time, FlatObject.text(creation.parameters))
    }

    func add(_ report: MetricReport) throws {
        let trial = report.attempt.trial.row
        for metric in report.metrics {
            // SQLite has no NaN and stores null for it.
            try statements.addMetric.run(
                trial, Int64(report.attempt.number), Int64(clamping: report.step), metric.name,
                metric.value)
        }
    }

    func add(_ checkpoint: Checkpoint, of attempt: AttemptID) throws {
        let step = Int64(clamping: checkpoint.step)
        try statements.checkpointAttempt.run(step, attempt.trial.row, Int64(attempt.number))
        try run(
            """
            INSERT OR REPLACE INTO checkpoints (trial, step, digest, bytes, objective)
            VALUES (?, ?, ?, ?, ?)
            """,
            attempt.trial.row, step, checkpoint.digest.description,
            Int64(clamping: checkpoint.byteCount), checkpoint.objective)
    }

    func release(_ step: UInt64, of trial: TrialID) throws {
        let step = Int64(clamping: step)
        try run(
            """
            INSERT OR REPLACE INTO released (digest, time)
            SELECT digest, ? FROM checkpoints WHERE trial = ? AND step = ?
            """,
            time, trial.row, step)
        try run("DELETE FROM checkpoints WHERE trial = ? AND step = ?", trial.row, step)
    }

    mutating func end(
        _ result: AttemptResult, next: TrialState, objective: Double?
    ) throws {
        let attempt = result.attempt
        try statements.endAttempt.run(
            time, result.outcome.name, result.outcome.failure?.rawValue, result.seconds,
            result.message, FlatObject.text(result.metrics), attempt.trial.row,
            Int64(attempt.number))
        for artifact in result.artifacts {
            try statements.addArtifact.run(
                attempt.trial.row, Int64(attempt.number), artifact.name,
                artifact.digest.description, Int64(clamping: artifact.byteCount))
        }
        guard let state = next.ending else { return }
        let row = attempt.trial.row
        // Only the first end of a trial counts, and only search trials are counted.
        guard let open = try statements.openTrial.first(columns: 2, row) else { return }
        try statements.endTrial.run(state, next.failure?.rawValue, objective, time, row)
        guard open[1] == 1 else { return }
        let key = ExperimentKey(sweep: Int64(attempt.trial.sweep.number), position: open[0])
        tallies[key, default: Tally()].end(
            as: next, objective: objective, number: attempt.trial.number)
    }
}

extension TrialState {
    /// How a trial ended, in the words of the column `state`; nil while it is open.
    var ending: String? {
        switch self {
        case .waiting, .running: nil
        case .succeeded: "succeeded"
        case .pruned: "pruned"
        case .failed: "failed"
        }
    }

    /// Why it failed.
    var failure: FailureClass? {
        guard case .failed(let failure) = self else { return nil }
        return failure
    }
}

extension Outcome {
    /// The outcome in the words of the column `outcome`.
    var name: String {
        switch self {
        case .succeeded: "succeeded"
        case .pruned: "pruned"
        case .failed: "failed"
        case .returned: "returned"
        }
    }

    /// Why it failed.
    var failure: FailureClass? {
        guard case .failed(let failure) = self else { return nil }
        return failure
    }

    /// The outcome that `name` and `failure` made; nil for other words.
    init?(name: String, failure: String?) {
        switch name {
        case "succeeded": self = .succeeded
        case "pruned": self = .pruned
        case "returned": self = .returned
        case "failed":
            guard let failure = failure.flatMap(FailureClass.init(rawValue:)) else { return nil }
            self = .failed(failure)
        default: return nil
        }
    }
}
