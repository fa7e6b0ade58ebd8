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

    private mutating func rank(_ tally: Tally, of key: ExperimentKey) throws {
        var list = try leaders[key] ?? Leaders(of: key, in: database)
        try list.add(tally.results, of: key, in: database)
        leaders[key] = list
    }
}
