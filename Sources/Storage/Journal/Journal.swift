import GRDB
import Glibc
package import Scheduling
import Synchronization
import Vocabulary

/// The durable truth of a coordinator: batches of records in the order in which they were
/// decided, with tables for people and the API that are written in the same transaction.
///
/// SQLite with a write-ahead log that is synchronised at every commit, so a batch is on the disk
/// when `append` returns. One process at a time works on a folder.
package final class Journal: Sendable {
    /// Pages of the write-ahead log after which they are copied to the database file: 16 MiB.
    private static let checkpointPages = 4096

    private let lock: FolderLock
    private let path: String
    let pool: DatabasePool
    private let failure = Mutex<String?>(nil)
    // As the last batch left them; empty after one that was not committed.
    private let leaders = Mutex<[ExperimentKey: Leaders]>([:])

    /// Opens the journal of `folder`, which is made or brought up to date when necessary.
    ///
    /// - Throws: `StorageError.locked` when another coordinator works on the folder,
    ///   `.newerSchema`, `.foreignDatabase`, `.damaged`, `.diskFull` or `.inputOutput`.
    package init(_ folder: StateFolder) throws(StorageError) {
        lock = try FolderLock(folder)
        path = folder.databasePath
        // SQLite gives its other files the mode of the database.
        try Self.makePrivateFile(path)
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration)
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(
                    sql: "PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
            }
            try pool.write { database in
                try Schema.migrate(database, folder: folder.path, path: folder.databasePath)
            }
        } catch {
            throw StorageError(error, path: folder.databasePath)
        }
    }

    private static func makePrivateFile(_ path: String) throws(StorageError) {
        _ = try OpenFile(path, O_RDWR | O_CREAT)
        guard unsafe chmod(path, 0o600) == 0 else { throw FileAccess.failure("protect", path) }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "journal"
        // A person may look at the file with other tools, which lock it for moments.
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = false
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -16384")
        }
        return configuration
    }

    /// What people and tools may read, while the journal goes on.
    package var catalogue: Catalogue { Catalogue(pool: pool, path: path) }

    /// Makes `records` durable, all or none, and brings the tables up to date.
    ///
    /// - Parameters:
    ///   - records: What was decided, in order.
    ///   - wallMilliseconds: The time of day, in milliseconds since 1970.
    /// - Throws: `StorageError.diskFull`, after which the same batch may be tried again; any other
    ///   failure of the disk is final, and later calls throw `.broken`, because what a failed
    ///   fsync leaves on the disk is unknown.
    package func append(
        _ records: [Scheduling.Record], at wallMilliseconds: Int64
    ) throws(StorageError) {
        guard !records.isEmpty else { return }
        if let reason = failure.withLock({ $0 }) { throw .broken(path: path, reason: reason) }
        let row = JournalRow(records, time: wallMilliseconds)
        // Taken out, so that a batch that fails leaves none behind.
        let known = leaders.withLock { exchange(&$0, with: [:]) }
        do {
            let next = try pool.write { database in
                try row.insert(into: database)
                return try Projection.apply(
                    records, at: wallMilliseconds, to: database, leaders: known)
            }
            leaders.withLock { $0 = next }
        } catch {
            let problem = StorageError(error, path: path)
            if problem.isFinal { failure.withLock { $0 = problem.description } }
            throw problem
        }
    }

    /// The highest number of any sweep so far; 0 when there was none.
    package var lastSweep: UInt32 {
        get throws(StorageError) {
            do {
                return try pool.read { database in
                    try UInt32.fetchOne(database, sql: "SELECT max(id) FROM sweeps") ?? 0
                }
            } catch {
                throw StorageError(error, path: path)
            }
        }
    }

    /// Reads the rows that a restart needs.
    package static let replaySQL = JournalRow.select

    /// Hands out the records of open sweeps, of workers and of the registry.
    ///
    /// They come batch by batch in the order in which they were appended; records of ended sweeps
    /// are left out.
    ///
    /// - Throws: `StorageError.corruptRow` when a row is not what was written.
    package func replay(_ body: ([Scheduling.Record]) throws -> Void) throws(StorageError) {
        do {
            try pool.read { database in
                let open = Set(
                    try Int64.fetchAll(
                        database, sql: "SELECT id FROM sweeps WHERE ended IS NULL"))
                let rows = try Row.fetchCursor(database, sql: Self.replaySQL)
                while let row = try rows.next() {
                    let records = try JournalRow.records(row, path: path)
                    let kept = records.filter { record in
                        record.sweep.map { open.contains(Int64($0.number)) } ?? true
                    }
                    if !kept.isEmpty { try body(kept) }
                }
            }
        } catch {
            throw StorageError(error, path: path)
        }
    }

    /// Copies the write-ahead log into the database file and closes both.
    ///
    /// A journal that was not closed is as complete.
    package func close() throws(StorageError) {
        do {
            // So that a copy of the database file alone is complete.
            try pool.writeWithoutTransaction { database in
                _ = try database.checkpoint(.truncate)
            }
            try pool.close()
        } catch {
            throw StorageError(error, path: path)
        }
    }
}
