import Execution
import Testing
import Vocabulary

@Suite struct CheckpointTests {
    private let attempt = AttemptID(1)

    private func running() -> Bench {
        var bench = Bench(cpus: 1)
        _ = bench.join()
        _ = bench.hear(.assign(.of(1)))
        return bench
    }

    private func checkpoint() throws -> Checkpoint {
        Checkpoint(step: 3, digest: try digest(3), byteCount: 10)
    }

    @Test func `a checkpoint is stored first and told then, after the curve that it covers`() throws
    {
        var bench = running()
        #expect(
            bench.step([.checkpointed(attempt, step: 3, path: "c")]).directives
                == [.storeCheckpoint(attempt, step: 3, path: "c")])
        let report = MetricReport(attempt: attempt, step: 3, metrics: [Metric("loss", 1)])
        let step = bench.step([
            .reported(report), .checkpointStored(attempt, try checkpoint()),
        ])
        #expect(
            step.directives.prefix(2) == [
                .send(.report([report])), .send(.checkpoint(attempt, try checkpoint())),
            ])
    }

    @Test func `a checkpoint that was stored during an outage is told afterwards`() throws {
        var bench = running()
        _ = bench.step([.disconnected(reason: "cut")])
        let stored = bench.step([.checkpointStored(attempt, try checkpoint())])
        #expect(!stored.directives.contains(.send(.checkpoint(attempt, try checkpoint()))))
        #expect(bench.join().directives.contains(.send(.checkpoint(attempt, try checkpoint()))))
    }

    @Test func `a checkpoint of an execution that ended is of no interest`() throws {
        var bench = running()
        _ = bench.step([.ended(.of(1))])
        #expect(bench.step([.checkpointStored(attempt, try checkpoint())]) == WorkerStep())
        #expect(
            bench.step([.checkpointed(attempt, step: 4, path: "c")]).directives.isEmpty)
    }

    @Test func `inputs that are of no use anywhere fail the execution with its own class`() throws {
        var bench = Bench(cpus: 1)
        _ = bench.join()
        _ = bench.hear(.assign(.of(1, needing: try digest(1))))
        let step = bench.step([.inputsUnusable(attempt, .badCode, reason: "no such package")])
        let result = AttemptResult(
            attempt: attempt, outcome: .failed(.badCode), message: "no such package")
        #expect(step.directives.contains(.send(.result(result))))
        #expect(step.records == [.ended(result)])
    }

    @Test func `a checkpoint of the last moment is stored before the result is sent`() throws {
        var bench = Bench()
        _ = bench.join()
        _ = bench.hear(.assign(.of(1)))
        _ = bench.step([.reported(.of(1, step: 2, loss: 7))])
        _ = bench.step([.checkpointed(attempt, step: 3, path: "c")])
        _ = bench.step([.reported(.of(1, step: 4, loss: 5))])
        let ended = bench.step([.ended(.of(1))])
        #expect(ended.directives == [.upload(attempt, [])])
        let stored = bench.step([.checkpointStored(attempt, try checkpoint())])
        var expected = try checkpoint()
        // Of when it was written, not of when it was stored.
        expected.objective = 7
        #expect(stored.sent == [.checkpoint(attempt, expected)])
        #expect(bench.step([.uploaded(attempt)]).sent == [.result(.of(1))])
    }
}
