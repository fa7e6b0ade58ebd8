import GRDB

/// All that workers say of themselves, crashes as a class of failures of their own, and how sweeps
/// share the workers.
enum SchemaVersion4 {
    static func apply(_ database: Database) throws {
        try database.execute(sql: [workers, specs].joined(separator: "\n"))
    }

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
