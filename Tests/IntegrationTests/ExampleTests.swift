import API
import Testing
import Vocabulary

/// The examples in `configs/sweeps`, with the packages that they name.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ExampleTests {
    @Test func `scikit-learn's digits: four families in a virtual environment`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1", cpus: 2)
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
        }
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
