import API
import Client
import Foundation
import Glibc
import Testing
import Vocabulary

/// A worker that is not root and may change its user, as systemd starts it.
@Suite(
    .enabled(if: geteuid() == 0, "only root can give a worker its rights"),
    .serialized, .timeLimit(.minutes(3)))
struct TrialUserTests {
    private static let worker: uid_t = 65_533
    private static let rights = "+setuid,+setgid,+chown,+dac_override,+fowner,+kill"

    /// Starts a worker as a user who has `rights` beyond its own; its trials run as `user`, by
    /// default as the worker itself.
    private func launchWorker(
        _ cluster: Cluster, rights: String = rights, trialsAs user: String?
    ) async throws -> ChildProcess {
        for folder in ["w1", "cache"].map({ "\(cluster.folder)/\($0)" }) {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try #require(unsafe chown(folder, Self.worker, Self.worker) == 0)
        }
        return try cluster.launchJoining(
            "w1", try await cluster.token(), "--no-sharing",
            user.map { "--trial-user=\($0)" } ?? "--no-prefetch",
            prefix: [
                // The mask of the service.
                "/bin/sh", "-c", "umask 077; exec \"$@\"", "sh",
                "/usr/bin/setpriv", "--reuid=\(Self.worker)", "--regid=\(Self.worker)",
                "--clear-groups", "--inh-caps=\(rights)", "--ambient-caps=\(rights)",
            ])
    }

    private func run(
        _ code: String, _ keys: String = "", as user: String? = "nobody"
    ) async throws -> TrialDocument {
        var document: TrialDocument?
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let worker = try await launchWorker(cluster, trialsAs: user)
            try await worker.says("joined as worker")
            try cluster.writeCode(code, to: "train.py")
            let sweep = try await cluster.submitProgram("entry: train.py:train\n\(keys)")
            _ = try await cluster.ended(sweep)
            document = try await cluster.documents(of: sweep).first
        }
        return try #require(document)
    }

    @Test(arguments: [("nobody", 65_534), (nil, 65_533)])
    func `its trials have none of its rights`(user: String?, number: Double) async throws {
        let trial = try await run(
            """
            import os

            def train(trial):
                lines = open("/proc/self/status").read().split("\\n")
                sets = [int(line.split()[1], 16) for line in lines if line.startswith("Cap")]
                # The fourth is only the bound of what could be gained.
                return os.getuid() + sum(sets[:3] + sets[4:])

            """, as: user)
        #expect(trial.attempts.last?.failure == nil, "\(trial.attempts.last?.message ?? "")")
        #expect(trial.trial.objective == number)
    }

    @Test func `it ends a trial that does not end by itself`() async throws {
        let trial = try await run(
            """
            import signal
            import time

            def train(trial):
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                while True:
                    time.sleep(1)

            """, "time_limit: 2")
        #expect(trial.attempts.first?.failure == .timeout)
    }

    @Test func `it holds a trial within its memory`() async throws {
        let trial = try await run(
            """
            def train(trial):
                return len(bytearray(512 << 20))

            """, "resources: {memory: 128 MiB}")
        #expect(trial.attempts.first?.failure == .outOfMemory)
    }

    @Test func `without the rights it does not start, and says which it lacks`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let worker = try await launchWorker(
                cluster, rights: "+setuid,+setgid,+chown,+kill", trialsAs: "nobody")
            #expect(try await worker.end(within: .seconds(50)) != 0)
            #expect(worker.log.contains("lacks CAP_DAC_OVERRIDE, CAP_FOWNER"), "\(worker.log)")
        }
    }
}
