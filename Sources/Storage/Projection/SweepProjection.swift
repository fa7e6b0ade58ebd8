import GRDB
import Registry
import Scheduling
import Vocabulary

extension Projection {
    func submit(
        _ sweep: SweepID, _ spec: SweepSpec, source: String, seed: UInt64
    ) throws {
        let id = Int64(sweep.number)
        try run(
            """
            INSERT INTO sweeps (id, name, model, metric, goal, phase, reason, is_paused, seed,
                submitted, source, spec)
            VALUES (?, ?, ?, ?, ?, ?, '', 0, ?, ?, ?, ?)
            """,
            id, spec.name, spec.model, spec.objective.metric, spec.objective.goal.rawValue,
            SweepPhase.searching.rawValue, Int64(bitPattern: seed), time, source,
            try JSONText.encode(spec))
        for (position, experiment) in spec.experiments.enumerated() {
            try run(
                """
                INSERT INTO experiments (sweep, position, name, trainer, sampler, planned,
                    is_exhausted, created, succeeded, pruned, failed)
                VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0)
                """,
                id, Int64(position), experiment.name, experiment.trainer.rawValue,
                experiment.sampler.rawValue, Int64(experiment.trials))
        }
        try audit("submit sweep", sweep.description)
    }

    mutating func enter(_ sweep: SweepID, _ phase: SweepPhase, reason: String) throws {
        try run(
            "UPDATE sweeps SET phase = ?, reason = ?, ended = ? WHERE id = ?", phase.rawValue,
            reason, phase.isFinal ? time : nil, Int64(sweep.number))
        try cancelOpenTrials(of: sweep)
        if phase.isFinal { leaders = leaders.filter { $0.key.sweep != Int64(sweep.number) } }
        if phase == .cancelled {
            try audit("cancel sweep", sweep.description, reason: reason)
        }
    }

    /// A sweep that enters a phase has given up whatever was still open.
    private mutating func cancelOpenTrials(of sweep: SweepID) throws {
        let id = Int64(sweep.number)
        let rows = TrialID(sweep: sweep, number: 0).row...TrialID(sweep: sweep, number: .max).row
        let experiments = try Int64.fetchAll(
            database, sql: "SELECT position FROM experiments WHERE sweep = ?", arguments: [id])
        for experiment in experiments {
            let open = try PreparedStatement(
                database,
                """
                SELECT count(*) FROM trials
                WHERE sweep = ? AND experiment = ? AND state IS NULL AND task = 'search'
                """
            ).first(columns: 1, id, experiment)
            let key = ExperimentKey(sweep: id, position: experiment)
            tallies[key, default: Tally()].failed += open?[0] ?? 0
            try run(
                """
                UPDATE trials SET state = 'failed', failure = ?, ended = ?
                WHERE sweep = ? AND experiment = ? AND state IS NULL
                """,
                FailureClass.cancelled.rawValue, time, id, experiment)
        }
        try run(
            """
            UPDATE attempts SET ended = ?, outcome = 'failed', failure = ?
            WHERE ended IS NULL AND trial BETWEEN ? AND ?
            """,
            time, FailureClass.cancelled.rawValue, rows.lowerBound, rows.upperBound)
    }

    func pause(_ sweep: SweepID, _ isPaused: Bool) throws {
        try run("UPDATE sweeps SET is_paused = ? WHERE id = ?", isPaused, Int64(sweep.number))
        try audit(isPaused ? "pause sweep" : "resume sweep", sweep.description)
    }

    func add(_ report: GateReport, of sweep: SweepID, winner: TrialID) throws {
        try run(
            """
            INSERT INTO gate_reports (sweep, time, winner, verdict, report)
            VALUES (?, ?, ?, ?, ?)
            """,
            Int64(sweep.number), time, winner.row, report.verdict.rawValue,
            try JSONText.encode(report))
    }
}
