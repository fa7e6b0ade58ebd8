import API
import Client
import Foundation
import Testing
import Vocabulary

/// Sweep files and data that cannot be used, and trials that go wrong.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct BadInputTests {
    private struct Mistake {
        var text = "rounds: 5"
        var replacement: String
        /// Where it is and what is wrong with it.
        var message: String
    }

    private static let sweep = """
        name: mistakes
        metric: {name: rmse, goal: minimize}
        data: {path: good.csv, time: ts, target: count, lags: [1], split: {validation: 0.4}}
        trainer: xgboost
        method: random
        trials: 2
        parameters:
          rounds: 5

        """

    private static let mistakes = [
        Mistake(
            text: "trainer: xgboost", replacement: "trainer: xgbost",
            message: "sweep.yaml:4:10: error: trainer: There is no trainer `xgbost`. Did you mean"),
        Mistake(
            text: "trials:", replacement: "trails:",
            message: "sweep.yaml:6:1: error: trails: A sweep has no key `trails`. Did you mean"),
        Mistake(
            replacement: "eta: {min: 0.5, max: 0.1}",
            message: "sweep.yaml:8:14: error: parameters.eta.min: `min` (0.5) is not below"),
        Mistake(
            replacement: "eta: {distribution: log_uniform_values, min: 0, max: 1}",
            message: "sweep.yaml:8:48: error: parameters.eta.min: A logarithmic range begins"),
        Mistake(
            replacement: "eta: {values: []}",
            message: "sweep.yaml:8:17: error: parameters.eta.values: `values` is empty"),
        Mistake(
            replacement: "eta: 1\n  eta: 0.5",
            message: "sweep.yaml:9:3: error: parameters.eta: `eta` stands twice"),
        Mistake(
            text: "good.csv", replacement: "absent.csv",
            message: "absent.csv: error: There is no such file"),
        Mistake(
            text: "target: count", replacement: "target: cuont",
            message: "cuont: The file has no such column. Did you mean \"count\"?"),
        Mistake(
            text: "good.csv", replacement: "text.csv",
            message: "text.csv:8:21: error: count: \"many\" is not a number"),
    ]

    @Test func `each mistake in a file gives one message with its place and exit code 2`()
        async throws
    {
        try await Cluster.run { cluster in
            let coordinator = try await cluster.startCoordinator()
            let rows = (10...40).map { "2024-01-01 00:\($0):00,\($0)" }
            let table = "ts,count\n" + rows.joined(separator: "\n") + "\n"
            try cluster.write(table, to: "good.csv")
            try cluster.write(table.replacing(",16\n", with: ",many\n"), to: "text.csv")
            for mistake in Self.mistakes {
                try #require(Self.sweep.contains(mistake.text))
                let text = Self.sweep.replacing(mistake.text, with: mistake.replacement)
                try cluster.write(text, to: "sweep.yaml")
                let run = try await cluster.picoml("sweep", "submit", "sweep.yaml")
                #expect(run.code == 2, "\(mistake.message)")
                #expect(run.errors.contains(mistake.message), "\(run.errors)")
                #expect(run.errors.contains("has 1 problem"), "\(run.errors)")
            }
            #expect(coordinator.isRunning)
            #expect(try await cluster.client().sweeps(SweepQuery()).sweeps.isEmpty)
        }
    }

    @Test func `trials that go wrong are told apart and do not stop the sweep`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let coordinator = try await cluster.startCoordinator()
            let worker = try await cluster.startWorker("w1", cpus: 2)
            let sweep = try await cluster.submit(Self.endings)
            let running = try await hanging(in: cluster)
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(!ProcessTable.isAlive(running))

            var failures: [String: FailureClass] = [:]
            var messages: [String: String] = [:]
            for trial in try await cluster.documents(of: sweep) {
                let ending = trial.trial.parameters.first { $0.name == "ending" }
                let name = try #require(ending?.value.description)
                failures[name] = trial.trial.failure
                messages[name] = trial.attempts.last?.message
                #expect((trial.trial.state == .succeeded) == (name == "success"))
                #expect(trial.attempts.count == 1)
            }
            #expect(
                failures == [
                    "error": .trainerError, "nan": .nonFiniteMetric, "exit": .trainerError,
                    "hang": .timeout, "no_metric": .metricMissing,
                ])
            #expect(messages["error"] == "The rehearsal was told to fail.")
            #expect(messages["exit"]?.contains("ended with code 7") == true)
            for name in ["nan", "hang", "no_metric"] {
                #expect(messages[name]?.isEmpty == false, "\(name) has no message")
            }
            #expect(coordinator.isRunning && worker.isRunning)
        }
    }

    /// The process of the trial that hangs, while it does.
    private func hanging(in cluster: Cluster) async throws -> pid_t {
        try await eventually("the trial that hangs runs") {
            let trial = try await cluster.trials(of: .last).first { trial in
                trial.parameters.contains { $0.value.description == "hang" }
            }
            let attempt = trial.map { "\($0.id)-1" }
            return ProcessTable.trials(under: cluster.folder)
                .first { $0.attempt == attempt }?.id
        }
    }

    private static let endings = """
        name: endings
        metric: {name: loss, goal: minimize}
        trainer: rehearsal
        method: grid
        time_limit: 4s
        parameters:
          rounds: 3
          ending: {values: [success, error, nan, exit, hang, no_metric]}

        """
}
