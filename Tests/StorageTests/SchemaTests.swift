import Foundation
import GRDB
import Registry
import Scheduling
import Storage
import Testing
import Vocabulary

struct SchemaTests {
    /// The schema as the released version has it; `PICOML_BLESS=1` writes it anew.
    private static let golden = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appending(path: "Golden/schema-1.sql")

    @Test func `the schema is the released one`() throws {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        _ = try Journal(state)
        let statements = try DatabaseQueue(path: state.databasePath).read { database in
            try String.fetchAll(
                database,
                sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
        }
        let text = statements.map { $0 + ";\n" }.joined(separator: "\n")
        if ProcessInfo.processInfo.environment["PICOML_BLESS"] == "1" {
            try text.write(to: Self.golden, atomically: true, encoding: .utf8)
        }
        #expect(try text == String(contentsOf: Self.golden, encoding: .utf8))
    }

    @Test func `a folder of a newer version is refused with both numbers`() throws {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        _ = try Journal(state)
        try execute("PRAGMA user_version = 7", on: state)
        let error = #expect(throws: StorageError.self) { _ = try Journal(state) }
        #expect(error == .newerSchema(folder: state.path, found: 7, known: 1))
        #expect(
            error?.description
                == "\(state.path) was made by picoml with schema 7, this one knows up to 1: "
                + "upgrade picoml or choose another folder")
        // The refusal changed nothing.
        try execute("PRAGMA user_version = 1", on: state)
        _ = try Journal(state)
    }

    @Test func `another program's database is left alone`() throws {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        try execute("CREATE TABLE recipes (name TEXT)", on: state)
        #expect(throws: StorageError.foreignDatabase(path: state.databasePath)) {
            _ = try Journal(state)
        }
        let other = try folder.state("other")
        try Data("not a database at all, but long enough to look at".utf8)
            .write(to: URL(fileURLWithPath: other.databasePath))
        #expect(throws: StorageError.foreignDatabase(path: other.databasePath)) {
            _ = try Journal(other)
        }
    }

    @Test(arguments: ["journal", "alias_moves", "audit", "gate_reports"])
    func `history can only be added to`(table: String) throws {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        do {
            let journal = try Journal(state)
            try journal.append(
                [
                    .sweepSubmitted(SweepID(1), .example(), source: "", seed: 1),
                    .gateJudged(
                        SweepID(1), .example, winner: TrialID(sweep: SweepID(1), number: 1)),
                    .registryChanged(
                        .aliasMoved(
                            AliasMove(
                                model: "demand", alias: "champion", from: nil, to: 1,
                                decision: "d", actor: "gate", reason: "r"))),
                ], at: 5)
        }
        #expect(throws: DatabaseError.self) { try execute("DELETE FROM \(table)", on: state) }
        #expect(throws: DatabaseError.self) {
            try execute("UPDATE \(table) SET time = 0", on: state)
        }
        let rows = try DatabaseQueue(path: state.databasePath).read { database in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table) WHERE time = 5")
        }
        #expect(rows == 1)
    }

    private func execute(_ sql: String, on state: StateFolder) throws {
        let queue = try DatabaseQueue(path: state.databasePath)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    }
}
