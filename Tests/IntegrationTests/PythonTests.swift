import API
import Client
import Foundation
import Testing
import Vocabulary

/// The models that a sweep leaves, in the hands of the Python packages that people load them with.
@Suite(
    .serialized, .timeLimit(.minutes(2)),
    .enabled(
        if: PythonEnvironment.exists,
        "there is no .build/test-venv: run scripts/test-venv, which scripts/test does"))
struct PythonTests {
    @Test func `XGBoost and MLflow load every finalist and predict what picoml predicts`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1", cpus: 2)
            try writeSweep(to: cluster)
            let run = try await cluster.picoml("sweep", "submit", "sweep.yaml", "--wait", "--json")
            try #require(run.code == 0, "\(run.errors)")

            let champion = try #require(try await cluster.client().model("demand").champion)
            let gate = try #require(champion.data?.gate)
            try await fetch(gate, to: "gate.npy", in: cluster)
            let finalists = try await fetchFinalists(of: .last, in: cluster)
            #expect(Set(finalists.map(\.trial.experiment)) == ["Linear", "Trees", "Dart"])

            let answers = try PythonEnvironment.predict(
                finalists.map { "\($0.trial.id)" }, in: cluster)
            for finalist in finalists {
                let answer = try #require(answers["\(finalist.trial.id)"])
                try check(answer, of: finalist)
            }
            try await check(
                try #require(answers["\(champion.version.trial)"]), championIn: cluster)
        }
    }

    /// The three ways to load a model agree, and the errors are those that the worker measured.
    private func check(_ answer: PythonEnvironment.Answer, of finalist: TrialDocument) throws {
        let name = "trial \(finalist.trial.id), \(finalist.trial.experiment)"
        #expect(answer.booster.count == answer.actual.count)
        #expect(isClose(answer.flavour, answer.booster), "mlflow.xgboost, \(name)")
        #expect(isClose(answer.function, answer.booster), "mlflow.pyfunc, \(name)")
        let errors = zip(answer.booster, answer.actual).map { ($0 - $1) * ($0 - $1) }
        let error = (errors.reduce(0, +) / Double(errors.count)).squareRoot()
        let measured = try #require(finalist.metrics.first { $0.name == "gate_rmse" }?.value)
        #expect(abs(error - measured) <= 1e-4 * measured, "\(name): \(error), not \(measured)")
    }

    /// The gate's rows end where the file ends: the last ones are what `model predict` is asked.
    private func check(
        _ answer: PythonEnvironment.Answer, championIn cluster: Cluster
    ) async throws {
        let run = try await cluster.picoml(
            "model", "predict", "demand", "--input", "demand.csv", "--rows", "50", "--json")
        try #require(run.code == 0, "\(run.errors)")
        let prediction = try APICoding.decode(Prediction.self, from: Array(run.output.utf8))
        #expect(prediction.rows.count == 50)
        #expect(prediction.rows.compactMap(\.actual) == answer.actual.suffix(50))
        #expect(isClose(prediction.rows.map(\.predicted), Array(answer.booster.suffix(50))))
    }

    /// Whether two lists are the same up to a share of 1e-4, or 1e-4 for small values.
    private func isClose(_ left: [Double], _ right: [Double]) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy { abs($0 - $1) <= 1e-4 * max(1, abs($1)) }
    }

    /// The trials that were trained again to prove the winner, each with its files in a folder
    /// of its own name.
    private func fetchFinalists(
        of sweep: SweepSelector, in cluster: Cluster
    ) async throws -> [TrialDocument] {
        let finalists = try await cluster.documents(of: sweep).filter { trial in
            trial.artifacts.contains { $0.name == "model/MLmodel" }
        }
        for finalist in finalists {
            for file in finalist.artifacts {
                try await fetch(
                    file.digest, to: "\(finalist.trial.id)/\(file.name)", in: cluster)
            }
        }
        return finalists
    }

    private func fetch(_ digest: Digest, to name: String, in cluster: Cluster) async throws {
        let file = URL(filePath: "\(cluster.folder)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(try await cluster.client().artifact(digest)).write(to: file)
    }

    private func writeSweep(to cluster: Cluster) throws {
        let table = try String(
            contentsOf: Repository.root.appending(path: "configs/data/demand.csv"),
            encoding: .utf8)
        let rows = table.split(separator: "\n").prefix(1501).joined(separator: "\n") + "\n"
        try cluster.write(rows, to: "demand.csv")
        try cluster.write(Self.sweep, to: "sweep.yaml")
    }

    private static let sweep = """
        name: python
        model: demand
        metric: {name: rmse, goal: minimize}
        data:
          path: demand.csv
          time: ts
          target: count
          columns: [tmin, tmax, pn]
          lags: [24]
          calendar: [hour, weekday]
          split: {validation: 0.15, gate: 0.15}
        trainer: xgboost
        method: sobol
        trials: 3
        parameters: {objective: reg:squarederror, rounds: 20, eta: {min: 0.2, max: 0.5}}
        experiments:
          Linear:
            parameters: {booster: gblinear}
          Trees:
            parameters: {booster: gbtree, max_depth: {min: 3, max: 6}}
          Dart:
            parameters: {booster: dart, rate_drop: 0.1}
        promotion: {finalists: 3, seeds: 1, block_rows: 24, resamples: 500}

        """
}
