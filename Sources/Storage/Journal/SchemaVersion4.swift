import GRDB

/// Named data sets, all that workers say of themselves, crashes as a class of failures of their
/// own, and how sweeps share the workers.
enum SchemaVersion4 {
    static func apply(_ database: Database) throws {
        try database.execute(sql: [dataSets, workers, specs].joined(separator: "\n"))
    }

    // Every content that a name ever had; the content of a name is that of its newest row.
    private static let dataSets = """
        CREATE TABLE data_sets (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            digest TEXT NOT NULL,
            payload TEXT NOT NULL,
            byte_count INTEGER NOT NULL,
            file_count INTEGER NOT NULL,
            location TEXT,
            added INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX data_sets_by_name ON data_sets (name, id);
        """

    // The facts as JSON, null when a worker never said any to a version that keeps them; columns
    // of their own have those that are asked for most.
    private static let workers = """
        ALTER TABLE workers ADD COLUMN facts TEXT;
        """

    // What sweeps of earlier versions could not say yet.
    private static let specs = """
        UPDATE sweeps SET spec = json_set(spec,
            '$.retries.crashedAttempts', 1,
            '$.sharing', json('{"weight":1,"preempts":false}'));
        """
}
