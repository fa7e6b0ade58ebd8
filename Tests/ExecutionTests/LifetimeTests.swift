import Execution
import Testing
import Vocabulary

/// When a worker leaves by itself.
@Suite struct LifetimeTests {
    private func joined(_ lifetime: WorkerLifetime) -> Bench {
        var bench = Bench(cpus: 2, lifetime: lifetime)
        _ = bench.join()
        return bench
    }

    @Test func `it says how long it still works, each time that it says hello`() {
        var bench = Bench(lifetime: WorkerLifetime(timeLimit: .seconds(100)))
        func hello(_ seconds: Int) -> WorkerMessage {
            var facts = WorkerFacts.host(1)
            facts.timeLeft = .seconds(seconds)
            return .hello(Hello(facts: facts, prefetch: 0, held: []))
        }
        #expect(bench.step().sent == [hello(100)])
        _ = bench.hear(.welcome(.usual), after: .seconds(1))
        #expect(bench.hear(.resync, after: .seconds(4)).sent.contains(hello(95)))
    }

    @Test func `at its limit it ends what runs, with time for a checkpoint, and leaves`() {
        var bench = joined(WorkerLifetime(timeLimit: .seconds(20)))
        _ = bench.hear(.assign(.of(1)))
        bench.live(for: 19)
        let step = bench.hear(.renewed, after: .seconds(1))
        #expect(step.directives.contains(.terminate(AttemptID(1))))
        #expect(step.sent.contains(.draining(reason: "")))
        #expect(step.notes == [.leaving(reason: "its time is over"), .draining])
        // Nothing new, and nothing again.
        #expect(bench.hear(.renewed, after: .seconds(1)).directives == [])
        _ = bench.step([
            .checkpointed(AttemptID(1), step: 7, path: "checkpoint"),
            .ended(.of(1, .succeeded, seconds: 20)),
        ])
        let result = AttemptResult(
            attempt: AttemptID(1), outcome: .returned, seconds: 20,
            message: "the time of its worker was over")
        #expect(bench.step([.uploaded(AttemptID(1))]).sent == [.result(result)])
        let last = bench.hear(.acknowledge(AttemptID(1), .committed))
        #expect(last.directives == [.discard(AttemptID(1)), .send(.goodbye), .exit])
    }

    @Test func `what does not end at the limit is ended by force`() {
        var bench = joined(WorkerLifetime(timeLimit: .seconds(5)))
        _ = bench.hear(.assign(.of(1)))
        bench.live(for: 5)
        bench.live(for: 9)
        #expect(
            bench.hear(.renewed, after: .seconds(1)).directives.contains(.kill(AttemptID(1))))
    }

    @Test func `a trial that fails by itself at the limit is no less a failure`() {
        var bench = joined(WorkerLifetime(timeLimit: .seconds(5)))
        _ = bench.hear(.assign(.of(1)))
        bench.live(for: 5)
        let step = bench.step([.ended(.of(1, .failed(.outOfMemory)))])
        #expect(step.records == [.ended(.of(1, .failed(.outOfMemory)))])
    }

    @Test func `it leaves when there has been nothing to do for a while`() {
        var bench = joined(WorkerLifetime(idleTimeout: .seconds(31)))
        bench.live(for: 20)
        _ = bench.hear(.assign(.of(1)))
        bench.live(for: 40)
        _ = bench.step([.ended(.of(1))])
        _ = bench.hear(.acknowledge(AttemptID(1), .committed))
        bench.live(for: 30)
        let step = bench.hear(.renewed, after: .seconds(1))
        #expect(
            step
                == WorkerStep(
                    [], [.send(.draining(reason: "")), .send(.goodbye), .exit],
                    [.leaving(reason: "there was nothing to do"), .draining]))
        #expect(bench.worker.nextDeadline == nil)
    }

    /// A minute and a bit without a coordinator.
    private func abandon(_ bench: inout Bench) -> [WorkerStep] {
        var steps = [bench.step([.disconnected(reason: "gone")])]
        for _ in 0..<61 { steps.append(bench.step(after: .seconds(1))) }
        return steps
    }

    @Test func `without its coordinator it goes on unless told otherwise`() {
        var bench = joined(WorkerLifetime())
        _ = bench.hear(.assign(.of(1)))
        let directives = abandon(&bench).flatMap(\.directives)
        #expect(!directives.contains(.exit) && !directives.contains(.kill(AttemptID(1))))
    }

    @Test func `without its coordinator it may end what runs and leave`() {
        var bench = joined(WorkerLifetime(onLoss: .finish))
        _ = bench.hear(.assign(.of(1)))
        let steps = abandon(&bench)
        #expect(steps.flatMap(\.notes).contains(.leaving(reason: "the coordinator is gone")))
        let directives = steps.flatMap(\.directives)
        #expect(!directives.contains(.exit) && !directives.contains(.kill(AttemptID(1))))
        let last = bench.step([.ended(.of(1))])
        // The result waits in the spool for a later start.
        #expect(last.records == [.ended(.of(1))])
        #expect(last.directives.contains(.exit))
    }

    @Test func `without its coordinator it may leave at once`() {
        var bench = joined(WorkerLifetime(onLoss: .stop))
        _ = bench.hear(.assign(.of(1)))
        let directives = abandon(&bench).flatMap(\.directives)
        #expect(directives.suffix(2) == [.kill(AttemptID(1)), .exit])
    }

    @Test(arguments: CoordinatorLoss.allCases)
    func `a coordinator that comes back in time was not lost`(onLoss: CoordinatorLoss) {
        var bench = joined(WorkerLifetime(onLoss: onLoss))
        _ = bench.hear(.assign(.of(1)))
        _ = bench.step([.disconnected(reason: "gone")])
        var notes: [WorkerNote] = []
        for _ in 0..<50 { notes += bench.step(after: .seconds(1)).notes }
        notes += bench.hear(.welcome(.usual)).notes
        for _ in 0..<30 { notes += bench.hear(.renewed, after: .seconds(1)).notes }
        #expect(!notes.contains(.leaving(reason: "the coordinator is gone")))
    }

    @Test func `a coordinator that was never there is waited for`() {
        var bench = Bench(lifetime: WorkerLifetime(onLoss: .stop))
        for _ in 0..<300 { #expect(!bench.step(after: .seconds(1)).directives.contains(.exit)) }
    }
}
