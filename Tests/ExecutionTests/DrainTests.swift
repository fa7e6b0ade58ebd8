import Execution
import Testing
import Vocabulary

@Suite struct DrainTests {
    private func busy() -> Bench {
        var bench = Bench()
        _ = bench.join()
        _ = bench.hear(.assign(.of(1)))
        _ = bench.hear(.assign(.of(2)))
        return bench
    }

    private func returned(_ trial: UInt32) -> AttemptResult {
        AttemptResult(
            attempt: AttemptID(trial), outcome: .returned, message: "the worker is leaving")
    }

    @Test(arguments: [WorkerEvent.drain, .received(.drain)])
    func `asked once it gives back what has not started and leaves after the rest`(
        event: WorkerEvent
    ) {
        var bench = busy()
        #expect(
            bench.step([event])
                == WorkerStep(
                    [.ended(returned(2))],
                    [.send(.draining(reason: "")), .send(.result(returned(2)))],
                    [.draining, .ended(AttemptID(2), .returned, message: "the worker is leaving")]))
        _ = bench.hear(.acknowledge(AttemptID(2), .committed))
        _ = bench.step([.ended(.of(1))])
        let step = bench.hear(.acknowledge(AttemptID(1), .committed))
        #expect(step.directives == [.discard(AttemptID(1)), .send(.goodbye), .exit])
        #expect(bench.worker.nextDeadline == nil)
    }

    @Test func `asked twice it ends what runs and leaves at once`() {
        var bench = busy()
        _ = bench.step([.drain])
        #expect(bench.step([.drain]).directives == [.kill(AttemptID(1)), .send(.goodbye), .exit])
    }

    @Test func `what started behind others is not given back`() throws {
        var bench = Bench()
        _ = bench.join()
        _ = bench.hear(.assign(.of(1, needing: try digest(1))))
        #expect(bench.hear(.assign(.of(2))).launched == [2])
        #expect(bench.step([.drain]).records == [.ended(returned(1))])
        #expect(bench.step([.ended(.of(2))]).records == [.ended(.of(2))])
    }

    @Test func `inputs that fail after it gave the trial back change nothing`() throws {
        var bench = Bench()
        _ = bench.join()
        _ = bench.hear(.assign(.of(1, needing: try digest(1))))
        _ = bench.step([.drain])
        #expect(bench.step([.inputsFailed(AttemptID(1), reason: "gone")]) == WorkerStep())
    }

    @Test func `what arrives while it drains goes back`() {
        var bench = busy()
        _ = bench.step([.drain])
        let step = bench.hear(.assign(.of(3)))
        #expect(step.records == [.ended(returned(3))] && step.launched.isEmpty)
    }

    @Test func `on a new connection it says that it drains before it gives anything back`() {
        var bench = busy()
        _ = bench.step([.disconnected(reason: "gone")])
        _ = bench.step([.drain])
        _ = bench.step(after: .seconds(3))
        let step = bench.hear(.welcome(.usual))
        #expect(step.sent == [.draining(reason: ""), .result(returned(2))])
    }

    @Test func `without a coordinator it leaves when nothing runs and keeps the spool`() {
        var bench = busy()
        _ = bench.step([.disconnected(reason: "gone")])
        let step = bench.step([.drain])
        #expect(step.records == [.ended(returned(2))] && step.directives.isEmpty)
        let end = bench.step([.ended(.of(1))])
        #expect(end.records == [.ended(.of(1))])
        #expect(end.directives == [.exit])
    }
}
