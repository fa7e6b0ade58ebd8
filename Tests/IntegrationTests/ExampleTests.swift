import API
import Client
import Foundation
import Testing
import Vocabulary

/// The examples in `configs/sweeps`, with the packages that they name.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ExampleTests {
    @Test func `scikit-learn's digits: four families in a virtual environment`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let worker = try await cluster.startWorker("w1", cpus: 2)
            let sweep = try await cluster.runExample("sklearn-digits", within: .seconds(240))
            #expect(sweep.sweep.phase == .finished, "\(sweep.sweep.reason)")
            for trial in try await cluster.documents(of: .last) {
                #expect(trial.trial.state != .failed)
                // What was pruned had its reasons.
                guard trial.trial.state == .succeeded else { continue }
                let accuracy = trial.metrics.first { $0.name == "accuracy" }?.value ?? 0
                #expect(accuracy > 0.5, "trial \(trial.trial.id)")
                #expect(trial.artifacts.contains { $0.name == "model.joblib" })
            }
            try await resume(worker, in: cluster)
        }
    }

    /// Ends the worker in the middle of the example's network: the next attempt goes on from the
    /// last checkpoint.
    private func resume(_ worker: ChildProcess, in cluster: Cluster) async throws {
        let epochs: UInt64 = 300
        let network = try await cluster.submit(
            """
            name: network
            metric: {name: loss, goal: minimize}
            code: \(Repository.root.path)/configs/sweeps/digits
            entry: train.py:train
            environment: {requirements: requirements.txt}
            method: random
            trials: 1
            parameters: {family: network, epochs: \(epochs), width: 64, rate: 0.001, alpha: 0.0001}

            """)
        let trial = try #require(try await cluster.trials(of: network).first).id.value
        try await eventually("thirty epochs", within: .seconds(30)) {
            let curve = try await cluster.client().curve(of: trial, CurveQuery())
            return curve.points.last?.step ?? 0 >= 30
        }
        worker.kill9()
        try await cluster.launchWorker("w1").says("joined as worker")
        #expect(try await cluster.ended(network, within: .seconds(60)).sweep.phase == .finished)
        let ended = try await cluster.client().trial(trial)
        #expect(ended.attempts.map(\.failure) == [.workerLost, nil])
        #expect(ended.checkpoints.count == 1)
        let curve = try await cluster.client().curve(of: trial, CurveQuery(points: 10_000))
        #expect(curve.points.map(\.step) == Array(1...epochs))
        // A network that began anew would be as bad again as in its first epochs.
        let losses = curve.points.map(\.value)
        let early = try #require(losses.prefix(3).min())
        #expect(losses.dropFirst(20).allSatisfy { $0 < early })
    }

    @Test func `a trainer in awk prints its metrics`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1", cpus: 2)
            let sweep = try await cluster.runExample("command-any-language", within: .seconds(60))
            #expect(sweep.sweep.phase == .finished, "\(sweep.sweep.reason)")
            let trials = try await cluster.documents(of: .last)
            #expect(trials.allSatisfy { $0.trial.state != .failed })
            let best = trials.compactMap(\.trial.objective).min() ?? 1
            #expect(best < 0.1)
        }
    }

    @Test func `a sweep file of Weights & Biases runs as it is`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1", cpus: 2)
            let sweep = try await cluster.runExample("wandb-format", within: .seconds(60))
            #expect(sweep.sweep.phase == .finished, "\(sweep.sweep.reason)")
            for trial in try await cluster.documents(of: .last) {
                #expect(trial.trial.state != .failed)
                #expect(trial.metrics.contains { $0.name == "val_loss" })
            }
        }
    }
}
