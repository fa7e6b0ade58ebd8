import GRDB
import Vocabulary

/// What is known of an experiment's list of its best trials.
///
/// An index of all objectives would dirty a page for nearly every trial of a long sweep; a list
/// of the best changes ever more rarely. This is kept in memory between batches, because asking
/// for it means walking the list.
struct Leaders {
    /// How many trials are kept in the order of their objectives, at least.
    static let depth: Int64 = 1000

    // Makes smaller scores the better ones.
    private let sign: Double
    private var count: Int64
    // What is not below this is certainly not among the best.
    private var limit: Double?
    // Cutting walks the list, so it waits until there may be much to cut.
    private var cutCount: Int64

    /// Looks the list of an experiment up.
    init(of key: ExperimentKey, in database: Database) throws {
        let goal = try String.fetchOne(
            database, sql: "SELECT goal FROM sweeps WHERE id = ?", arguments: [key.sweep])
        sign = goal == Objective.Goal.maximize.rawValue ? -1.0 : 1.0
        count = try Self.count(of: key, in: database)
        limit = try Self.last(of: key, in: database)
        cutCount = limit == nil ? Self.depth : count + Self.depth
    }

    /// Adds the trials among `results` that may belong to the best.
    mutating func add(
        _ results: [(objective: Double, number: UInt32)], of key: ExperimentKey,
        in database: Database
    ) throws {
        let insert = try PreparedStatement(
            database,
            "INSERT INTO leaders (sweep, experiment, score, number) VALUES (?, ?, ?, ?)")
        for result in results {
            let score = sign * result.objective
            guard score < limit ?? .infinity else { continue }
            try insert.run(key.sweep, key.position, score, Int64(result.number))
            count += 1
        }
        if count >= cutCount { try cut(key, in: database) }
    }

    private mutating func cut(_ key: ExperimentKey, in database: Database) throws {
        guard let last = try Self.last(of: key, in: database) else { return }
        try PreparedStatement(
            database, "DELETE FROM leaders WHERE sweep = ? AND experiment = ? AND score > ?"
        ).run(key.sweep, key.position, last)
        count = try Self.count(of: key, in: database)
        cutCount = count + Self.depth
        limit = last
    }

    private static func count(of key: ExperimentKey, in database: Database) throws -> Int64 {
        try Int64.fetchOne(
            database, sql: "SELECT count(*) FROM leaders WHERE sweep = ? AND experiment = ?",
            arguments: [key.sweep, key.position]) ?? 0
    }

    /// The score of the last trial that is certainly kept; nil while there are fewer.
    private static func last(of key: ExperimentKey, in database: Database) throws -> Double? {
        try Double.fetchOne(
            database,
            sql: """
                SELECT score FROM leaders WHERE sweep = ? AND experiment = ?
                ORDER BY score, number LIMIT 1 OFFSET ?
                """,
            arguments: [key.sweep, key.position, depth - 1])
    }
}
