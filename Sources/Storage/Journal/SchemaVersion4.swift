import GRDB

/// Crashes as a class of failures of their own.
enum SchemaVersion4 {
    static func apply(_ database: Database) throws { try database.execute(sql: specs) }

    // What sweeps of earlier versions could not say yet.
    private static let specs = """
        UPDATE sweeps SET spec = json_set(spec, '$.retries.crashedAttempts', 1);
        """
}
