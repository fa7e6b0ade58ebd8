import API
import Client
import Foundation
import Testing
import Vocabulary

/// What trials print, while they run.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct LogTests {
    /// Prints a line, then another one when the file `go` is there.
    private static func trainer(in cluster: Cluster) -> String {
        """
        import os, time

        def train(trial):
            print(f"attempt {trial.attempt} begins: \u{E9}", flush=True)
            while not os.path.exists("\(cluster.folder)/go"):
                time.sleep(0.05)
            print("the end")
            return 1.0

        """
    }

    private func follow(_ cluster: Cluster) throws -> ChildProcess {
        try cluster.launch("follow", ["trial", "logs", "--follow", "1.1"])
    }

    @Test func `a running trial is shown line by line until it ends`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1")
            try cluster.writeCode(Self.trainer(in: cluster), to: "train.py")
            _ = try await cluster.submitProgram("entry: train.py:train")
            let reader = try follow(cluster)
            try await eventually("the first line is shown while the trial runs") {
                reader.output == "attempt 1 begins: \u{E9}\n"
            }
            #expect(try await cluster.trials(of: .last).first?.state == .running)
            try cluster.write("", to: "go")
            #expect(try await reader.end() == 0)
            #expect(reader.output == "attempt 1 begins: \u{E9}\nthe end\n")
            // Afterwards it comes from the artifact store.
            let later = try await cluster.picoml("trial", "logs", "1.1")
            #expect(later.output == reader.output)
        }
    }

    @Test func `the next attempt is followed when a worker dies`() async throws {
        try await Cluster.run { cluster in
            try await cluster.startCoordinator()
            let lost = try await cluster.startWorker("lost")
            try cluster.writeCode(Self.trainer(in: cluster), to: "train.py")
            _ = try await cluster.submitProgram("entry: train.py:train")
            let reader = try follow(cluster)
            try await eventually("the first attempt is shown") {
                reader.output.contains("attempt 1 begins")
            }
            lost.kill9()
            _ = try await cluster.startWorker("other")
            try await eventually("the second attempt is shown") {
                reader.output.contains("attempt 2 begins")
            }
            try cluster.write("", to: "go")
            #expect(try await reader.end() == 0)
            #expect(reader.output.hasSuffix("the end\n"))
            #expect(reader.log.contains("Attempt 2:"))
        }
    }

    @Test func `a trial that waits has printed nothing, and one that is not there says so`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            try cluster.writeCode("def train(trial): return 1.0\n", to: "train.py")
            _ = try await cluster.submitProgram("entry: train.py:train")
            let part = try await cluster.client().logPart(
                of: TrialID(sweep: SweepID(1), number: 1), LogQuery())
            #expect(part.attempt == 0 && part.content.isEmpty && !part.isFinal)
            let run = try await cluster.picoml("trial", "logs", "--follow", "1.7")
            #expect(run.code != 0)
            #expect(run.errors.contains("There is no trial 1.7"))
        }
    }
}
