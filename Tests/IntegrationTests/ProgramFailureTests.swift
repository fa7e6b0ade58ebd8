import API
import Client
import Foundation
import Glibc
import Testing
import Vocabulary

/// Trainers of the user's own that go wrong: each ends in its own class with a message that helps,
/// and the worker goes on.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ProgramFailureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let function: String
        let failure: FailureClass
        let message: String

        var testDescription: String { function }
    }

    private static let module = """
        import ctypes, os, signal, sys, time

        def nan(trial):
            for step in range(1, 1000):
                trial.report(step, loss=float("nan") if step == 3 else 1.0)
                time.sleep(0.01)

        def crashes(trial):
            ctypes.string_at(0)

        def hungry(trial):
            raise MemoryError("no room for x")

        def killed(trial):
            os.kill(os.getpid(), signal.SIGKILL)

        def raises(trial):
            raise ValueError("x may not be 1")

        def silent(trial):
            return None

        def leaves(trial):
            sys.exit(3)

        def hangs(trial):
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            if os.fork() == 0:
                time.sleep(1000)
            time.sleep(1000)

        def leaks(trial):
            kept = []
            while True:
                kept.append(bytearray(b"x" * 1_000_000))

        def writes(trial):
            with open("large", "wb") as file:
                for _ in range(10_000):
                    file.write(b"x" * 1_000_000)

        def scatters(trial):
            for number in range(10_000):
                with open(f"large-{number}", "wb") as file:
                    file.write(b"x" * 1_000_000)
                time.sleep(0.002)

        def loud(trial):
            block = "x" * 1_000_000
            for _ in range(200):
                print(block)
            return 1.0

        """

    static let cases = [
        Case(function: "nan", failure: .nonFiniteMetric, message: "\"loss\" became nan at step 3"),
        Case(function: "crashes", failure: .crash, message: "crashed in native code"),
        Case(function: "hungry", failure: .outOfMemory, message: "MemoryError: no room for x"),
        Case(function: "killed", failure: .outOfMemory, message: "killed from outside"),
        Case(function: "raises", failure: .trainerError, message: "ValueError: x may not be 1"),
        Case(function: "silent", failure: .metricMissing, message: "metric"),
        Case(function: "leaves", failure: .trainerError, message: "sys.exit(3)"),
        Case(function: "hangs", failure: .timeout, message: "ran longer than 2"),
        Case(function: "missing", failure: .badCode, message: "has no function 'missing'"),
        Case(function: "leaks", failure: .outOfMemory, message: "memory"),
        Case(function: "writes", failure: .outOfDisk, message: "64 MiB that the sweep allows"),
        Case(function: "scatters", failure: .outOfDisk, message: "64 MiB that the sweep allows"),
    ]

    @Test func `each failure has its class and says why`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let worker = try await cluster.startWorker("w1")
            try cluster.writeCode(Self.module, to: "train.py")
            for example in Self.cases {
                let limit = example.failure == .timeout ? 2 : 60
                let sweep = try await cluster.submitProgram(
                    """
                    entry: train.py:\(example.function)
                    time_limit: \(limit)
                    resources: {memory: 256 MiB, disk: 64 MiB}
                    """)
                #expect(try await cluster.ended(sweep).sweep.phase == .failed)
                let trial = try #require(try await cluster.documents(of: sweep).first)
                #expect(trial.trial.state == .failed, "\(example.function)")
                let attempt = try #require(trial.attempts.first)
                #expect(attempt.failure == example.failure, "\(example.function)")
                #expect(attempt.message.contains(example.message), "\(attempt.message)")
            }
            #expect(worker.isRunning)
            // What hung left nothing behind.
            try await eventually("only warm processes are left") {
                cluster.warmProcesses().count <= Self.cases.count
                    && ProcessTable.trials(under: cluster.folder).isEmpty
            }
        }
    }

    @Test(arguments: [
        ("import nothing_of_this_name\n", "No module named 'nothing_of_this_name'"),
        ("def train(trial: return\n", "SyntaxError"),
    ])
    func `code that cannot be loaded ends the sweep at its first trial`(
        code: String, message: String
    ) async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let worker = try await cluster.startWorker("w1")
            try cluster.writeCode(code, to: "train.py")
            let sweep = try await cluster.submitProgram("entry: train.py:train", trials: 50)
            let ended = try await cluster.ended(sweep).sweep
            #expect(ended.phase == .failed)
            #expect(ended.reason.contains(message), "\(ended.reason)")
            let tried = try await cluster.trials(of: sweep).filter { $0.attempts > 0 }
            #expect(tried.count <= 2)
            #expect(worker.isRunning)
        }
    }

    @Test(arguments: [
        ("six==1.17.0 --hash=sha256:\(String(repeating: "0", count: 64))\n", "DO NOT MATCH"),
        ("no-such-package-of-picoml==1.0\n", "no-such-package-of-picoml"),
    ])
    func `packages that cannot be had end the sweep and are named`(
        requirements: String, message: String
    ) async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1")
            try cluster.writeCode("def train(trial): return 1.0\n", to: "train.py")
            try cluster.writeCode(requirements, to: "requirements.txt")
            let sweep = try await cluster.submitProgram(
                "entry: train.py:train\nenvironment: {requirements: requirements.txt}", trials: 9)
            let ended = try await cluster.ended(sweep).sweep
            #expect(ended.phase == .failed)
            let first = try #require(try await cluster.documents(of: sweep).first)
            #expect(first.attempts.first?.failure == .badCode)
            #expect(first.attempts.first?.message.contains(message) == true, "\(first.attempts)")
        }
    }

    @Test func `a module that hangs while it is imported ends with its time`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let worker = try await cluster.startWorker("w1")
            try cluster.writeCode(
                """
                import signal, time
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                time.sleep(1000)
                def train(trial): return 1.0

                """, to: "train.py")
            let sweep = try await cluster.submitProgram("entry: train.py:train\ntime_limit: 2")
            #expect(try await cluster.ended(sweep).sweep.phase == .failed)
            let attempt = try #require(
                try await cluster.documents(of: sweep).first?.attempts.first)
            #expect(attempt.failure == .timeout, "\(attempt.message)")
            try await eventually("no process is left") {
                cluster.warmProcesses().isEmpty
            }
            #expect(worker.isRunning)
        }
    }

    @Test func `a trial that somebody else ended by a signal runs again, without blame`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1")
            try cluster.writeCode(
                """
                import os, time

                def train(trial):
                    if trial.attempt == 1:
                        trial.report(1, loss=1, process=os.getpid())
                        while True: time.sleep(0.01)
                    return 0.5

                """, to: "train.py")
            let sweep = try await cluster.submitProgram("entry: train.py:train")
            let trial = TrialID(sweep: SweepID(1), number: 1)
            let process = try await eventually("it says its number") {
                try await cluster.client().curve(of: trial, CurveQuery(metric: "process"))
                    .points.last?.value
            }
            kill(pid_t(process), SIGTERM)
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let attempts = try await cluster.client().trial(trial).attempts
            #expect(attempts.map(\.outcome) == ["returned", "succeeded"])
        }
    }

    @Test func `a program that prints without end fills no disk`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1")
            try cluster.writeCode(Self.module, to: "train.py")
            let sweep = try await cluster.submitProgram("entry: train.py:loud")
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let trial = try #require(try await cluster.documents(of: sweep).first)
            let log = try #require(trial.artifacts.first { $0.name == "log" })
            #expect(log.byteCount <= (1 << 20) + 100)
            let text = try await cluster.client().log(of: trial.trial.id.value)
            #expect(text.hasPrefix("[picoml: the first "))
        }
    }

    @Test func `a command that is not there and one that fails say so`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1")
            try cluster.writeCode("#!/bin/sh\necho went wrong >&2\nexit 4\n", to: "fails.sh")
            let absent = try await cluster.submitProgram("command: [no-such-program]")
            _ = try await cluster.ended(absent)
            let first = try #require(try await cluster.documents(of: absent).first?.attempts.first)
            #expect(first.failure == .badCode)
            #expect(first.message.contains("no-such-program"), "\(first.message)")
            let failing = try await cluster.submitProgram("command: [sh, fails.sh]")
            _ = try await cluster.ended(failing)
            let second = try #require(
                try await cluster.documents(of: failing).first?.attempts.first)
            #expect(second.failure == .trainerError)
            #expect(second.message.contains("4"), "\(second.message)")
            #expect(second.message.contains("went wrong"), "\(second.message)")
        }
    }
}
