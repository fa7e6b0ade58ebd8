import API
import Client
import Foundation
import Glibc
import Testing
import Vocabulary

/// Environments that workers build, with packages from PyPI.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct EnvironmentTests {
    @Test func `workers of one host build an environment once and share it`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let workers = [
                try await cluster.startWorker("w1"), try await cluster.startWorker("w2"),
            ]
            try cluster.writeCode(
                """
                import time
                import six

                def train(trial):
                    time.sleep(1)
                    return float(six.__version__.split(".")[1])

                """, to: "train.py")
            try cluster.writeCode("six==1.17.0\n", to: "requirements.txt")
            let sweep = try await cluster.submitProgram(
                "entry: train.py:train\nenvironment: {requirements: requirements.txt}", trials: 8)
            #expect(
                try await cluster.ended(sweep, within: .seconds(90)).sweep.phase == .finished)
            let trials = try await cluster.documents(of: sweep)
            #expect(trials.allSatisfy { $0.trial.objective == 17 })
            #expect(Set(trials.compactMap(\.attempts.last?.worker)).count == 2)
            let builds = workers.reduce(0) {
                $0 + $1.log.components(separatedBy: "building the environment").count - 1
            }
            #expect(builds == 1)
            let kept = try FileManager.default.contentsOfDirectory(
                atPath: cluster.folder + "/cache/environments")
            #expect(kept.filter { !$0.hasSuffix(".lock") }.count == 1)
        }
    }

    @Test(arguments: [true, false])
    func `a build ends with the sweep that wants it, and with its worker`(isSweep: Bool)
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            // One that never ends, with a process of its own as compilers are.
            try cluster.writeProgram(
                "uv",
                """
                [ $1 = venv ] && exit
                (exec sleep 1000) &
                echo $! > "\(cluster.folder)/compiler.new"
                mv "\(cluster.folder)/compiler.new" "\(cluster.folder)/compiler"
                wait

                """)
            let worker = try await cluster.startWorker("w1")
            try cluster.writeCode("def train(trial): return 1.0\n", to: "train.py")
            try cluster.writeCode("six==1.17.0\n", to: "requirements.txt")
            let sweep = try await cluster.submitProgram(
                "entry: train.py:train\nenvironment: {requirements: requirements.txt}")
            let compiler: pid_t = try await eventually("it builds") {
                // Not there before it builds.
                let text = try? String(
                    contentsOfFile: cluster.folder + "/compiler", encoding: .utf8)
                return text.flatMap { pid_t($0.dropLast()) }
            }
            #expect(ProcessTable.isAlive(compiler))
            if isSweep {
                #expect(try await cluster.picoml("sweep", "cancel", "\(sweep)").code == 0)
            } else {
                worker.send(SIGTERM)
                #expect(try await worker.end() == 0)
            }
            try await eventually("nothing builds") {
                !ProcessTable.isAlive(compiler)
                    && ProcessTable.all(under: cluster.folder, running: "/uv").isEmpty
            }
            guard isSweep else { return }
            let next = try await cluster.submitProgram("entry: train.py:train")
            #expect(try await cluster.ended(next).sweep.phase == .finished)
        }
    }
}
