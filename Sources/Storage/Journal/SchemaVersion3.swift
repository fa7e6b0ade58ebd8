import GRDB

/// Join tokens, and the workers that enrolled with them.
enum SchemaVersion3 {
    static func apply(_ database: Database) throws {
        try database.execute(sql: [tokens, workers].joined(separator: "\n"))
    }

    // Only the public half of a token's key is known here. How often it was used is the number of
    // workers with it.
    private static let tokens = """
        CREATE TABLE tokens (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL,
            uses INTEGER NOT NULL,
            needs_approval INTEGER NOT NULL,
            created INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            ended INTEGER,
            ending TEXT
        ) STRICT;
        """

    // The token that a worker enrolled with, null when a person let its key in; the key that it
    // offered to be known by.
    private static let workers = """
        ALTER TABLE workers ADD COLUMN token INTEGER;
        ALTER TABLE workers ADD COLUMN next_key TEXT;
        """
}
