import Registry
import Scheduling
import Testing
import Vocabulary

@Suite struct PromotionTests {
    private let report = GateReport(
        verdict: .promote, rows: 30, challengerLoss: 1, championLoss: nil, difference: nil,
        lower: nil, upper: nil, confidence: 0.95, reason: "it is better")

    /// Worker 1 runs everything of a sweep up to the gate's question.
    ///
    /// Losses of retrainings are digest `byte`, those of the champion `byte` + 50.
    private func judged(
        _ bench: inout Bench, byte: UInt8, trials: UInt32 = 1
    ) throws -> (SweepID, Step) {
        let sweep = bench.submit(try .promoted(trials: trials))
        return (sweep, try run(&bench, byte: byte))
    }

    /// Ends what runs until nothing does; the last step is returned.
    private func run(_ bench: inout Bench, byte: UInt8) throws -> Step {
        var last = Step()
        while let attempt = running(bench) {
            let task = bench.coordinator.durable[attempt.trial]?.task
            var files: [Artifact] = []
            if case .confirm = task { files = try gateFiles(byte) }
            if case .score(_, let version) = task {
                files = [try gateFiles(byte + 50 + UInt8(version))[0]]
            }
            last = bench.result(attempt, artifacts: files)
        }
        return last
    }

    private func running(_ bench: borrowing Bench) -> AttemptID? {
        for sweep in bench.coordinator.durable.openSweeps {
            guard let state = bench.coordinator.durable[sweep] else { continue }
            for (index, trial) in state.trials.enumerated() where trial.state == .running {
                return AttemptID(sweep.number, UInt32(index + 1), trial.attempt)
            }
        }
        return nil
    }

    private func start() -> Bench {
        var bench = Bench()
        bench.join(1)
        return bench
    }

    /// A first champion, version 1 of `kitchen`.
    private func champion(_ bench: inout Bench) throws {
        let (sweep, _) = try judged(&bench, byte: 10)
        _ = bench.step([.judged(sweep, .report(report))])
        #expect(bench.coordinator.durable.registry.champion(of: "kitchen")?.number == 1)
    }

    @Test func `the finalists train again with fresh seeds`() throws {
        var bench = start()
        _ = bench.submit(try .promoted(trials: 3, finalists: 2, seeds: 2))
        _ = bench.result(AttemptID(1, 1), loss: 3)
        _ = bench.result(AttemptID(1, 2), loss: 1)
        let step = bench.result(AttemptID(1, 3), loss: 2)
        let created = step.records.compactMap { record -> TrialTask? in
            if case .trialCreated(let creation) = record { creation.task } else { nil }
        }
        let (best, next) = (TrialID(1, 2), TrialID(1, 3))
        #expect(
            created == [
                .confirm(finalist: best), .confirm(finalist: best), .confirm(finalist: next),
                .confirm(finalist: next),
            ])
        let seeds = Set(bench.coordinator.durable[SweepID(1)]?.trials.map(\.seed) ?? [])
        #expect(seeds.count == 7)
    }

    @Test func `without a champion the gate is asked about the winner alone`() throws {
        var bench = start()
        let (sweep, step) = try judged(&bench, byte: 10)
        #expect(step.phases == [.judging])
        let question = try #require(step.judgements.first)
        #expect(question.challenger == (try digest(10)) && question.champion == nil)
        let end = bench.step([.judged(sweep, .report(report))])
        #expect(end.phases == [.finished])
        let moves = end.records.compactMap { record -> String? in
            guard case .registryChanged(.aliasMoved(let move)) = record else { return nil }
            return "\(move.alias) \(move.to) \(move.decision)"
        }
        #expect(moves == ["challenger 1 sweep-1-challenger", "champion 1 sweep-1"])
        let version = bench.coordinator.durable.registry.champion(of: "kitchen")
        #expect(version?.artifacts.map(\.name) == ["model/model.json"])
        #expect(version?.lineage.trial == TrialID(1, 2))
    }

    @Test func `a champion is scored and stays when the gate says so`() throws {
        var bench = start()
        try champion(&bench)
        let (sweep, step) = try judged(&bench, byte: 11)
        let question = try #require(step.judgements.first)
        #expect(question.champion == (try digest(62)))
        var keep = report
        keep.verdict = .keep
        _ = bench.step([.judged(sweep, .report(keep))])
        #expect(bench.coordinator.durable.registry.champion(of: "kitchen")?.number == 1)
        #expect(bench.coordinator.durable.registry.alias("challenger", of: "kitchen")?.number == 2)
    }

    @Test func `a champion that changed meanwhile is scored before the gate decides`() throws {
        var bench = start()
        let (slow, _) = try judged(&bench, byte: 12)
        let (fast, _) = try judged(&bench, byte: 13)
        _ = bench.step([.judged(fast, .report(report))])
        let step = bench.step([.judged(slow, .report(report))])
        #expect(step.phases == [.confirming])
        #expect(step.leases.map(\.task) == [.score(model: "kitchen", version: 1)])
        let question = try #require(try run(&bench, byte: 12).judgements.first)
        #expect(question.champion == (try digest(63)))
        _ = bench.step([.judged(slow, .report(report))])
        #expect(bench.coordinator.durable.registry.champion(of: "kitchen")?.number == 2)
    }

    @Test func `an answer about another champion than the present one is asked again`() throws {
        var bench = start()
        try champion(&bench)
        let (second, _) = try judged(&bench, byte: 11)
        _ = bench.step([.judged(second, .report(report))])
        // Version 2 is the champion; sweep 3 is compared with it, then version 1 comes back and
        // is scored, and then version 2 comes back while the answer about 1 is under way.
        let (third, _) = try judged(&bench, byte: 12)
        func promote(_ version: UInt32, _ decision: String) -> Command {
            .promote(
                model: "kitchen", version: version, decision: decision, actor: "person:cook",
                reason: "taste")
        }
        _ = bench.ask(promote(1, "a"))
        _ = bench.step([.judged(third, .report(report))])
        _ = try run(&bench, byte: 12)
        _ = bench.ask(promote(2, "b"))
        let step = bench.step([.judged(third, .report(report))])
        #expect(step.records.isEmpty)
        let question = try #require(step.judgements.first)
        #expect(question.champion == (try digest(64)))
        #expect(bench.step([.judged(third, .report(report))]).phases == [.finished])
    }

    @Test func `a champion that cannot be scored stays`() throws {
        var bench = start()
        try champion(&bench)
        let sweep = bench.submit(try .promoted())
        _ = bench.result(AttemptID(2, 1))
        _ = bench.result(AttemptID(2, 2), artifacts: try gateFiles(11))
        let step = bench.result(AttemptID(2, 3), .failed(.trainerError), loss: nil)
        #expect(step.phases == [.judging, .finished])
        #expect(step.judgements.isEmpty)
        #expect(bench.coordinator.durable[sweep] == nil)
        #expect(bench.coordinator.durable.registry.champion(of: "kitchen")?.number == 1)
        #expect(bench.coordinator.durable.registry.versions(of: "kitchen").count == 2)
    }

    @Test func `when no finalist can be trained again the sweep has failed`() throws {
        var bench = start()
        _ = bench.submit(try .promoted())
        _ = bench.result(AttemptID(1, 1))
        let step = bench.result(AttemptID(1, 2), .failed(.outOfMemory), loss: nil)
        #expect(
            step.records.last
                == .sweepEntered(SweepID(1), .failed, reason: "no finalist could be trained again"))
    }

    @Test func `losses that cannot be compared leave the champion and keep the version`() throws {
        var bench = start()
        let (sweep, _) = try judged(&bench, byte: 10)
        let step = bench.step([.judged(sweep, .impossible("a file is missing"))])
        #expect(step.phases == [.finished])
        #expect(bench.coordinator.durable.registry.champion(of: "kitchen") == nil)
        #expect(bench.coordinator.durable.registry.versions(of: "kitchen").count == 1)
    }

    @Test func `after a restart the gate is asked again`() throws {
        var bench = start()
        let (sweep, before) = try judged(&bench, byte: 10)
        let step = bench.restart()
        #expect(step.judgements == before.judgements)
        #expect(bench.step([.judged(sweep, .report(report))]).phases == [.finished])
        #expect(bench.step([.judged(sweep, .report(report))]).records.isEmpty)
    }

    @Test func `people promote and roll back, and a repeated decision changes nothing`() throws {
        var bench = start()
        try champion(&bench)
        let (second, _) = try judged(&bench, byte: 11)
        _ = bench.step([.judged(second, .report(report))])
        let rollback = Command.rollback(
            model: "kitchen", decision: "r1", actor: "person:cook", reason: "too salty")
        #expect(bench.ask(rollback) == .champion(model: "kitchen", version: 1))
        let again = bench.step([.command(rollback, RequestID(90))])
        #expect(
            again
                == Step(
                    [], [.answer(RequestID(90), .champion(model: "kitchen", version: 1))]))
        let other = Command.rollback(
            model: "kitchen", decision: "r2", actor: "person:cook", reason: "")
        guard case .refused(.conflict, _)? = bench.ask(other) else {
            Issue.record("there is nothing to roll back to")
            return
        }
        let unknown = Command.promote(
            model: "kitchen", version: 9, decision: "p", actor: "person:cook", reason: "")
        guard case .refused(.notFound, _)? = bench.ask(unknown) else {
            Issue.record("there is no version 9")
            return
        }
    }
}
