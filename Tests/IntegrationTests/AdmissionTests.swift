import API
import Client
import Foundation
import Testing
import Vocabulary
import ZeroMQ

/// Who gets in, and who does not.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct AdmissionTests {
    @Test func `a stranger gets nowhere until its key is let in, and is cut off when revoked`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let key = try await cluster.key(of: "w1")
            let worker = try cluster.launchWorker("w1")
            let sweep = try await cluster.submit(rehearsal(trials: 200, seconds: 0.5))
            try await worker.says("the coordinator does not know this worker's key")
            #expect(try await cluster.client().workers().workers.isEmpty)
            #expect(try await cluster.trials(of: sweep).allSatisfy { $0.attempts == 0 })
            #expect(!worker.log.contains("joined"))

            let admitted = try await cluster.picoml(
                "worker", "authorize", "w1", "--key", key)
            try #require(admitted.code == 0, "\(admitted.errors)")
            try await worker.says("joined as worker 1")
            try await cluster.succeeded(1, of: sweep)

            let revoked = try await cluster.picoml("worker", "revoke", "1")
            try #require(revoked.code == 0, "\(revoked.errors)")
            let attempts = try await cluster.trials(of: sweep).map(\.attempts)
            _ = try await cluster.running(0)
            try await worker.says("the coordinator refuses this worker")
            #expect(try await cluster.worker("w1").state == .revoked)
            #expect(try await cluster.worker("w1").running.isEmpty)
            // Another worker shows that there is work, which the revoked one does not get.
            let other = try await cluster.startWorker("other")
            try await other.says("ended (succeeded)")
            let after = try await cluster.documents(of: sweep)
            let ofRevoked = after.flatMap(\.attempts).filter { $0.workerName == "w1" }
            #expect(ofRevoked.count == attempts.reduce(0, +))
        }
    }

    @Test func `garbage, plain clients and wrong keys change nothing`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let coordinator = try await cluster.startCoordinator()
            let worker = try await cluster.startWorker("w1")
            let sweep = try await cluster.submit(rehearsal(trials: 30, seconds: 0.3))
            try await cluster.succeeded(1, of: sweep)

            let strangers = try Strangers(cluster)
            try strangers.sendGarbage(connections: 50)
            try strangers.sendPlain()
            try strangers.sendWithWrongServerKey()
            try strangers.sendWithUnknownKey()

            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let trials = try await cluster.trials(of: sweep)
            #expect(trials.map(\.attempts) == Array(repeating: 1, count: 30))
            #expect(coordinator.isRunning && worker.isRunning)
            #expect(try await cluster.client().workers().workers.map(\.name) == ["w1"])
            #expect(!worker.log.contains("no coordinator"), "its connection was left alone")
        }
    }

    @Test func `a worker that was given another server's key says so`() async throws {
        try await Cluster.run { cluster in
            try await cluster.startCoordinator()
            let file = try #require(
                FileManager.default.contents(
                    atPath: "\(cluster.state)/coordinator/worker.json"))
            let key = try cluster.published("worker", "server_key")
            let other = try CurveKeyPair.generate().publicKey.text
            let text = String(decoding: file, as: UTF8.self)
            try cluster.write(text.replacing(key, with: other), to: "wrong.json")
            let worker = try cluster.launch(
                "lost",
                [
                    "worker", "run", "--state", "lost", "--coordinator", "wrong.json", "--cpus",
                    "1",
                ])
            try await worker.says("the coordinator has another key than this worker was given")
            #expect(try await cluster.client().workers().workers.isEmpty)
        }
    }
}
