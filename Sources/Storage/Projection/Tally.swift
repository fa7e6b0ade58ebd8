import GRDB
import Scheduling
import Vocabulary

/// The key of an experiment's row.
struct ExperimentKey: Hashable, Comparable {
    let sweep: Int64
    let position: Int64

    init(sweep: Int64, position: Int64) {
        self.sweep = sweep
        self.position = position
    }

    init(_ creation: TrialCreation) {
        self.init(
            sweep: Int64(creation.trial.sweep.number), position: Int64(creation.experiment))
    }

    static func < (left: ExperimentKey, right: ExperimentKey) -> Bool {
        (left.sweep, left.position) < (right.sweep, right.position)
    }
}

/// What a batch changes about an experiment, written with one statement at its end.
struct Tally {
    var created: Int64 = 0
    var succeeded: Int64 = 0
    var pruned: Int64 = 0
    var failed: Int64 = 0
    /// Trials that succeeded, with their objectives.
    var results: [(objective: Double, number: UInt32)] = []

    /// Counts a search trial that ended.
    mutating func end(as state: TrialState, objective: Double?, number: UInt32) {
        switch state {
        case .waiting, .running: break
        case .succeeded:
            succeeded += 1
            if let objective { results.append((objective, number)) }
        case .pruned: pruned += 1
        case .failed: failed += 1
        }
    }
}

extension Projection {
    /// How many trials of an experiment are kept in the order of their objectives, at least.
    ///
    /// An index of all objectives would dirty a page for nearly every trial of a long sweep; a
    /// list of the best changes ever more rarely.
    static let leaders: Int64 = 1000

    /// Writes what the batch changed about experiments.
    mutating func writeTallies() throws {
        for key in tallies.keys.sorted() {
            guard let tally = tallies[key] else { continue }
            try run(
                """
                UPDATE experiments SET created = created + ?, succeeded = succeeded + ?,
                    pruned = pruned + ?, failed = failed + ?
                WHERE sweep = ? AND position = ?
                """,
                tally.created, tally.succeeded, tally.pruned, tally.failed, key.sweep,
                key.position)
            if !tally.results.isEmpty { try rank(tally, of: key) }
        }
        tallies = [:]
    }

    private func rank(_ tally: Tally, of key: ExperimentKey) throws {
        let goal = try String.fetchOne(
            database, sql: "SELECT goal FROM sweeps WHERE id = ?", arguments: [key.sweep])
        let sign = goal == Objective.Goal.maximize.rawValue ? -1.0 : 1.0
        let last = try lastLeader(of: key)
        let insert = try PreparedStatement(
            database,
            "INSERT INTO leaders (sweep, experiment, score, number) VALUES (?, ?, ?, ?)")
        var isChanged = false
        for result in tally.results {
            let score = sign * result.objective
            guard score < last ?? .infinity else { continue }
            try insert.run(key.sweep, key.position, score, Int64(result.number))
            isChanged = true
        }
        guard isChanged, let last = try lastLeader(of: key) else { return }
        try run(
            "DELETE FROM leaders WHERE sweep = ? AND experiment = ? AND score > ?", key.sweep,
            key.position, last)
    }

    /// The score of the last trial that is certainly kept; nil while there are fewer.
    private func lastLeader(of key: ExperimentKey) throws -> Double? {
        try Double.fetchOne(
            database,
            sql: """
                SELECT score FROM leaders WHERE sweep = ? AND experiment = ?
                ORDER BY score, number LIMIT 1 OFFSET ?
                """,
            arguments: [key.sweep, key.position, Self.leaders - 1])
    }
}
