import Foundation
import GRDB
import Registry
import Scheduling
import Storage
import Testing
import Vocabulary

struct SchemaTests {
    /// The schema as version `number` has it; `PICOML_BLESS=1` writes the newest one anew.
    private static func golden(_ number: Int) -> URL {
        URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().appending(path: "Golden/schema-\(number).sql")
    }

    private static let newest = 4

    private func schema(of state: StateFolder) throws -> String {
        let statements = try DatabaseQueue(path: state.databasePath).read { database in
            try String.fetchAll(
                database,
                sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
        }
        return statements.map { $0 + ";\n" }.joined(separator: "\n")
    }

    @Test func `the schema is the released one`() throws {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        _ = try Journal(state)
        let text = try schema(of: state)
        if ProcessInfo.processInfo.environment["PICOML_BLESS"] == "1" {
            try text.write(to: Self.golden(Self.newest), atomically: true, encoding: .utf8)
        }
        #expect(try text == String(contentsOf: Self.golden(Self.newest), encoding: .utf8))
    }

    @Test func `a folder of the first version is brought up to date with what it holds`()
        async throws
    {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        try make(version: 1, in: state)
        let spec = #"{"name":"old","retries":{"lostAttempts":5,"failedAttempts":1}}"#
        try execute(
            """
            INSERT INTO sweeps VALUES (1, 'old', NULL, 'loss', 'minimize', 'finished', '', 0, 7,
                1, 2, '', '\(spec)');
            """, on: state)
        let journal = try Journal(state)
        let upgraded = try await DatabaseQueue(path: state.databasePath).read { database in
            try String.fetchOne(database, sql: "SELECT spec FROM sweeps")
        }
        #expect(upgraded?.contains(#""keptCheckpoint":"best""#) == true)
        #expect(upgraded?.contains(#""timeoutAttempts":1"#) == true)
        #expect(upgraded?.contains(#""crashedAttempts":1"#) == true)
        #expect(try await journal.catalogue.workers().isEmpty)
        #expect(
            try schema(of: state)
                == String(contentsOf: Self.golden(Self.newest), encoding: .utf8))
    }

    @Test func `workers of the second version were let in by hand, and there are no tokens`()
        async throws
    {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        try make(version: 2, in: state)
        try execute(
            """
            INSERT INTO workers (id, name, key, state, authorized)
            VALUES (1, 'oven', 'k', 'left', 5);
            """, on: state)
        let journal = try Journal(state)
        let workers = try await journal.catalogue.workers()
        #expect(workers.map(\.name) == ["oven"])
        #expect(workers.map(\.token) == [nil])
        #expect(try await journal.catalogue.tokens().isEmpty)
        #expect(
            try schema(of: state)
                == String(contentsOf: Self.golden(Self.newest), encoding: .utf8))
    }

    @Test func `workers of the third version are shown with what they said`() async throws {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        try make(version: 3, in: state)
        try execute(
            """
            INSERT INTO workers (id, name, key, state, authorized, host, process, cpus,
                memory_bytes, software)
            VALUES (1, 'oven', 'k', 'left', 5, 'kitchen', 7, 8, 9, '0.1');
            """, on: state)
        let journal = try Journal(state)
        let facts = WorkerFacts(
            host: "kitchen", process: 7, cpus: 8, memoryBytes: 9, software: "0.1")
        #expect(try await journal.catalogue.workers().map(\.facts) == [facts])
        #expect(
            try schema(of: state)
                == String(contentsOf: Self.golden(Self.newest), encoding: .utf8))
    }

    @Test func `folders of the third version have no data sets, and get some`() async throws {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        try make(version: 3, in: state)
        let journal = try Journal(state)
        #expect(try await journal.catalogue.dataSets().isEmpty)
        #expect(
            try schema(of: state)
                == String(contentsOf: Self.golden(Self.newest), encoding: .utf8))
    }

    /// Makes an empty database as that version did.
    private func make(version: Int, in state: StateFolder) throws {
        // Tables first: the others refer to them.
        let statements = try String(contentsOf: Self.golden(version), encoding: .utf8)
            .components(separatedBy: ";\n\n").sorted { first, _ in
                first.hasPrefix("CREATE TABLE")
            }
        try execute(statements.joined(separator: ";\n") + ";", on: state)
        try execute(
            """
            PRAGMA user_version = \(version);
            PRAGMA application_id = \(0x7069_636F);
            """, on: state)
    }

    @Test func `a folder of a newer version is refused with both numbers`() throws {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        _ = try Journal(state)
        try execute("PRAGMA user_version = 7", on: state)
        let error = #expect(throws: StorageError.self) { _ = try Journal(state) }
        #expect(error == .newerSchema(folder: state.path, found: 7, known: Self.newest))
        #expect(
            error?.description
                == "\(state.path) was made by picoml with schema 7, this one knows up to "
                + "\(Self.newest): upgrade picoml or choose another folder")
        // The refusal changed nothing.
        try execute("PRAGMA user_version = \(Self.newest)", on: state)
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
