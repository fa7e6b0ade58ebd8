import Foundation
import Testing
import Trainers
import Vocabulary

@Suite struct CommandCurveTests {
    @Test func `what the command says on its channel reaches the worker in order`() async throws {
        let fixture = try CommandFixture()
        let run = try await fixture.shell(
            """
            printf '{"report":{"step":1,"metrics":{"rmse":2}}}\\n' >&3
            printf '{"artifact":{"name":"m","path":"m.bin"}}\\n' >&3
            printf '{"checkpoint":{"step":1,"path":"c"}}\\n{"result":{"metrics":{"rmse":1}}}\\n' >&3
            """)
        #expect(
            run.messages == [
                .report(step: 1, metrics: [Metric("rmse", 2)]),
                .artifact(name: "m", path: "m.bin"), .checkpoint(step: 1, path: "c"),
                .result(metrics: [Metric("rmse", 1)]),
            ])
        #expect(run.exitCode == 0)
    }

    @Test func `without a result of its own the last value of each metric is the result`()
        async throws
    {
        let fixture = try CommandFixture()
        let run = try await fixture.shell(
            """
            printf '{"report":{"step":1,"metrics":{"rmse":2,"mae":5}}}\\n' >&3
            printf '{"report":{"step":2,"metrics":{"rmse":1}}}\\n' >&3
            """)
        #expect(run.result == ["rmse": 1, "mae": 5])
    }

    @Test func `a broken line ends the command and fails the trial`() async throws {
        let fixture = try CommandFixture()
        let run = try await fixture.shell("printf 'hello\\n' >&3; exec sleep 1000")
        #expect(run.failure?.kind == .trainerError)
        #expect(run.failure?.message.contains("rules") == true)
    }

    @Test func `output is read for metrics when the experiment says so`() async throws {
        let fixture = try CommandFixture()
        fixture.readsOutput = true
        let run = try await fixture.shell(
            """
            echo 'epoch=0 loss: 3.5, rmse=2.5e0'
            echo 'epoch=1 rmse=1.5;'
            echo 'at 12:30 took 5s, 3/10 done, rmse=abc'
            echo '{"epoch": 2, "rmse": 1.25, "acc": NaN, "ok": true}'
            printf 'epoch=3, rmse = 1'
            """)
        let steps = run.messages.compactMap { message in
            if case .report(let step, _) = message { step } else { nil }
        }
        #expect(steps == [1, 2, 3, 4])
        let values = run.messages.compactMap { message in
            guard case .report(_, let metrics) = message else { return Double?.none }
            return metrics.first { $0.name == "rmse" }?.value
        }
        #expect(values == [2.5, 1.5, 1.25, 1])
        #expect(run.result?["loss"] == 3.5)
        #expect(run.result?["acc"]?.isNaN == true)
        #expect(run.result?["ok"] == nil)
    }

    @Test func `without steps each value of the objective is one`() async throws {
        let fixture = try CommandFixture()
        fixture.readsOutput = true
        let run = try await fixture.shell("for v in 3 2 1; do echo mae=$v; echo rmse=$v; done")
        let points: [TrialProcessMessage] = [3.0, 2, 1].enumerated().map { index, value in
            .report(
                step: UInt64(index + 1), metrics: [Metric("mae", value), Metric("rmse", value)])
        }
        #expect(run.messages.dropLast() == points[...])
        #expect(run.result == ["mae": 1, "rmse": 1])
    }

    @Test func `special numbers and names in output`() async throws {
        let fixture = try CommandFixture()
        fixture.readsOutput = true
        let run = try await fixture.shell(
            "echo 'val/loss=-inf a.b-c: NaN (x = +1.5) [y:2] z=0x10 w=1. rmse=Infinity step=7'")
        let result = try #require(run.result)
        #expect(result["val/loss"] == -.infinity)
        #expect(result["a.b-c"]?.isNaN == true)
        #expect(result["x"] == 1.5 && result["y"] == 2 && result["w"] == 1)
        #expect(result["z"] == nil)
        #expect(result["rmse"] == .infinity)
        guard case .report(7, _) = run.messages.first else {
            Issue.record("the step was not read: \(run.messages)")
            return
        }
    }

    @Test func `a line beyond 64 KiB is passed over and the next one is read`() async throws {
        let fixture = try CommandFixture()
        fixture.readsOutput = true
        let run = try await fixture.shell(
            "printf 'rmse=9 %70000s rmse=8\\n' '' | sed 's/^/x/'; echo rmse=1")
        #expect(run.curve == [1])
    }

    @Test func `output is left alone unless the experiment says so`() async throws {
        let run = try await CommandFixture().shell("echo rmse=1")
        #expect(run.curve.isEmpty)
        #expect(run.result == [:])
    }
}
