import GRDB

/// The database's tables, by version: a released step never changes, a new one is added.
enum Schema {
    /// Marks a database file as ours: "pico" in ASCII.
    static let applicationID = 0x7069_636F

    /// What brings a database from version n, its position, to n + 1.
    static let steps = [
        SchemaVersion1.apply, SchemaVersion2.apply, SchemaVersion3.apply, SchemaVersion4.apply,
    ]

    /// The version of a database that this build makes.
    static var current: Int { steps.count }

    /// Brings the database up to `current`, in one transaction.
    static func migrate(_ database: Database, folder: String, path: String) throws {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let owner = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        guard owner == applicationID || tables == 0 else {
            throw StorageError.foreignDatabase(path: path)
        }
        guard found <= current else {
            throw StorageError.newerSchema(folder: folder, found: found, known: current)
        }
        guard found < current else { return }
        for step in steps[found...] { try step(database) }
        try database.execute(sql: "PRAGMA user_version = \(current)")
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    }
}
