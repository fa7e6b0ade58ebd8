import GRDB

/// What people and tools may read: a snapshot for every question, which neither waits for the
/// writer nor holds it up.
///
/// Every method throws `StorageError` when the database cannot be read.
package struct Catalogue: Sendable {
    let pool: DatabasePool
    let path: String

    /// The most trials, sweeps or lines that one page has.
    package static let pageLimit = 1000
    /// How many trials of each experiment are kept in the order of their objectives.
    package static let leaderboardDepth = Int(Leaders.depth)

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StorageError) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw StorageError(error, path: path)
        }
    }

    /// How much of everything there is, for the metrics endpoint.
    package func totals() async throws(StorageError) -> Totals {
        try await read { database in
            var totals = Totals()
            let trials = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(DISTINCT sweep), sum(created), sum(succeeded), sum(pruned),
                        sum(failed)
                    FROM experiments
                    """)
            totals.sweeps = trials?[0] ?? 0
            totals.trials = trials?[1] ?? 0
            totals.succeeded = trials?[2] ?? 0
            totals.pruned = trials?[3] ?? 0
            totals.failed = trials?[4] ?? 0
            func count(_ sql: String) throws -> Int {
                try Int.fetchOne(database, sql: sql) ?? 0
            }
            totals.openSweeps = try count("SELECT count(*) FROM sweeps WHERE ended IS NULL")
            totals.running = try count("SELECT count(*) FROM attempts WHERE ended IS NULL")
            totals.workers = try count("SELECT count(*) FROM workers WHERE state = 'joined'")
            totals.versions = try count("SELECT count(*) FROM versions")
            totals.batches = try count("SELECT coalesce(max(id), 0) FROM journal")
            return totals
        }
    }

    /// What people did, newest first.
    ///
    /// - Parameters:
    ///   - before: Only entries with a lower number; nil starts with the newest.
    ///   - limit: The most entries, up to `pageLimit`.
    /// - Returns: The page of entries.
    /// - Throws: `StorageError` when the database cannot be read.
    package func audit(
        before: Int64? = nil, limit: Int = 100
    ) async throws(StorageError) -> [AuditEntry] {
        let limit = Self.clamp(limit)
        return try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT id, time, action, subject, actor, reason FROM audit
                    WHERE id < ? ORDER BY id DESC LIMIT ?
                    """,
                arguments: [before ?? .max, limit]
            ).map(AuditEntry.init(row:))
        }
    }

    static func clamp(_ limit: Int) -> Int { min(max(limit, 0), pageLimit) }
}

/// How much of everything there is.
package struct Totals: Hashable, Sendable {
    /// Sweeps ever submitted.
    package var sweeps = 0
    /// Sweeps that have not ended.
    package var openSweeps = 0
    /// Search trials ever made.
    package var trials = 0
    /// Search trials that ended with an objective.
    package var succeeded = 0
    /// Search trials stopped early.
    package var pruned = 0
    /// Search trials that ended badly or were cancelled.
    package var failed = 0
    /// Executions that are leased to a worker.
    package var running = 0
    /// Workers that are connected.
    package var workers = 0
    /// Versions in the registry.
    package var versions = 0
    /// Batches in the journal.
    package var batches = 0
}

/// One thing that a person did.
package struct AuditEntry: Hashable, Sendable, Codable {
    /// Its number, growing with time.
    package var id: Int64
    /// When, in milliseconds since 1970.
    package var time: Int64
    /// What was done, such as `pause sweep`.
    package var action: String
    /// What it was done to, such as the sweep's number.
    package var subject: String
    /// Who did it; empty when unknown.
    package var actor: String
    /// Why; may be empty.
    package var reason: String

    init(row: Row) {
        id = row["id"]
        time = row["time"]
        action = row["action"]
        subject = row["subject"]
        actor = row["actor"]
        reason = row["reason"]
    }
}
