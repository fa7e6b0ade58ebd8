import Scheduling
import Testing
import Vocabulary

/// Workers that leave after a while.
@Suite struct TimeLeftTests {
    private func spec(limit: Double?, trials: UInt32 = 3) -> SweepSpec {
        var spec = SweepSpec.plain(trials: trials)
        spec.experiments[0].timeLimit = limit
        return spec
    }

    private func explain(_ bench: inout Bench, _ trial: TrialID) -> [String] {
        guard case .explanation(let sentences)? = bench.ask(.explain(trial)) else {
            return ["no explanation"]
        }
        return sentences
    }

    @Test func `a trial that may outlast a worker waits for another`() {
        var bench = Bench()
        _ = bench.submit(spec(limit: 100, trials: 1))
        bench.authorize(1)
        bench.authorize(2)
        #expect(bench.hello(1, timeLeft: .seconds(99)).placed.isEmpty)
        #expect(
            explain(&bench, TrialID(1, 1)) == [
                "Worker 1 (host-1) leaves in 99 s, and the trial may take 100 s."
            ])
        #expect(bench.hello(2, timeLeft: .seconds(100)).placed == ["1.1#1 on 2"])
    }

    @Test func `a trial of unknown length is tried anywhere`() {
        var bench = Bench()
        _ = bench.submit(spec(limit: nil))
        bench.authorize(1)
        #expect(bench.hello(1, timeLeft: .seconds(1)).placed == ["1.1#1 on 1"])
    }

    @Test func `what trials really take counts more than what they may take`() {
        var bench = Bench()
        bench.join(1)
        _ = bench.submit(spec(limit: 1000))
        var result = AttemptResult.of(AttemptID(1, 1))
        result.seconds = 40
        _ = bench.say(.result(result), as: 1)
        bench.authorize(2)
        bench.authorize(3)
        #expect(bench.hello(2, timeLeft: .seconds(39)).placed.isEmpty)
        #expect(bench.hello(3, timeLeft: .seconds(41)).placed == ["1.3#1 on 3"])
        // The same after a restart: it was in the records.
        _ = bench.restart()
        #expect(bench.coordinator.durable[SweepID(1)]?.experiments[0].longestSeconds == 40)
    }

    @Test func `its time goes by`() {
        var bench = Bench()
        bench.authorize(1)
        _ = bench.hello(1, timeLeft: .seconds(10))
        _ = bench.step([.tick], after: .seconds(5))
        _ = bench.submit(spec(limit: 6, trials: 1))
        #expect(bench.coordinator.durable[TrialID(1, 1)]?.state == .waiting)
        _ = bench.submit(spec(limit: 5, trials: 1))
        #expect(bench.coordinator.durable[TrialID(2, 1)]?.state == .running)
    }

    @Test func `a trial that goes on from a checkpoint gets further anywhere`() throws {
        var bench = Bench()
        bench.join(1)
        _ = bench.submit(spec(limit: 100, trials: 1))
        let checkpoint = Checkpoint(step: 3, digest: try digest(1), byteCount: 1)
        _ = bench.say(.checkpoint(AttemptID(1, 1), checkpoint), as: 1)
        _ = bench.say(.draining(reason: ""), as: 1)
        _ = bench.result(AttemptID(1, 1), .returned, loss: nil)
        bench.authorize(2)
        #expect(bench.hello(2, timeLeft: .seconds(10)).placed == ["1.1#2 on 2"])
    }
}
