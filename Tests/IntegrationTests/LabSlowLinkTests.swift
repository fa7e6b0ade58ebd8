import API
import Client
import Foundation
import Testing
import Vocabulary

/// A thin line that carries a large file and the words by which a worker lives.
@Suite(.timeLimit(.minutes(2)), .enabled(if: Lab.isPossible, Lab.need))
struct LabSlowLinkTests {
    private static let program = """
        import os, time

        def train(trial):
            trial.report(1, loss=0.5)
            while not os.path.exists(GATE):
                time.sleep(0.05)
            with open("large.bin", "wb") as file:
                file.write(os.urandom(SIZE))
            trial.save("large.bin")
            return {"loss": 0.5}

        """

    /// Starts a trial that is going to save a file of `size` bytes as soon as the gate is there.
    private func submitLarge(_ size: Int, to cluster: Cluster) async throws -> SweepSelector {
        let constants = "GATE = \"\(cluster.folder)/gate\"\nSIZE = \(size)\n"
        try cluster.writeCode(constants + Self.program, to: "train.py")
        let sweep = try await cluster.submitProgram("entry: train.py:train")
        try await reported(sweep, to: cluster)
        return sweep
    }

    /// Waits until the one trial of a sweep runs, and has said so.
    private func reported(_ sweep: SweepSelector, to cluster: Cluster) async throws {
        try await eventually("the trial of sweep \(sweep) has reported") {
            let trial = try #require(try await cluster.trials(of: sweep).first).id.value
            return try await !cluster.client().curve(of: trial, CurveQuery()).points.isEmpty
        }
    }

    @Test func `a large artifact on a slow link delays no heartbeat and no answer`() async throws {
        try await Cluster.run(on: ["coordinator", "w1"]) { cluster, lab in
            try await cluster.startCoordinator(on: "coordinator", of: lab)
            let worker = try cluster.launchJoining(
                "w1", try await cluster.token(), "--cpus", "2", prefix: lab.prefix(for: "w1"))
            try await worker.says("joined as worker")
            let large = try await submitLarge(2_500_000, to: cluster)
            let small = try await cluster.submit(rehearsal(trials: 1, seconds: 60))
            try await reported(small, to: cluster)
            let trial = try #require(try await cluster.trials(of: small).first).id.value
            // 2,500,000 bytes take ten seconds, which is three leases.
            try await lab.change(["slow", "2mbit", "w1"])
            try cluster.write("", to: "gate")
            try await worker.says("ended (succeeded)")

            let clock = ContinuousClock()
            let start = clock.now
            var answers: [Duration] = []
            while try await cluster.trials(of: large).first?.state == .running {
                // The coordinator asks the worker, which answers over its control connection.
                let asked = clock.now
                _ = try await cluster.client().logPart(of: trial, LogQuery())
                answers.append(clock.now - asked)
                #expect(try await cluster.worker("w1").state == .connected)
                try await clock.sleep(for: .milliseconds(200))
            }
            #expect(clock.now - start > .seconds(5), "the artifact was under way for leases")
            #expect(answers.count > 5)
            #expect(try #require(answers.max()) < .seconds(3), "\(answers)")
            #expect(!worker.log.contains("no coordinator"))
            try await lab.change(["heal"])
            let document = try #require(try await cluster.documents(of: large).first)
            #expect(document.trial.state == .succeeded)
            #expect(document.artifacts.map(\.byteCount) == [2_500_000])
            #expect(document.attempts.count == 1)
            #expect(try await cluster.documents(of: small).first?.attempts.count == 1)
        }
    }

    @Test func `an artifact arrives over a link on which one chunk takes too long`() async throws {
        try await Cluster.run(on: ["coordinator", "w1"]) { cluster, lab in
            try await cluster.startCoordinator(on: "coordinator", of: lab)
            let worker = try await cluster.startWorkers(on: ["w1"], of: lab)[0]
            let sweep = try await submitLarge(240_000, to: cluster)
            // 12 seconds for all of it, which is less than a chunk; an answer is waited for for 10.
            try await lab.change(["slow", "160kbit", "w1"])
            try cluster.write("", to: "gate")
            try await worker.says("the coordinator does not answer")
            let ended = try await cluster.ended(sweep, within: .seconds(60))
            #expect(ended.sweep.phase == .finished)
            let document = try #require(try await cluster.documents(of: sweep).first)
            #expect(document.artifacts.map(\.byteCount) == [240_000])
            #expect(document.attempts.count == 1)
            #expect(!worker.log.contains("no coordinator"))
        }
    }
}
