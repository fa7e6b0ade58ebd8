import Scheduling
import Storage
import Testing
import Vocabulary

struct ProjectionTests {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `the tables say what a plain fold of the records says`(seed: UInt64) async throws {
        let journal = try Journal(TemporaryFolder().state())
        var stream = RecordStream(seed: seed)
        var fold = PlainFold()
        for (index, batch) in stream.batches(120).enumerated() {
            try journal.append(batch, at: Int64(index))
            for record in batch { fold.apply(record) }
        }
        let catalogue = journal.catalogue
        let rows = try await catalogue.sweeps(limit: 1000)
        #expect(rows.map(\.id) == fold.sweeps.keys.sorted().reversed())
        for row in rows {
            try await compare(row, with: #require(fold.sweeps[row.id]), fold, catalogue)
            try await compareTrials(of: row.id, fold, catalogue)
        }
        #expect(fold.trials.count > 200)
    }

    private func compare(
        _ row: SweepRow, with sweep: PlainFold.Sweep, _ fold: PlainFold, _ catalogue: Catalogue
    ) async throws {
        #expect(row.phase == sweep.phase)
        #expect((row.ended != nil) == sweep.phase.isFinal)
        #expect(row.isPaused == sweep.isPaused)
        #expect(row.goal == sweep.spec.objective.goal)
        #expect(row.seed == sweep.seed)
        let detail = try #require(try await catalogue.sweep(row.id))
        #expect(detail.row == row)
        #expect(detail.spec == sweep.spec)
        #expect(detail.source == sweep.source)
        let trials = fold.trials(of: row.id).filter { $0.creation.task == .search }
        let board = fold.leaderboard(of: row.id)
        for (position, experiment) in row.experiments.enumerated() {
            let own = trials.filter { Int($0.creation.experiment) == position }
            #expect(experiment.isExhausted == sweep.isExhausted[position])
            #expect(experiment.created == own.count)
            #expect(experiment.waiting == own.count { $0.state == .waiting })
            #expect(experiment.running == own.count { $0.state == .running })
            #expect(experiment.succeeded == own.count { $0.state == .succeeded })
            #expect(experiment.pruned == own.count { $0.state == .pruned })
            #expect(experiment.failed == own.count { $0.state.isFailure })
            let best = board.first { Int($0.creation.experiment) == position }
            #expect(experiment.best?.number == best?.creation.trial.number)
            #expect(experiment.best?.objective == best?.objective)
            let leaders = try await catalogue.leaderboard(
                of: row.id, experiment: UInt32(position), limit: 1000)
            #expect(
                leaders.map(\.id)
                    == board.filter { Int($0.creation.experiment) == position }
                    .map(\.creation.trial))
        }
        let leaders = try await catalogue.leaderboard(of: row.id, offset: 2, limit: 5)
        #expect(leaders.map(\.id) == board.dropFirst(2).prefix(5).map(\.creation.trial))
    }

    private func compareTrials(
        of sweep: SweepID, _ fold: PlainFold, _ catalogue: Catalogue
    ) async throws {
        let expected = fold.trials(of: sweep)
        let rows = try await catalogue.trials(of: sweep, limit: 1000)
        #expect(rows.map(\.id) == expected.map(\.creation.trial))
        for (row, trial) in zip(rows, expected) {
            #expect(row.state == trial.state)
            #expect(row.objective == trial.objective)
            #expect(row.parameters == trial.creation.parameters)
            #expect(row.seed == trial.creation.seed)
            #expect(row.task == trial.creation.task)
            #expect(row.experiment == trial.creation.experiment)
            #expect(row.attempt == trial.attempts.keys.max() ?? 0)
            #expect((row.ended != nil) == trial.state.isFinal)
            let detail = try #require(try await catalogue.trial(row.id))
            #expect(detail.row == row)
            try await compare(detail, with: trial, catalogue)
        }
        for stage in TrialFilter.Stage.allCases {
            for experiment in [nil, 0, 1] as [UInt32?] {
                let page = try await catalogue.trials(
                    of: sweep, TrialFilter(experiment: experiment, stage: stage), limit: 1000)
                let own = rows.filter {
                    $0.state.stage == stage && ($0.experiment == experiment ?? $0.experiment)
                }
                #expect(page == own)
            }
        }
        let odd = try await catalogue.trials(
            of: sweep, TrialFilter(experiment: 1), after: 3, limit: 4)
        #expect(odd == Array(rows.filter { $0.experiment == 1 && $0.id.number > 3 }.prefix(4)))
    }

    private func compare(
        _ detail: TrialDetail, with trial: PlainFold.Trial, _ catalogue: Catalogue
    ) async throws {
        #expect(detail.attempts.map(\.number) == trial.attempts.keys.sorted())
        for attempt in detail.attempts {
            let expected = try #require(trial.attempts[attempt.number])
            #expect(attempt.worker == expected.worker)
            #expect(attempt.outcome == expected.outcome)
            #expect(attempt.metrics == expected.metrics)
            #expect(attempt.artifacts == expected.artifacts)
            #expect((attempt.ended != nil) == (expected.outcome != nil))
            let curves = try await catalogue.curves(
                of: AttemptID(trial: detail.row.id, number: attempt.number), points: 10_000)
            let steps = expected.curve.keys.sorted()
            #expect(curves.map(\.name) == (steps.isEmpty ? [] : ["loss", "rmse"]))
            for curve in curves {
                #expect(curve.points.map(\.step) == steps)
                let values = steps.map { step in
                    expected.curve[step]?.first { $0.name == curve.name }?.value.bitPattern
                }
                let isSame = zip(curve.points, values).allSatisfy { point, value in
                    point.value.bitPattern == value
                        || (point.value.isNaN && value.map(Double.init(bitPattern:))?.isNaN == true)
                }
                #expect(isSame)
            }
        }
    }
}

extension TrialState {
    fileprivate var isFailure: Bool {
        if case .failed = self { true } else { false }
    }

    fileprivate var stage: TrialFilter.Stage {
        switch self {
        case .waiting: .waiting
        case .running: .running
        case .succeeded: .succeeded
        case .pruned: .pruned
        case .failed: .failed
        }
    }
}
