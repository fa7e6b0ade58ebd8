import API
import Client
import Foundation
import Glibc
import Testing
import Vocabulary

/// Processes that have loaded a module and fork its trials: what becomes of the trials when such a
/// process ends, or lies.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct WarmProcessTests {
    private func start(_ cluster: Cluster, _ module: String, cpus: Int = 1) async throws {
        try await cluster.startCoordinator()
        _ = try await cluster.startWorker("w1", cpus: cpus)
        try cluster.writeCode(module, to: "train.py")
    }

    @Test func `trials whose warm process is killed run again, without blame`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let module = """
                import os, time

                def train(trial):
                    if trial.attempt == 1:
                        trial.report(1, loss=1)
                        while True: time.sleep(0.01)
                    return 0.5

                """
            try await start(cluster, module, cpus: 2)
            let sweep = try await cluster.submitProgram("entry: train.py:train", trials: 2)
            for number in 1...2 as ClosedRange<UInt32> {
                let trial = TrialID(sweep: SweepID(1), number: number)
                try await eventually("trial \(number) reports") {
                    try await !cluster.client().curve(of: trial, CurveQuery(metric: "loss"))
                        .points.isEmpty
                }
            }
            let warm = cluster.warmProcesses()
            let loaded = try #require(warm.first { id in warm.contains { parent(of: $0) == id } })
            #expect(kill(loaded, SIGKILL) == 0)
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let trials = try await cluster.documents(of: sweep)
            #expect(
                trials.map { $0.attempts.map(\.outcome) }
                    == Array(repeating: ["returned", "succeeded"], count: 2))
            let reason = try #require(trials.first?.attempts.first?.message)
            #expect(reason.contains("process that others ended"), "\(reason)")
        }
    }

    private func parent(of process: pid_t) -> pid_t? {
        // A process that is gone has no parent.
        let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        return text.split(separator: ")").last?.split(separator: " ").dropFirst().first
            .flatMap { pid_t($0) }
    }

    @Test func `what keeps killing warm processes fails with its own reason in the end`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let module = """
                import os, signal, time

                def train(trial):
                    parent = os.getppid()
                    if b"_warm" in open(f"/proc/{parent}/cmdline", "rb").read():
                        os.kill(parent, signal.SIGKILL)
                        time.sleep(1000)
                    raise ValueError("this one is to blame")

                """
            try await start(cluster, module)
            let sweep = try await cluster.submitProgram("entry: train.py:train")
            #expect(try await cluster.ended(sweep).sweep.phase == .failed)
            let trial = try #require(try await cluster.documents(of: sweep).first)
            #expect(trial.attempts.map(\.outcome) == ["returned", "returned", "failed"])
            #expect(trial.attempts.last?.failure == .trainerError)
            #expect(trial.attempts.last?.message.contains("to blame") == true)
        }
    }

    @Test func `a trial whose module was killed while it was loaded starts again`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let module = """
                import os, signal

                if not os.path.exists("\(cluster.folder)/killed"):
                    open("\(cluster.folder)/killed", "w").close()
                    os.kill(os.getpid(), signal.SIGKILL)

                def train(trial):
                    return 0.5

                """
            try await start(cluster, module)
            let sweep = try await cluster.submitProgram("entry: train.py:train", trials: 3)
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let trials = try await cluster.documents(of: sweep)
            #expect(trials.allSatisfy { $0.attempts.map(\.outcome) == ["succeeded"] })
        }
    }

    @Test func `code that names a process of somebody else as its trial's does not end that`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            // With a process group of its own, as a trial has.
            let victim = try ChildProcess(
                "victim", ["/usr/bin/setsid", "/bin/sleep", "1000"], environment: [:],
                in: cluster.folder)
            cluster.keep(victim)
            let module = """
                import json, sys

                link = sys.modules["__main__"].Link
                send = link.send

                def lie(self, packet):
                    said = json.loads(packet)
                    if "started" in said:
                        said["started"]["pid"] = \(victim.id)
                    send(self, json.dumps(said))

                link.send = lie

                def train(trial):
                    return 0.5

                """
            try await start(cluster, module)
            let sweep = try await cluster.submitProgram("entry: train.py:train", trials: 3)
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(victim.isRunning)
        }
    }

    @Test func `what a module prints while it is loaded fills no disk`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let module = """
                import os, time

                for _ in range(32):
                    print("x" * (1 << 20), flush=True)

                def train(trial):
                    while not os.path.exists("\(cluster.folder)/go"):
                        time.sleep(0.05)
                    return 0.5

                """
            try await start(cluster, module)
            let log = cluster.folder + "/w1/python.log"
            let sweep = try await cluster.submitProgram("entry: train.py:train")
            try await eventually("it has printed all") { Self.sizes(log).length >= 32 << 20 }
            try await eventually("the start is given up") { Self.sizes(log).disk < 4 << 20 }
            try cluster.write("", to: "go")
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
        }
    }

    private static func sizes(_ path: String) -> (length: Int, disk: Int) {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else { return (0, 0) }
        return (Int(facts.st_size), Int(facts.st_blocks) * 512)
    }

    @Test func `a host without Python says so`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1", prefix: ["/usr/bin/env", "PATH=/nowhere"])
            try cluster.writeCode("def train(trial): return 1.0\n", to: "train.py")
            let sweep = try await cluster.submitProgram("entry: train.py:train", trials: 9)
            let ended = try await cluster.ended(sweep).sweep
            #expect(ended.phase == .failed)
            #expect(ended.reason.contains("no python3"), "\(ended.reason)")
        }
    }
}
