import GRDB

/// Checkpoints, excluded workers, and failures that are retried by their class.
enum SchemaVersion2 {
    static func apply(_ database: Database) throws {
        // Some folders of the first version have it.
        if try !database.columns(in: "attempts").contains(where: { $0.name == "checkpoint" }) {
            try database.execute(sql: curves)
        }
        try database.execute(sql: [exclusion, checkpoints, specs].joined(separator: "\n"))
    }

    // The last step that a checkpoint of the attempt covers.
    private static let curves = "ALTER TABLE attempts ADD COLUMN checkpoint INTEGER;"

    // Why a worker gets no trials.
    private static let exclusion = "ALTER TABLE workers ADD COLUMN exclusion TEXT;"

    // Those that are kept, and the files of those that no longer are, with the time of that.
    private static let checkpoints = """
        CREATE TABLE checkpoints (
            trial INTEGER NOT NULL,
            step INTEGER NOT NULL,
            digest TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            objective REAL,
            PRIMARY KEY (trial, step)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX checkpoints_by_digest ON checkpoints (digest);

        CREATE TABLE released (
            digest TEXT PRIMARY KEY,
            time INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX released_by_time ON released (time);
        """

    // What sweeps of the first version could not say yet.
    private static let specs = """
        UPDATE sweeps SET spec = json_set(spec,
            '$.keptCheckpoint', 'best',
            '$.retries.outOfMemoryAttempts', 1,
            '$.retries.outOfDiskAttempts', 1,
            '$.retries.timeoutAttempts', 1,
            '$.retries.nonFiniteAttempts', 1);
        """
}
