import Execution
import Testing
import Vocabulary

@Suite struct ReportTests {
    private func running() -> Bench {
        var bench = Bench()
        _ = bench.join()
        _ = bench.hear(.assign(.of(1)))
        return bench
    }

    @Test func `a point goes out with the step in which it came`() {
        var bench = running()
        #expect(
            bench.step([.reported(.of(1, step: 1))])
                == WorkerStep([], [.send(.report([.of(1, step: 1)]))]))
        #expect(bench.step().sent.isEmpty)
    }

    @Test func `points go out again on a new connection until a renewal after them is answered`() {
        var bench = running()
        _ = bench.step([.reported(.of(1, step: 1))])
        _ = bench.step(after: .seconds(2))
        _ = bench.step([.reported(.of(1, step: 2))])
        // The answer is to the renewal before point 2.
        _ = bench.hear(.renewed)
        _ = bench.step([.disconnected(reason: "gone")])
        _ = bench.step(after: .seconds(3))
        #expect(bench.hear(.welcome(.usual)).sent == [.report([.of(1, step: 2)])])
    }

    @Test func `an answer confirms its own renewal, not a later one`() {
        var bench = running()
        _ = bench.step(after: .seconds(2))
        _ = bench.step([.reported(.of(1, step: 1))])
        _ = bench.step(after: .seconds(2))
        // Two renewals are under way; the first one was sent before the point.
        _ = bench.hear(.renewed)
        _ = bench.step([.disconnected(reason: "gone")])
        _ = bench.step(after: .seconds(3))
        #expect(bench.hear(.welcome(.usual)).sent == [.report([.of(1, step: 1)])])
    }

    @Test func `the curve goes out before the result that ends it`() {
        var bench = running()
        let step = bench.step([.reported(.of(1, step: 1)), .ended(.of(1))])
        #expect(step.sent.prefix(2) == [.report([.of(1, step: 1)]), .result(.of(1))])
    }

    @Test func `points gathered during an outage go out in frames`() {
        var bench = running()
        _ = bench.step([.disconnected(reason: "gone")])
        _ = bench.step((1...300).map { .reported(.of(1, step: $0)) })
        _ = bench.step(after: .seconds(3))
        let counts = bench.hear(.welcome(.usual)).sent.map { message in
            if case .report(let reports) = message { reports.count } else { 0 }
        }
        #expect(counts == [256, 44])
    }

    @Test func `points of what no longer matters are dropped`() {
        var bench = running()
        _ = bench.step([.disconnected(reason: "gone")])
        _ = bench.step([.reported(.of(1, step: 1)), .ended(.of(1))])
        _ = bench.hear(.acknowledge(AttemptID(1), .committed))
        _ = bench.step(after: .seconds(3))
        #expect(bench.hear(.welcome(.usual)).sent.isEmpty)
    }

    @Test func `points of strangers are ignored`() {
        var bench = running()
        #expect(bench.step([.reported(.of(9, step: 1))]) == WorkerStep())
    }
}
