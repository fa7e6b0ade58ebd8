import GRDB
package import Vocabulary

extension Catalogue {
    /// Trials of a sweep in the order of their numbers.
    ///
    /// - Parameters:
    ///   - sweep: The sweep.
    ///   - filter: Which trials.
    ///   - after: Only trials with a higher number; 0 starts with the first.
    ///   - limit: The most trials, up to `pageLimit`.
    /// - Returns: The page of trials.
    /// - Throws: `StorageError` when the database cannot be read.
    package func trials(
        of sweep: SweepID, _ filter: TrialFilter = TrialFilter(), after: UInt32 = 0,
        limit: Int = 100
    ) async throws(StorageError) -> [TrialRow] {
        let limit = Self.clamp(limit)
        return try await read { database in
            guard filter != TrialFilter() else {
                return try Row.fetchAll(
                    database, sql: Self.pageSQL,
                    arguments: [
                        TrialID(sweep: sweep, number: after).row,
                        TrialID(sweep: sweep, number: .max).row, limit,
                    ]
                ).map(TrialRow.init(row:))
            }
            // The index has the trials of one experiment and state in order; several are merged.
            var keys: [Int64] = []
            for experiment in try Self.positions(of: sweep, filter, in: database) {
                for sql in Self.keySQL(filter.stage) {
                    keys += try Int64.fetchAll(
                        database, sql: sql,
                        arguments: [
                            sweep.number, experiment, TrialID(sweep: sweep, number: after).row,
                            limit,
                        ])
                }
            }
            keys.sort()
            return try Self.trials(Array(keys.prefix(limit)), in: database)
        }
    }

    /// The best search trials of a sweep, best first, and the older one first where they are
    /// equal.
    ///
    /// - Parameters:
    ///   - sweep: The sweep.
    ///   - experiment: Only trials of the experiment at this position; nil for all.
    ///   - offset: How many to leave out at the start.
    ///   - limit: The most trials, up to `pageLimit`. No more than `leaderboardDepth` of an
    ///     experiment are known in this order.
    /// - Returns: The page of trials.
    /// - Throws: `StorageError` when the database cannot be read.
    package func leaderboard(
        of sweep: SweepID, experiment: UInt32? = nil, offset: Int = 0, limit: Int = 10
    ) async throws(StorageError) -> [TrialRow] {
        let limit = Self.clamp(limit)
        return try await read { database in
            let keys = try Int64.fetchAll(
                database, sql: Self.leaderboardSQL(isOfOneExperiment: experiment != nil),
                arguments: [sweep.number, experiment, limit, max(0, offset)])
            return try Self.trials(keys, in: database)
        }
    }

    /// The trial called `id` with its attempts; nil when there is none.
    package func trial(_ id: TrialID) async throws(StorageError) -> TrialDetail? {
        try await read { database in
            guard let row = try Self.trials([id.row], in: database).first else { return nil }
            var artifacts: [UInt32: [Artifact]] = [:]
            let files = try Row.fetchAll(
                database,
                sql: """
                    SELECT attempt, name, digest, bytes FROM artifacts WHERE trial = ?
                    ORDER BY attempt, name
                    """,
                arguments: [id.row])
            for file in files {
                guard let digest = Digest(text: file["digest"] as String) else {
                    throw UnreadableRow(table: "artifacts", row: id.row)
                }
                artifacts[file["attempt"], default: []].append(
                    Artifact(name: file["name"], digest: digest, byteCount: file["bytes"]))
            }
            let attempts = try Row.fetchAll(
                database, sql: "SELECT * FROM attempts WHERE trial = ? ORDER BY number",
                arguments: [id.row])
            return TrialDetail(
                row: row,
                attempts: attempts.map {
                    AttemptRow(row: $0, artifacts: artifacts[$0["number"]] ?? [])
                }, checkpoints: try Self.checkpoints(of: id, in: database))
        }
    }

    /// The learning curves of an attempt, one for each metric in the order of their names.
    ///
    /// Where it went on from a checkpoint, what earlier attempts reported up to there comes first,
    /// so that each step is there once.
    ///
    /// - Parameters:
    ///   - attempt: The execution.
    ///   - points: The most points of each curve, from 2: evenly chosen, with the first and the
    ///     last.
    /// - Returns: The curves; empty when nothing was reported.
    /// - Throws: `StorageError` when the database cannot be read.
    package func curves(
        of attempt: AttemptID, points: Int = 500
    ) async throws(StorageError) -> [MetricSeries] {
        let points = max(2, points)
        return try await read { database in
            let rows = try Row.fetchCursor(
                database, sql: Self.curveSQL,
                arguments: [
                    attempt.trial.row, attempt.number, attempt.number, points, points,
                ])
            var curves: [MetricSeries] = []
            while let row = try rows.next() {
                let name: String = row["name"]
                if curves.last?.name != name { curves.append(MetricSeries(name: name, points: [])) }
                curves[curves.count - 1].points.append(
                    MetricSeries.Point(step: row["step"], value: row["value"] ?? .nan))
            }
            return curves
        }
    }
}

extension Catalogue {
    /// Reads a page of all trials of a sweep.
    package static let pageSQL = """
        SELECT \(TrialRow.columns) FROM trial_states WHERE id > ? AND id <= ? ORDER BY id LIMIT ?
        """

    /// Reads the keys of the best trials of a sweep or of one of its experiments.
    package static func leaderboardSQL(isOfOneExperiment: Bool) -> String {
        """
        SELECT (sweep << 32) + number FROM leaders
        WHERE sweep = ? AND \(isOfOneExperiment ? "experiment = ?" : "? IS NULL")
        ORDER BY score, number LIMIT ? OFFSET ?
        """
    }

    /// Reads the keys of trials of one experiment that stand at `stage`, with one statement for
    /// each value of the column `state`.
    package static func keySQL(_ stage: TrialFilter.Stage?) -> [String] {
        let open = "state IS NULL"
        let held =
            "(SELECT 1 FROM attempts WHERE attempts.trial = trials.id AND attempts.ended IS NULL)"
        let conditions =
            switch stage {
            case nil: [open] + TrialFilter.Stage.endings.map { "state = '\($0.rawValue)'" }
            case .waiting: ["\(open) AND NOT EXISTS \(held)"]
            case .running: ["\(open) AND EXISTS \(held)"]
            case .succeeded?, .pruned?, .failed?: ["state = '\(stage?.rawValue ?? "")'"]
            }
        return conditions.map {
            """
            SELECT id FROM trials WHERE sweep = ? AND experiment = ? AND \($0) AND id > ?
            ORDER BY id LIMIT ?
            """
        }
    }

    /// Reads evenly chosen points: every n-th, with n such that the last one still has its place.
    package static let curveSQL = """
        SELECT name, step, value FROM (
            SELECT name, step, value,
                row_number() OVER (PARTITION BY name ORDER BY step) - 1 AS position,
                count(*) OVER (PARTITION BY name) - 1 AS last
            FROM metrics
            WHERE trial = ? AND attempt <= ? AND (attempt = ? OR step <= (
                SELECT coalesce(max(checkpoint), 0) FROM attempts
                WHERE attempts.trial = metrics.trial AND attempts.number <= metrics.attempt))
        )
        WHERE position % max(1, (last + ? - 2) / (? - 1)) = 0 OR position = last
        ORDER BY name, step
        """

    private static func positions(
        of sweep: SweepID, _ filter: TrialFilter, in database: Database
    ) throws -> [UInt32] {
        if let experiment = filter.experiment { return [experiment] }
        return try UInt32.fetchAll(
            database, sql: "SELECT position FROM experiments WHERE sweep = ?",
            arguments: [sweep.number])
    }

    /// The trials with `keys`, in that order.
    private static func trials(_ keys: [Int64], in database: Database) throws -> [TrialRow] {
        let statement = try database.cachedStatement(
            sql: "SELECT \(TrialRow.columns) FROM trial_states WHERE id = ?")
        return try keys.compactMap { key in
            try Row.fetchOne(statement, arguments: [key]).map(TrialRow.init(row:))
        }
    }
}

extension TrialFilter.Stage {
    /// The stages that are values of the column `state`.
    fileprivate static let endings: [TrialFilter.Stage] = [.succeeded, .pruned, .failed]
}
