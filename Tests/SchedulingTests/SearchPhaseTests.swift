import Scheduling
import Search
import Testing
import Vocabulary

@Suite struct SearchPhaseTests {
    @Test func `a sweep ends when every point was tried`() {
        var bench = Bench()
        bench.join(1)
        _ = bench.submit(.plain(trials: 2))
        #expect(bench.result(AttemptID(1, 1)).phases.isEmpty)
        let step = bench.result(AttemptID(1, 2))
        #expect(
            step.records.last
                == .sweepEntered(SweepID(1), .finished, reason: "every trial has ended"))
        #expect(bench.coordinator.durable.openSweeps.isEmpty)
    }

    @Test func `a grid with fewer points than trials ends with its points`() {
        var bench = Bench()
        bench.join(1)
        let sweep = bench.submit(.plain(trials: 8), points: 1)
        #expect(bench.journal.contains(.experimentExhausted(sweep, experiment: 0)))
        #expect(bench.result(AttemptID(1, 1)).phases == [.finished])
    }

    @Test func `a space without points fails the sweep`() {
        var bench = Bench()
        _ = bench.submit(.plain(trials: 8), points: 0)
        #expect(
            bench.journal.last
                == .sweepEntered(SweepID(1), .failed, reason: "no trial ended with a usable result")
        )
    }

    @Test func `the target ends the search and what still runs`() {
        var bench = Bench()
        bench.join(1, cpus: 2)
        _ = bench.submit(.plain(trials: 4, target: 0.5))
        let step = bench.result(AttemptID(1, 1), loss: 0.5)
        #expect(step.phases == [.finished])
        #expect(step.messages.contains(.stop(AttemptID(1, 2), .cancelled)))
        #expect(step.leases.isEmpty)
    }

    @Test func `a sweep whose trials all failed has failed`() {
        var bench = Bench()
        bench.join(1)
        _ = bench.submit(.plain(trials: 1))
        #expect(
            bench.result(AttemptID(1, 1), .failed(.trainerError), loss: nil).phases == [.failed])
    }

    @Test func `answers of the search pool that are not awaited are ignored`() {
        var bench = Bench()
        let request = bench.step([
            .command(.submit(.plain(trials: 40), source: "", seed: 1), RequestID(1))
        ]).suggestions[0]
        _ = bench.step([.suggested(request.answer(16))])
        #expect(bench.step([.suggested(request.answer(16))]).records.isEmpty)
        var foreign = request.answer(1)
        foreign.experiment = 7
        #expect(bench.step([.suggested(foreign)]).records.isEmpty)
        foreign.sweep = SweepID(9)
        #expect(bench.step([.suggested(foreign)]).records.isEmpty)
    }

    @Test func `points keep the order of their numbers`() {
        var bench = Bench()
        bench.join(1)
        _ = bench.submit(.plain(trials: 40))
        for number in UInt32(1)...20 {
            for request in bench.result(AttemptID(1, number)).suggestions {
                _ = bench.step([.suggested(request.answer(Int(request.count)))])
            }
        }
        let values = bench.coordinator.durable[SweepID(1)]?.trials.map(\.parameters)
        #expect(values == (0..<32).map { [Assignment("x", .integer($0))] })
    }

    @Test func `a paused sweep places nothing and goes on when resumed`() {
        var bench = Bench()
        bench.join(1)
        let sweep = bench.submit(.plain(trials: 2))
        #expect(bench.ask(.pause(sweep)) == .done)
        #expect(bench.result(AttemptID(1, 1)).leases.isEmpty)
        #expect(bench.step([.command(.pause(sweep), RequestID(70))]).records.isEmpty)
        let step = bench.step([.command(.resume(sweep), RequestID(71))])
        #expect(step.records.first == .sweepPaused(sweep, false))
        #expect(step.placed == ["1.2#1 on 1"])
    }

    @Test func `a cancelled sweep stops what runs and is over`() {
        var bench = Bench()
        bench.join(1)
        let sweep = bench.submit(.plain(trials: 2))
        let step = bench.step([.command(.cancel(sweep), RequestID(70))])
        #expect(
            step
                == Step(
                    [.sweepEntered(sweep, .cancelled, reason: "a person cancelled it")],
                    [
                        .send(.stop(AttemptID(1, 1), .cancelled), to: PeerID(number: 1)),
                        .answer(RequestID(70), .done),
                    ], [.sweepEntered(sweep, .cancelled, reason: "a person cancelled it")]))
        #expect(
            bench.ask(.cancel(sweep)) == .refused(.conflict, reason: "sweep 1 has ended"))
        #expect(
            bench.ask(.pause(SweepID(9))) == .refused(.notFound, reason: "there is no sweep 9"))
    }

    @Test func `replaying the journal gives the live state at every record`() throws {
        var bench = Bench()
        bench.join(1, cpus: 2)
        var spec = try SweepSpec.promoted(trials: 4, finalists: 2, seeds: 2)
        spec.experiments[0].pruner = .asha(HalvingRule(reductionFactor: 2))
        _ = bench.submit(spec)
        for number in UInt32(1)...3 {
            let report = MetricReport(
                attempt: AttemptID(1, number), step: 1, metrics: [Metric("loss", Double(number))])
            _ = bench.say(.report([report]), as: 1)
            _ = bench.result(AttemptID(1, number), number == 2 ? .pruned : .succeeded)
            let isSame = Coordinator.replay(bench.journal).durable == bench.coordinator.durable
            #expect(isSame)
        }
        _ = bench.restart()
        let isSame = Coordinator.replay(bench.journal).durable == bench.coordinator.durable
        #expect(isSame)
    }
}
