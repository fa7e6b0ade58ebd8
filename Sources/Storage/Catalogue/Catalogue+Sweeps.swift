import GRDB
package import Registry
import Scheduling
package import Vocabulary

extension Catalogue {
    /// Sweeps, newest first.
    ///
    /// - Parameters:
    ///   - before: Only sweeps with a lower number; nil starts with the newest.
    ///   - limit: The most sweeps, up to `pageLimit`.
    /// - Returns: The page of sweeps.
    /// - Throws: `StorageError` when the database cannot be read.
    package func sweeps(
        before: SweepID? = nil, limit: Int = 100
    ) async throws(StorageError) -> [SweepRow] {
        let limit = Self.clamp(limit)
        return try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT \(SweepRow.columns) FROM sweeps WHERE id < ? ORDER BY id DESC LIMIT ?
                    """,
                arguments: [before.map { Int64($0.number) } ?? .max, limit]
            ).map { row in
                try SweepRow(row: row, experiments: Self.experiments(of: row, in: database))
            }
        }
    }

    /// The sweep called `id` with the text that its author wrote; nil when there is none.
    package func sweep(_ id: SweepID) async throws(StorageError) -> SweepDetail? {
        try await read { database in
            let row = try Row.fetchOne(
                database,
                sql: "SELECT \(SweepRow.columns), source, spec FROM sweeps WHERE id = ?",
                arguments: [id.number])
            return try row.map { row in
                SweepDetail(
                    row: try SweepRow(
                        row: row, experiments: Self.experiments(of: row, in: database)),
                    source: row["source"],
                    spec: try JSONText.decode(SweepSpec.self, row["spec"]))
            }
        }
    }

    /// What the gate said of a sweep, oldest first.
    package func gateReports(
        of sweep: SweepID
    ) async throws(StorageError) -> [GateReportRow] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM gate_reports WHERE sweep = ? ORDER BY id",
                arguments: [sweep.number]
            ).map { row in
                GateReportRow(
                    time: row["time"], winner: TrialID(row: row["winner"]),
                    report: try JSONText.decode(GateReport.self, row["report"]))
            }
        }
    }

    /// Reads the experiments of a sweep with the best trial of each.
    package static let experimentsSQL = """
        SELECT *,
            (SELECT score FROM leaders WHERE leaders.sweep = experiments.sweep
                AND experiment = position ORDER BY score, number LIMIT 1) AS best_score,
            (SELECT number FROM leaders WHERE leaders.sweep = experiments.sweep
                AND experiment = position ORDER BY score, number LIMIT 1) AS best_number
        FROM experiments WHERE sweep = ? ORDER BY position
        """

    /// Counts the search trials that run, for each experiment of a sweep.
    package static let runningSQL = """
        SELECT trials.experiment, count(*)
        FROM attempts JOIN trials ON trials.id = attempts.trial
        WHERE attempts.ended IS NULL AND attempts.trial BETWEEN ? AND ? AND trials.task = 'search'
        GROUP BY trials.experiment
        """

    private static func experiments(
        of sweep: Row, in database: Database
    ) throws -> [ExperimentRow] {
        let id = SweepID(sweep["id"])
        var running: [UInt32: Int] = [:]
        if sweep["ended"] as Int64? == nil {
            let rows = try Row.fetchAll(
                database, sql: runningSQL,
                arguments: [
                    TrialID(sweep: id, number: 0).row, TrialID(sweep: id, number: .max).row,
                ])
            for row in rows { running[row[0]] = row[1] }
        }
        return try Row.fetchAll(database, sql: experimentsSQL, arguments: [id.number]).map {
            ExperimentRow(row: $0, goal: sweep["goal"], running: running[$0["position"]] ?? 0)
        }
    }
}

/// What the gate said of a sweep's winner.
package struct GateReportRow: Hashable, Sendable {
    /// When, in milliseconds since 1970.
    package var time: Int64
    /// The trial that was compared with the champion.
    package var winner: TrialID
    /// The verdict with its evidence.
    package var report: GateReport
}
