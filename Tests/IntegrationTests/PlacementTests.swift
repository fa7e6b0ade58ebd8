import API
import Client
import Foundation
import Testing
import Vocabulary

/// Where trials run, and workers that do not stay.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct PlacementTests {
    /// Says which GPU it sees, as a number: 7 for `GPU-7`, 0 for none.
    private static let sight = """
        import os, time

        def train(trial):
            time.sleep(0.2)
            seen = os.environ["CUDA_VISIBLE_DEVICES"]
            return {"loss": trial.params.x, "gpu": int(seen.removeprefix("GPU-") or 0)}

        """

    private func seen(by sweep: SweepSelector, in cluster: Cluster) async throws -> [Double] {
        #expect(try await cluster.ended(sweep).sweep.phase == .finished)
        return try await cluster.documents(of: sweep).compactMap { trial in
            trial.metrics.first { $0.name == "gpu" }?.value
        }
    }

    private func hosts(of sweep: SweepSelector, in cluster: Cluster) async throws -> Set<String> {
        Set(try await cluster.documents(of: sweep).flatMap { $0.attempts.map(\.workerName) })
    }

    @Test func `labels and GPUs decide where a trial runs, which sees its own GPU alone`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try cluster.shell("mkdir programs")
            try cluster.write(
                """
                #!/bin/sh
                echo '0, GPU-7, NVIDIA H200, 143771 MiB'
                echo '1, GPU-8, NVIDIA H200, 143771 MiB'

                """, to: "programs/nvidia-smi")
            try cluster.shell("chmod +x programs/nvidia-smi")
            try cluster.writeCode(Self.sight, to: "train.py")
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker(
                "plain", cpus: 4, options: ["--label", "zone=a", "--gpus", "none"])
            let needs = "entry: train.py:train\nresources: {gpus: 1, labels: {zone: b}}"
            let sweep = try await cluster.submitProgram(needs, trials: 6)
            let why = try await cluster.client().explanation(of: try await first(sweep, cluster))
            #expect(why.sentences.contains("It needs zone=b, which no connected worker has."))
            _ = try await cluster.startWorker("fast", cpus: 4, options: ["--label", "zone=b"])
            #expect(Set(try await seen(by: sweep, in: cluster)) == [7, 8])
            #expect(try await hosts(of: sweep, in: cluster) == ["fast"])
            #expect(
                try await cluster.worker("fast").facts?.devices.map(\.identifier)
                    == ["GPU-7", "GPU-8"])
            #expect(try await cluster.worker("plain").facts?.devices == [])
            let blind = try await cluster.submitProgram("entry: train.py:train", trials: 3)
            #expect(try await seen(by: blind, in: cluster) == [0, 0, 0])
        }
    }

    private func first(_ sweep: SweepSelector, _ cluster: Cluster) async throws -> TrialID {
        try await eventually("there is a trial") {
            try await cluster.trials(of: sweep).first?.id.value
        }
    }

    @Test func `at its time limit a worker leaves, and its trial goes on elsewhere`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try cluster.writeCode(
                """
                import time

                def train(trial):
                    first = trial.resumed_step + 1
                    for step in range(first, 25):
                        time.sleep(0.25)
                        trial.report(step, loss=1 / step)
                        with trial.checkpoint(step) as folder:
                            (folder / "step").write_text(str(step))
                    return {"loss": 0.5, "first": first}

                """, to: "train.py")
            try await cluster.startCoordinator()
            let brief = try await cluster.startWorker("brief", options: ["--time-limit", "4s"])
            let sweep = try await cluster.submitProgram("entry: train.py:train")
            #expect(try await brief.end() == 0)
            #expect(brief.log.contains("leaving by itself: its time is over"))
            _ = try await cluster.startWorker("lasting")
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let trial = try #require(try await cluster.documents(of: sweep).first)
            #expect(trial.attempts.map(\.workerName) == ["brief", "lasting"])
            #expect(trial.attempts.map(\.outcome) == ["returned", "succeeded"])
            let step = try #require(trial.metrics.first { $0.name == "first" }?.value)
            #expect(step > 1, "it began at the beginning")
        }
    }

    @Test func `a worker without anything to do leaves when it was told to`() async throws {
        try await Cluster.run { cluster in
            try await cluster.startCoordinator()
            let lasting = try await cluster.startWorker("lasting")
            let idle = try await cluster.startWorker("idle", options: ["--idle-timeout", "1s"])
            #expect(try await idle.end() == 0)
            #expect(idle.log.contains("leaving by itself: there was nothing to do"))
            try await eventually("it is away") {
                try await cluster.worker("idle").state == .away
            }
            #expect(lasting.isRunning)
        }
    }

    @Test func `a worker whose coordinator is gone for good leaves when it was told to`()
        async throws
    {
        try await Cluster.run { cluster in
            let coordinator = try await cluster.startCoordinator()
            let lasting = try await cluster.startWorker("lasting")
            let loyal = try await cluster.startWorker(
                "loyal", options: ["--on-coordinator-lost", "finish"])
            coordinator.kill9()
            #expect(try await loyal.end(within: .seconds(100)) == 0)
            #expect(loyal.log.contains("leaving by itself: the coordinator is gone"))
            #expect(lasting.isRunning)
        }
    }
}
