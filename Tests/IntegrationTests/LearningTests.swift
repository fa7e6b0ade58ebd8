import API
import Client
import Testing
import Vocabulary

/// A sampler that learns, from a sweep file to the trials of real workers.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct LearningTests {
    @Test func `where the metric is no number the search seldom goes again`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1")
            try cluster.writeCode(
                """
                def train(trial):
                    x = trial.params.x
                    return {"loss": float("nan") if x < 0.5 else 1.0}

                """, to: "train.py")
            let sweep = try await cluster.submit(
                """
                name: learning
                metric: {name: loss, goal: minimize}
                code: code
                entry: train.py:train
                method: tpe
                trials: 60
                parameters: {x: {min: 0.0, max: 1.0}}

                """)
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let trials = try await cluster.trials(of: sweep)
            #expect(trials.count == 60)
            let failed = trials.map { $0.failure == .nonFiniteMetric }
            // Points that are spread evenly would fail in half of the trials.
            #expect(failed.prefix(12).count { $0 } >= 4, "\(failed)")
            #expect(failed.suffix(40).count { $0 } <= 10, "\(failed)")
        }
    }
}
