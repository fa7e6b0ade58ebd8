import Execution
import Testing
import Vocabulary

/// A host that cannot run trials, or not soon, leaves them to others.
@Suite struct RestTests {
    private func joined(cpus: UInt32 = 1) -> Bench {
        var bench = Bench(cpus: cpus)
        _ = bench.join()
        return bench
    }

    private func returned(_ trial: UInt32, _ reason: String) -> AttemptResult {
        AttemptResult(attempt: AttemptID(trial), outcome: .returned, message: reason)
    }

    @Test func `inputs that cannot be had give the trial to others, once, and bring a rest`() throws
    {
        var bench = joined()
        _ = bench.hear(.assign(.of(1, needing: try digest(1))))
        let step = bench.step([.inputsFailed(AttemptID(1), reason: "no space")])
        let reason = "an input cannot be had: no space"
        #expect(
            step
                == WorkerStep(
                    [.ended(returned(1, reason))],
                    [.send(.draining(reason: reason)), .send(.result(returned(1, reason)))],
                    [
                        .resting(.seconds(5), reason: reason),
                        .ended(AttemptID(1), .returned, message: reason),
                    ]))
        #expect(bench.step([.inputsFailed(AttemptID(1), reason: "again")]) == WorkerStep())
        #expect(bench.step([.inputsReady(AttemptID(1))]) == WorkerStep())
    }

    @Test func `after a rest it says hello, which brings leases again`() {
        var bench = joined()
        _ = bench.hear(.assign(.of(1)))
        _ = bench.step([.launchFailed(AttemptID(1), reason: "no memory")])
        _ = bench.hear(.acknowledge(AttemptID(1), .committed))
        bench.live(for: 4)
        let hello = Hello(facts: .host(1), prefetch: 0, held: [])
        #expect(bench.hear(.renewed, after: .seconds(1)).sent == [.hello(hello)])
        _ = bench.hear(.welcome(.usual))
        #expect(bench.hear(.assign(.of(2))).launched == [2])
    }

    @Test func `what arrives during a rest goes back, once, drained or not`() {
        for isDraining in [false, true] {
            var bench = joined()
            _ = bench.hear(.assign(.of(1)))
            _ = bench.step([.launchFailed(AttemptID(1), reason: "no memory")])
            if isDraining { _ = bench.step([.drain]) }
            #expect(bench.hear(.assign(.of(2))).records.count == 1)
        }
    }

    @Test func `leases stuck behind a long trial are given back`() {
        var bench = joined()
        _ = bench.hear(.assign(.of(1)))
        _ = bench.hear(.assign(.of(2)))
        let step = bench.hear(.renewed, after: .seconds(1))
        #expect(step.records == [.ended(returned(2, "the trials before it take long"))])
    }

    @Test func `a lease that only waits for its inputs is kept`() throws {
        var bench = joined(cpus: 2)
        _ = bench.hear(.assign(.of(1)))
        let lease = Lease.of(2, needing: try digest(1))
        _ = bench.hear(.assign(lease), after: .seconds(5))
        #expect(bench.hear(.renewed, after: .seconds(1)).records.isEmpty)
        #expect(bench.step([.inputsReady(AttemptID(2))]).launched == [2])
    }

    @Test func `a lease that waits for a trial told to end is kept`() {
        var bench = joined()
        _ = bench.hear(.assign(.of(1)))
        bench.live(for: 5)
        _ = bench.hear(.stop(AttemptID(1), .cancelled))
        #expect(bench.hear(.assign(.of(2))).records.isEmpty)
        #expect(bench.step([.ended(.of(1))]).launched == [2])
    }
}
