import GRDB
import Storage
import Testing

struct QueryPlanTests {
    private static var statements: [String] {
        var all = [
            Catalogue.pageSQL, Catalogue.curveSQL, Catalogue.runningSQL,
            Catalogue.experimentsSQL, Catalogue.leaderboardSQL(isOfOneExperiment: true),
            Catalogue.leaderboardSQL(isOfOneExperiment: false),
        ]
        for stage in TrialFilter.Stage.allCases { all += Catalogue.keySQL(stage) }
        return all + Catalogue.keySQL(nil)
    }

    @Test(arguments: statements)
    func `no page of one sweep reads trials of another`(statement: String) throws {
        let steps = try plan(of: statement)
        #expect(!steps.isEmpty)
        #expect(!steps.contains { isFullScan($0) }, "\(steps)")
    }

    @Test func `pages of trials come in the order of the index`() throws {
        for stage in TrialFilter.Stage.allCases {
            for statement in Catalogue.keySQL(stage) {
                let steps = try plan(of: statement)
                #expect(!steps.contains { $0.contains("TEMP B-TREE") }, "\(steps)")
            }
        }
    }

    @Test func `a restart looks up open sweeps for each row`() throws {
        let steps = try plan(of: Journal.replaySQL)
        #expect(!steps.contains { $0.hasPrefix("SCAN sweeps") }, "\(steps)")
    }

    @Test(arguments: [
        "SELECT id FROM trials WHERE objective > ?", "SELECT value FROM metrics WHERE name = ?",
    ])
    func `a statement without an index is found out`(statement: String) throws {
        #expect(try plan(of: statement).contains { isFullScan($0) })
    }

    private func isFullScan(_ step: String) -> Bool {
        ["trials", "metrics", "attempts", "leaders", "experiments"].contains { table in
            step.hasPrefix("SCAN \(table)")
        }
    }

    private func plan(of statement: String) throws -> [String] {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        _ = try Journal(state)
        return try DatabaseQueue(path: state.databasePath).read { database in
            let count = statement.count { $0 == "?" }
            let arguments = StatementArguments([Int?](repeating: 1, count: count))
            return try Row.fetchAll(
                database, sql: "EXPLAIN QUERY PLAN " + statement, arguments: arguments
            ).map { $0["detail"] }
        }
    }
}
