import GRDB
import Registry
import Scheduling
import Vocabulary

/// Brings the tables up to date with a batch of records.
struct Projection {
    let database: Database
    /// Wall-clock milliseconds of the batch.
    let time: Int64
    let statements: TrialStatements
    var tallies: [ExperimentKey: Tally] = [:]
    /// The lists of the best trials that were looked up so far.
    var leaders: [ExperimentKey: Leaders]

    /// Applies `records`, decided at `time` in milliseconds since 1970, in the transaction that
    /// `database` is in.
    ///
    /// Takes the `leaders` that the batch before returned, none after a failure, and returns those
    /// that the next batch is to be handed when this one is committed.
    static func apply(
        _ records: [Record], at time: Int64, to database: Database,
        leaders: [ExperimentKey: Leaders]
    ) throws -> [ExperimentKey: Leaders] {
        var projection = Projection(
            database: database, time: time, statements: try TrialStatements(database),
            leaders: leaders)
        for record in records { try projection.apply(record) }
        try projection.writeTallies()
        return projection.leaders
    }

    private mutating func apply(_ record: Record) throws {
        switch record {
        case .trialCreated(let creation): try create(creation)
        case .attemptStarted(let attempt, let worker, _):
            try statements.startAttempt.run(
                attempt.trial.row, Int64(attempt.number), Int64(worker.number), time)
        case .reported(let report): try add(report)
        case .checkpointed(let attempt, let checkpoint):
            try add(checkpoint, of: attempt)
        case .checkpointReleased(let trial, let step): try release(step, of: trial)
        case .pruneDecided(let attempt):
            try statements.pruneAttempt.run(time, attempt.trial.row, Int64(attempt.number))
        case .attemptEnded(let result, let next, let objective):
            try end(result, next: next, objective: objective)
        case .sweepSubmitted(let sweep, let spec, let source, let seed):
            try submit(sweep, spec, source: source, seed: seed)
        case .sweepEntered(let sweep, let phase, let reason):
            try enter(sweep, phase, reason: reason)
        case .sweepPaused(let sweep, let isPaused): try pause(sweep, isPaused)
        case .experimentExhausted(let sweep, let experiment):
            try run(
                "UPDATE experiments SET is_exhausted = 1 WHERE sweep = ? AND position = ?",
                Int64(sweep.number), Int64(experiment))
        case .gateJudged(let sweep, let report, let winner):
            try add(report, of: sweep, winner: winner)
        case .workerAuthorized, .workerRevoked, .workerJoined, .workerLeft, .workerExcluded,
            .workerReadmitted:
            try applyWorker(record)
        case .workerPending, .workerApproved, .workerKeyOffered, .workerKeyReplaced,
            .tokenCreated, .tokenUsed, .tokenEnded:
            try applyEnrolment(record)
        case .dataAdded(let data): try add(data)
        case .registryChanged(.versionRegistered(let version)): try register(version)
        case .registryChanged(.aliasMoved(let move)): try add(move)
        }
    }

    /// Runs `sql` once; SQLite keeps it prepared.
    func run<each Value: Bindable>(_ sql: String, _ values: repeat each Value) throws {
        try PreparedStatement(database, sql).run(repeat each values)
    }

    /// Notes something that a person did.
    func audit(
        _ action: String, _ subject: String, actor: String = "", reason: String = ""
    ) throws {
        try run(
            "INSERT INTO audit (time, action, subject, actor, reason) VALUES (?, ?, ?, ?, ?)",
            time, action, subject, actor, reason)
    }
}

extension TrialID {
    /// The key of the trial's row.
    var row: Int64 { Int64(bitPattern: UInt64(sweep.number) << 32 | UInt64(number)) }

    /// The trial whose row has the key `row`.
    init(row: Int64) {
        let bits = UInt64(bitPattern: row)
        self.init(
            sweep: SweepID(UInt32(bits >> 32)), number: UInt32(truncatingIfNeeded: bits))
    }
}
