import Scheduling
import Search
import Testing
import Vocabulary

/// What samplers that learn are told of a sweep's trials.
struct HistoryTests {
    @Test func `every end that tells something of its point is told, with its cost`() throws {
        var bench = Bench()
        let trials: [(Outcome, Double?, Observation.Outcome?)] = [
            (.succeeded, 0.5, .succeeded(cost: 0.5)),
            (.failed(.nonFiniteMetric), nil, .infeasible),
            (.succeeded, .nan, .infeasible),
            (.failed(.outOfMemory), nil, .infeasible),
            (.failed(.workerLost), nil, .lost),
            (.pruned, 3, .stopped(step: 2, cost: 3)),
        ]
        let history = try history(in: &bench, goal: .minimize, trials)
        let known = trials.enumerated().compactMap { index, trial in
            trial.2.map { Observation([Assignment("x", .integer(Int64(index)))], $0) }
        }
        #expect(history.filter { $0.outcome != .pending } == known)
    }

    @Test func `the greater is better where the goal says so`() throws {
        var bench = Bench()
        let history = try history(
            in: &bench, goal: .maximize, [(.succeeded, 0.5, nil), (.pruned, 3, nil)])
        #expect(
            history.map(\.outcome).filter { $0 != .pending }
                == [.succeeded(cost: -0.5), .stopped(step: 2, cost: -3)])
    }

    @Test func `what runs or waits is told as well`() throws {
        var bench = Bench()
        let history = try history(in: &bench, goal: .minimize, [(.succeeded, 1, nil)])
        #expect(history.map(\.outcome) == [.succeeded(cost: 1), .pending])
    }

    @Test(arguments: [SamplerSpec.random, .grid, .sobol])
    func `samplers that do not learn are told nothing`(sampler: SamplerSpec) throws {
        var bench = Bench()
        let history = try history(
            in: &bench, goal: .minimize, sampler: sampler, [(.succeeded, 1, nil)])
        #expect(history.isEmpty)
    }

    @Test func `of a long search the best and the newest are told`() throws {
        let total: UInt32 = 2500
        let best: ClosedRange<UInt32> = 101...140
        var spec = spec(.tpe, goal: .minimize)
        spec.experiments[0].trials = total + 1
        var records: [Record] = [.sweepSubmitted(SweepID(1), spec, source: "", seed: 1)]
        for number in 1...total {
            let attempt = AttemptID(1, number)
            let loss = best.contains(number) ? Double(number) : 1000
            records += [
                .trialCreated(
                    TrialCreation(
                        trial: attempt.trial, experiment: 0, task: .search,
                        parameters: [Assignment("x", .integer(Int64(number)))], seed: 1)),
                .attemptStarted(attempt, WorkerID(1)),
                .attemptEnded(.of(attempt, loss: loss), next: .succeeded, objective: loss),
            ]
        }
        var coordinator = Coordinator.replay(records)
        let step = coordinator.step([.started(wallMilliseconds: 0)], at: .zero)
        let history = try #require(step.suggestions.first).history
        let told = history.compactMap { $0.assignments.first?.value.number }
        let leaders = (101...(100 + Observation.leaders)).map { Double($0) }
        let newest = ((Int(total) - Observation.newest + 1)...Int(total)).map { Double($0) }
        #expect(told == leaders + newest)
    }

    @Test(arguments: [(0, 1), (1, 1), (64, 8)] as [(UInt32, UInt32)])
    func `a sampler that learns is asked for few points at a time`(
        cpus: UInt32, points: UInt32
    ) throws {
        var bench = Bench()
        if cpus > 0 { bench.join(1, cpus: cpus) }
        let step = bench.step([
            .command(
                .submit(spec(.tpe, goal: .minimize), source: "yaml", seed: 7), RequestID(9))
        ])
        #expect(step.suggestions.map(\.count) == [points])
    }

    /// The history in the next question after trials of a worker with one CPU ended in turn.
    private func history(
        in bench: inout Bench, goal: Objective.Goal, sampler: SamplerSpec = .tpe,
        _ trials: [(outcome: Outcome, loss: Double?, Observation.Outcome?)]
    ) throws -> [Observation] {
        bench.join(1)
        let submitted = bench.step([
            .command(.submit(spec(sampler, goal: goal), source: "yaml", seed: 7), RequestID(9))
        ])
        var question = try #require(submitted.suggestions.first)
        for (index, trial) in trials.enumerated() {
            let attempt = AttemptID(1, UInt32(index) + 1)
            var step = bench.step([.suggested(question.answer(Int(question.count)))])
            if let next = step.suggestions.first { question = next }
            if trial.outcome == .pruned {
                let report = MetricReport(
                    attempt: attempt, step: 2, metrics: [Metric("loss", trial.loss ?? 0)])
                _ = bench.say(.report([report]), as: 1)
            }
            step = bench.result(attempt, trial.outcome, loss: trial.loss)
            if let next = step.suggestions.first { question = next }
        }
        // The last question was asked before the last trial had ended.
        let step = bench.step([.suggested(question.answer(Int(question.count)))])
        return (step.suggestions.first ?? question).history
    }

    private func spec(_ sampler: SamplerSpec, goal: Objective.Goal) -> SweepSpec {
        var spec = SweepSpec.plain(
            trials: 100, retries: RetryPolicy(lostAttempts: 1, failedAttempts: 1))
        spec.objective.goal = goal
        spec.experiments[0].sampler = sampler
        return spec
    }
}
