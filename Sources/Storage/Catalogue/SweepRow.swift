import GRDB
package import Scheduling
package import Vocabulary

/// A sweep with how far its experiments are.
package struct SweepRow: Hashable, Sendable {
    /// Its number.
    package var id: SweepID
    /// Its name for people.
    package var name: String
    /// The registry model that its winner becomes a version of; nil for none.
    package var model: String?
    /// The metric that is optimised.
    package var metric: String
    /// Which way is better.
    package var goal: Objective.Goal
    /// Where it stands.
    package var phase: SweepPhase
    /// Why it is there; may be empty.
    package var reason: String
    /// Whether a person paused it.
    package var isPaused: Bool
    /// The seed in force.
    package var seed: UInt64
    /// When it was submitted, in milliseconds since 1970.
    package var submitted: Int64
    /// When it ended, in milliseconds since 1970; nil while it is open.
    package var ended: Int64?
    /// Its experiments, in the order of the sweep file.
    package var experiments: [ExperimentRow]

    /// The columns of `sweeps` that `init` reads.
    static let columns = """
        id, name, model, metric, goal, phase, reason, is_paused, seed, submitted, ended
        """

    init(row: Row, experiments: [ExperimentRow]) throws {
        guard let goal = Objective.Goal(rawValue: row["goal"]),
            let phase = SweepPhase(rawValue: row["phase"])
        else { throw UnreadableRow(table: "sweeps", row: row["id"]) }
        id = SweepID(row["id"])
        name = row["name"]
        model = row["model"]
        metric = row["metric"]
        self.goal = goal
        self.phase = phase
        reason = row["reason"]
        isPaused = row["is_paused"]
        seed = UInt64(bitPattern: row["seed"] as Int64)
        submitted = row["submitted"]
        ended = row["ended"]
        self.experiments = experiments
    }
}

/// An experiment of a sweep with how far it is; the counts are of search trials.
package struct ExperimentRow: Hashable, Sendable {
    /// The best trial of an experiment.
    package struct Best: Hashable, Sendable {
        /// The trial's number in its sweep.
        package var number: UInt32
        /// Its objective.
        package var objective: Double
    }

    /// The position in the sweep, from 0.
    package var position: UInt32
    /// The name, such as `Exp1`.
    package var name: String
    /// The code that trains.
    package var trainer: String
    /// How points are suggested.
    package var sampler: String
    /// The most trials that it will have.
    package var planned: Int
    /// Whether its space has no further points.
    package var isExhausted: Bool
    /// Trials made.
    package var created: Int
    /// Trials that run.
    package var running: Int
    /// Trials that ended with an objective.
    package var succeeded: Int
    /// Trials stopped early.
    package var pruned: Int
    /// Trials that ended badly or were cancelled.
    package var failed: Int
    /// The best trial; nil before one succeeded.
    package var best: Best?

    /// Trials to be placed.
    package var waiting: Int { max(0, created - running - succeeded - pruned - failed) }

    init(row: Row, goal: String, running: Int) {
        position = row["position"]
        name = row["name"]
        trainer = row["trainer"]
        sampler = row["sampler"]
        planned = row["planned"]
        isExhausted = row["is_exhausted"]
        created = row["created"]
        self.running = running
        succeeded = row["succeeded"]
        pruned = row["pruned"]
        failed = row["failed"]
        let sign = goal == Objective.Goal.maximize.rawValue ? -1.0 : 1.0
        if let number = row["best_number"] as UInt32?, let score = row["best_score"] as Double? {
            best = Best(number: number, objective: sign * score)
        }
    }
}

/// A sweep with all that its author wrote.
package struct SweepDetail: Hashable, Sendable {
    /// What the list shows.
    package var row: SweepRow
    /// The text of the sweep file.
    package var source: String
    /// What was read from it.
    package var spec: SweepSpec
}

/// A row whose words this build does not know.
struct UnreadableRow: Error, CustomStringConvertible {
    let table: String
    let row: Int64

    var description: String { "row \(row) of \(table) has a word that this build does not know" }
}
