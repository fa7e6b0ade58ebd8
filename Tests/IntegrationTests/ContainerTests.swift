import API
import Client
import Foundation
import Glibc
import Testing
import Vocabulary

/// Trials in containers of their own, with the podman of this host.
@Suite(
    .serialized, .timeLimit(.minutes(3)),
    .enabled(
        if: ContainerImage.isPossible,
        "podman cannot run containers here: install podman and runc, and be root"))
struct ContainerTests {
    @discardableResult
    private func start(
        _ cluster: Cluster, delay: Int = 0, lies: Bool = false
    ) async throws -> ChildProcess {
        try ContainerImage.prepare(in: cluster, delay: delay, lies: lies)
        try await cluster.startCoordinator()
        return try await cluster.startWorker("w1")
    }

    private func submit(_ keys: String, to cluster: Cluster) async throws -> SweepSelector {
        try await cluster.submitProgram("environment: {image: \(ContainerImage.name)}\n\(keys)")
    }

    @Test func `a command runs in its image, with the trial's files and parameters`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await start(cluster)
            try cluster.writeCode(
                """
                echo "this is $(cat /etc/picoml-test-image)"
                cat /proc/1/comm
                echo "loss=$PICOML_PARAM_X"

                """, to: "train.sh")
            let sweep = try await submit(
                "command: [sh, train.sh]\nmetrics_from: output", to: cluster)
            let ended = try await cluster.ended(sweep).sweep
            #expect(ended.phase == .finished, "\(ended.reason)")
            let trial = try #require(try await cluster.documents(of: sweep).first)
            #expect(trial.trial.objective == trial.trial.parameters.first?.value.number)
            let log = try await cluster.picoml("trial", "logs", "1.1").output
            #expect(log.contains("this is the image"), "\(log)")
        }
    }

    @Test func `a Python function runs in its image and reports as anywhere else`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await start(cluster)
            try cluster.writeCode(
                """
                def train(trial):
                    name = open("/etc/picoml-test-image").read()
                    for step in range(1, 4):
                        trial.report(step, loss=4 - step, image=len(name))
                        with trial.checkpoint(step) as folder:
                            (folder / "step").write_text(str(step))
                    return {"loss": trial.params.x}

                """, to: "train.py")
            let sweep = try await submit("entry: train.py:train", to: cluster)
            let ended = try await cluster.ended(sweep).sweep
            #expect(ended.phase == .finished, "\(ended.reason)")
            let trial = try #require(try await cluster.documents(of: sweep).first)
            #expect(trial.trial.objective == trial.trial.parameters.first?.value.number)
            #expect(trial.checkpoints.map(\.step) == [3])
            let curve = try await cluster.client().curve(
                of: trial.trial.id.value, CurveQuery(metric: "image"))
            #expect(curve.points.map(\.value) == [10, 10, 10])
        }
    }

    @Test func `a container that goes on without end is gone when its time is over`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await start(cluster, delay: 2)
            try cluster.writeCode(Self.endless, to: "train.sh")
            let sweep = try await submit(
                "command: [sh, train.sh]\ntime_limit: 2", to: cluster)
            try await eventually("a container runs") { try ContainerImage.running(cluster) == 1 }
            #expect(try await cluster.ended(sweep).sweep.phase == .failed)
            let attempt = try #require(try await cluster.documents(of: sweep).first?.attempts.first)
            #expect(attempt.failure == .timeout)
            // Before its end is told: what it has is given to others then.
            #expect(try ContainerImage.running(cluster) == 0)
            #expect(ProcessTable.all(under: cluster.folder, running: "podman").isEmpty)
        }
    }

    @Test func `what its engine takes for gone, and is not, ends as well`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await start(cluster, lies: true)
            try cluster.writeCode(Self.endless, to: "train.sh")
            let sweep = try await submit(
                "command: [sh, train.sh]\ntime_limit: 2", to: cluster)
            try await eventually("a container runs") { try ContainerImage.running(cluster) == 1 }
            #expect(try await cluster.ended(sweep).sweep.phase == .failed)
            try await eventually("nothing of it runs", within: .seconds(5)) {
                ProcessTable.all(under: cluster.folder, running: "train.sh").isEmpty
            }
        }
    }

    private static let endless = "trap '' TERM\nsleep 1000\nsleep 1000\n"

    @Test(arguments: [SIGKILL, SIGTERM])
    func `containers end with their worker, however that ends`(signal: Int32) async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let worker = try await start(cluster)
            try cluster.writeCode(Self.endless, to: "train.sh")
            _ = try await submit("command: [sh, train.sh]", to: cluster)
            try await eventually("a container runs") { try ContainerImage.running(cluster) == 1 }
            worker.send(signal)
            if signal == SIGTERM {
                // Once it waits for what runs; twice it leaves.
                try await worker.says("leaving when what runs has ended")
                worker.send(signal)
            }
            try await worker.end()
            try await eventually("no container runs") { try ContainerImage.running(cluster) == 0 }
        }
    }

    @Test func `an image that is not to be had ends the sweep with the reason`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await start(cluster)
            try cluster.writeCode("", to: "train.sh")
            let sweep = try await cluster.submitProgram(
                "environment: {image: localhost/No-Such-Image}\ncommand: [sh, train.sh]",
                trials: 9)
            // Names of images are lower case, so that no registry is asked.
            let ended = try await cluster.ended(sweep).sweep
            #expect(ended.phase == .failed)
            #expect(ended.reason.contains("No-Such-Image"), "\(ended.reason)")
        }
    }
}
