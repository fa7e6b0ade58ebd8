import Foundation
import Testing
import Trainers
import Vocabulary

/// MLflow's own client, unchanged, in the environment that `scripts/test-venv` makes.
@Suite(.enabled(if: MLflowClient.isInstalled, "scripts/test-venv makes the environment"))
struct CommandMLflowTests {
    @Test func `what MLflow's client logs is the curve and the result`() async throws {
        let run = try await MLflowClient.run(
            """
            for step, value in enumerate([3.0, 2.0, 1.0]):
                mlflow.log_metric("loss", value * 2, step=step)
                mlflow.log_metric("rmse", value, step=step)
            """)
        #expect(run.failure == nil, "\(run.failure?.message ?? "")")
        #expect(
            run.messages.dropLast() == [
                .report(step: 1, metrics: [Metric("loss", 6), Metric("rmse", 3)]),
                .report(step: 2, metrics: [Metric("loss", 4), Metric("rmse", 2)]),
                .report(step: 3, metrics: [Metric("loss", 2), Metric("rmse", 1)]),
            ])
        #expect(run.result == ["loss": 2, "rmse": 1])
    }

    @Test func `a script that uses most of the client runs unchanged`() async throws {
        let run = try await MLflowClient.run(
            """
            mlflow.set_experiment("kitchen")
            with mlflow.start_run() as run:
                mlflow.log_param("lr", 0.1)
                mlflow.log_params({"depth": 3, "kind": "a"})
                mlflow.set_tag("team", "blue")
                mlflow.set_tags({"a": "1", "b": "2"})
                mlflow.delete_tag("a")
                mlflow.log_metrics({"rmse": 1.5, "mae": float("nan")}, step=4)
            data = mlflow.get_run(run.info.run_id).data
            assert data.params == {"lr": "0.1", "depth": "3", "kind": "a"}, data.params
            assert data.metrics["rmse"] == 1.5 and data.tags["team"] == "blue", data
            assert "a" not in data.tags and data.tags["b"] == "2", data.tags
            assert mlflow.get_run(run.info.run_id).info.status == "FINISHED"
            """)
        #expect(run.failure == nil, "\(run.failure?.message ?? "")")
        #expect(run.messages.count == 2)
        guard case .report(5, let metrics) = run.messages.first else {
            Issue.record("no report: \(run.messages)")
            return
        }
        #expect(metrics.map(\.name).sorted() == ["mae", "rmse"])
        #expect(run.result?["rmse"] == 1.5)
    }

    @Test func `a client without the trial's token is refused`() async throws {
        let run = try await MLflowClient.run(
            """
            os.environ["MLFLOW_TRACKING_TOKEN"] = "guess"
            try:
                mlflow.log_metric("rmse", 1)
            except mlflow.exceptions.MlflowException as error:
                assert "token" in str(error), error
            else:
                raise AssertionError("it was let in")
            """)
        #expect(run.failure == nil, "\(run.failure?.message ?? "")")
        #expect(run.messages == [.result(metrics: [])])
    }

    @Test func `a pruned script is ended while it logs`() async throws {
        let run = try await MLflowClient.run(
            """
            for step in range(1_000_000):
                mlflow.log_metric("rmse", 5, step=step)
            """, stop: .pruned)
        #expect(run.result == ["rmse": 5])
    }
}

private enum MLflowClient {
    private static var python: String {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(folder)/.build/test-venv/bin/python"
    }

    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: python) }

    static func run(_ script: String, stop: StopReason? = nil) async throws -> TrialRun {
        let fixture = try CommandFixture()
        try fixture.write("import os\nimport mlflow\n" + script, to: "train.py")
        return try await fixture.run(
            ["${env}", "${interpreter}", "train.py"], interpreter: python, stop: stop)
    }
}
