import API
import Client
import Foundation
import Hashing
import Testing
import Vocabulary

/// What the product is for, from a sweep file to predictions of a champion.
@Suite(.timeLimit(.minutes(2)))
struct MainJobTests {
    @Test func `four experiments crown a champion, and the next sweep challenges it`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1")
            _ = try await cluster.startWorker("w2")
            try writeDemand(to: cluster)

            let first = try await submitAndWait(cluster)
            let gate = try #require(first["gate"] as? [String: Any])
            #expect(gate["verdict"] as? String == "promote")
            #expect(gate["champion_loss"] == nil)
            #expect(first["version"] as? Int == 1)
            let experiments = try await cluster.client().sweep(.last).experiments
            #expect(experiments.map(\.name) == ["Exp1", "Exp2", "Exp3", "Exp4"])
            #expect(experiments.map(\.trials.succeeded) == [3, 3, 3, 3])
            try await checkCurves(cluster)
            try await checkFiles(cluster)
            try await checkPredictions(cluster)
            try await checkDocuments(cluster)
            try await checkLog(cluster)

            let second = try await submitAndWait(cluster)
            let challenge = try #require(second["gate"] as? [String: Any])
            let verdict = try #require(challenge["verdict"] as? String)
            #expect(challenge["champion_loss"] is Double)
            #expect(challenge["difference"] is Double)
            #expect((challenge["reason"] as? String)?.isEmpty == false)
            let champion = try await cluster.client().model("demand").champion?.version.number
            let expected = verdict == "promote" ? second["version"] as? Int : 1
            #expect(champion.map { Int($0) } == expected)
            let shown = try await cluster.picoml("sweep", "show", "2")
            #expect(shown.code == 0)
            #expect(shown.output.contains("champion"))
        }
    }

    private func submitAndWait(_ cluster: Cluster) async throws -> [String: Any] {
        let run = try await cluster.picoml("sweep", "submit", "sweep.yaml", "--wait", "--json")
        try #require(run.code == 0, "\(run.errors)")
        return try #require(try run.json() as? [String: Any])
    }

    private func checkCurves(_ cluster: Cluster) async throws {
        let trials = try await cluster.trials(of: .last).filter { $0.task == "search" }
        #expect(trials.count == 12)
        for trial in trials {
            let curve = try await cluster.client().curve(of: trial.id.value, CurveQuery())
            let rounds = trial.parameters.first { $0.name == "rounds" }?.value.number
            #expect(curve.points.count == rounds.map { Int($0) }, "trial \(trial.id)")
            #expect(curve.points.allSatisfy { $0.value.isFinite && $0.value > 0 })
        }
    }

    /// Every file of the version is stored under its hash.
    private func checkFiles(_ cluster: Cluster) async throws {
        let client = try cluster.client()
        let version = try await client.version(1, of: "demand")
        let names = version.artifacts.map(\.name)
        #expect(names.contains("model/model.ubj"))
        #expect(names.contains("model/MLmodel"))
        for artifact in version.artifacts {
            let bytes = try await client.artifact(artifact.digest)
            #expect(UInt64(bytes.count) == artifact.byteCount)
            #expect(Digest.of(bytes) == artifact.digest)
        }
    }

    private func checkPredictions(_ cluster: Cluster) async throws {
        let run = try await cluster.picoml(
            "model", "predict", "demand", "--input", "demand.csv", "--rows", "3", "--json")
        try #require(run.code == 0, "\(run.errors)")
        let prediction = try APICoding.decode(Prediction.self, from: Array(run.output.utf8))
        #expect(prediction.rows.count == 3)
        #expect(prediction.rows.allSatisfy { $0.predicted.isFinite && $0.actual != nil })
        let shown = try await cluster.picoml("model", "show", "demand")
        #expect(shown.code == 0)
        #expect(shown.output.contains("champion"))
    }

    /// Everything that can be asked answers with one JSON document.
    private func checkDocuments(_ cluster: Cluster) async throws {
        for words in [
            ["sweep", "list"], ["sweep", "show"], ["trial", "list"], ["trial", "show", "1.1"],
            ["trial", "show", "1.1", "--curve"], ["worker", "list"], ["model", "list"],
            ["model", "show", "demand"],
        ] {
            let child = try cluster.launch("json", words + ["--json"])
            #expect(try await child.end() == 0, "\(words): \(child.log)")
            let document = try JSONSerialization.jsonObject(with: Data(child.output.utf8))
            #expect(document is [String: Any], "\(words)")
        }
    }

    private func checkLog(_ cluster: Cluster) async throws {
        let log = try await cluster.picoml("trial", "logs", "1.1")
        // The trainer has nothing to say about a trial that went well.
        #expect(log.code == 1)
        #expect(log.errors.contains("Trial 1.1 has no log"), "\(log.errors)")
    }

    /// The first rows of the real data and a sweep over them, as quickstart.yaml but smaller.
    private func writeDemand(to cluster: Cluster) throws {
        let configs = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "configs")
        let table = try String(
            contentsOf: configs.appending(path: "data/demand.csv"), encoding: .utf8)
        let rows = table.split(separator: "\n").prefix(2001).joined(separator: "\n") + "\n"
        try cluster.write(rows, to: "demand.csv")
        try cluster.write(Self.sweep, to: "sweep.yaml")
    }

    private static let sweep = """
        name: small
        model: demand
        metric: {name: rmse, goal: minimize}
        data:
          path: demand.csv
          time: ts
          target: count
          columns: [tmin, tmax, pn]
          lags: [24, 168]
          calendar: [hour, weekday]
          split: {validation: 0.15, gate: 0.15}
        trainer: xgboost
        method: sobol
        trials: 12
        parameters:
          objective: reg:squarederror
        experiments:
          Exp1:
            parameters:
              booster: gblinear
              rounds: 20
              eta: {min: 0.1, max: 1.0}
          Exp2:
            parameters:
              booster: gbtree
              rounds: 1
              eta: 1
              num_parallel_tree: {min: 5, max: 20, q: 5}
              max_depth: {min: 6, max: 10}
              subsample: 0.7
          Exp3:
            parameters:
              booster: gbtree
              rounds: 20
              eta: {min: 0.1, max: 0.4}
              max_depth: {min: 3, max: 6}
          Exp4:
            parameters:
              booster: dart
              rounds: 15
              eta: {min: 0.1, max: 0.5}
              rate_drop: {min: 0.05, max: 0.3}
        promotion: {finalists: 2, seeds: 2, block_rows: 168, resamples: 500}

        """
}
