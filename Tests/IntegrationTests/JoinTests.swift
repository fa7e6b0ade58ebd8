import API
import Client
import Foundation
import Testing
import Vocabulary
import ZeroMQ

/// Workers that enrol themselves with a join token.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct JoinTests {
    @Test func `a worker joins with nothing but a token, and starts again without it`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let token = try await cluster.token()
            let worker = try cluster.launch("worker", ["worker", "--join", token.text])
            try await worker.says("enrolled as worker 1")
            try await worker.says("joined as worker 1")
            let sweep = try await cluster.submit(rehearsal(trials: 2, seconds: 0.1))
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let first = try #require(try await cluster.client().workers().workers.first)
            #expect(first.state == .connected)
            #expect(first.token?.value == token.id)
            #expect(first.name == ProcessInfo.processInfo.hostName)
            #expect(try await cluster.state(of: token.id) == .usedUp)

            worker.kill9()
            let again = try cluster.launch("worker", ["worker"])
            try await again.says("joined as worker 1")
            again.kill9()
            // A token that is used up does not matter to a worker that has joined.
            let third = try cluster.launch("worker", ["worker", "--join", token.text])
            try await third.says("the token is not used")
            try await third.says("joined as worker 1")
            #expect(try await cluster.client().workers().workers.count == 1)
        }
    }

    @Test func `the token may come from a file or from standard input`() async throws {
        try await Cluster.run { cluster in
            try await cluster.startCoordinator()
            try cluster.write(try await cluster.token().text + "\n", to: "token")
            let worker = try cluster.launch(
                "worker", ["worker", "--join-file", "token", "--state", "w"])
            try await worker.says("joined as worker 1")
            let nothing = try await cluster.picoml(
                "worker", "--join-file", "-", "--state", "other")
            #expect(nothing.code == 2)
            #expect(nothing.errors.contains("This is no join token"))
        }
    }

    @Test func `a used token lets nobody else in, but the one who did not hear the answer`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let token = try await cluster.token("--uses", "1")
            let worker = try cluster.launchJoining("w1", token)
            try await worker.says("joined as worker 1")
            #expect(try await cluster.refused("w2", token).contains("it was used up"))
            #expect(try await cluster.client().workers().workers.map(\.name) == ["w1"])
            #expect(!worker.log.contains("no coordinator"), "its connection was left alone")
            // As if it had died between the coordinator's answer and its own disk.
            worker.kill9()
            try FileManager.default.removeItem(atPath: "\(cluster.folder)/w1/worker.json")
            let again = try cluster.launchJoining("w1", token)
            try await again.says("joined as worker 1")
        }
    }

    @Test func `expired, revoked and garbled tokens are refused with the reason`() async throws {
        try await Cluster.run { cluster in
            let coordinator = try await cluster.startCoordinator()
            let brief = try await cluster.token("--expires", "1s")
            try await eventually("the token has expired") {
                try await cluster.state(of: brief.id) == .expired
            }
            #expect(try await cluster.refused("w1", brief).contains("has expired"))

            let revoked = try await cluster.token("--uses", "5")
            let ended = try await cluster.picoml("coordinator", "token", "revoke", "2")
            #expect(ended.code == 0)
            #expect(try await cluster.state(of: revoked.id) == .revoked)
            #expect(try await cluster.refused("w2", revoked).contains("was revoked"))

            for text in ["garbage", String(revoked.text.dropLast(3)), "pml7-abcd"] {
                let refused = try await cluster.picoml("worker", "--join", text, "--state", "w3")
                #expect(refused.code == 2)
                #expect(refused.errors.contains("oin token"), "\(refused.errors)")
            }
            #expect(try await cluster.client().workers().workers.isEmpty)
            #expect(coordinator.isRunning)
        }
    }

    @Test func `tokens outlive a restart of the coordinator, for the time that is left`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let coordinator = try await cluster.startCoordinator()
            let long = try await cluster.token("--uses", "2")
            let brief = try await cluster.token("--expires", "2s")
            // Joins as soon as it can.
            let early = try cluster.launchJoining("early", long)
            try await early.says("joined as worker 1")
            coordinator.kill9()
            let late = try cluster.launchJoining("late", long)
            try await late.says("not enrolled yet")
            try await cluster.startCoordinator()
            try await late.says("joined as worker 2")
            try await eventually("the brief token has expired") {
                try await cluster.state(of: brief.id) == .expired
            }
        }
    }

    @Test func `a worker waits until a person approves it, and another is turned away`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let token = try await cluster.token("--approve", "--uses", "2")
            let worker = try cluster.launchJoining("oven", token)
            try await worker.says("enrolled as worker 1; it waits for a person")
            try await worker.says("this worker waits for a person's approval")
            let sweep = try await cluster.submit(rehearsal(trials: 2, seconds: 0.1))
            #expect(try await cluster.worker("oven").state == .pending)
            #expect(!worker.log.contains("joined"))
            #expect(try await cluster.trials(of: sweep).allSatisfy { $0.attempts == 0 })

            let list = try await cluster.picoml("worker", "list")
            #expect(list.output.contains("picoml worker approve 1"))
            let unknown = try await cluster.picoml("worker", "approve", "stove")
            #expect(unknown.code == 2)
            let approved = try await cluster.picoml("worker", "approve", "oven")
            #expect(approved.code == 0, "\(approved.errors)")
            try await worker.says("joined as worker 1")
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)

            let other = try cluster.launchJoining("other", token)
            try await other.says("enrolled as worker 2; it waits for a person")
            let revoked = try await cluster.picoml("worker", "revoke", "2")
            #expect(revoked.code == 0)
            try await other.says("the coordinator does not know this worker's key")
            #expect(!other.log.contains("joined"))
        }
    }

    @Test func `a worker gets a new key while it works, and the old one ends`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let coordinator = try await cluster.startCoordinator()
            let worker = try cluster.launchJoining("w1", try await cluster.token())
            try await worker.says("joined as worker 1")
            let sweep = try await cluster.submit(rehearsal(trials: 1, seconds: 8))
            _ = try await cluster.running(1)
            let secret = "\(cluster.folder)/w1/curve.secret"
            let before = try #require(FileManager.default.contents(atPath: secret))
            let rotated = try await cluster.picoml("worker", "rotate", "--state", "w1")
            #expect(rotated.code == 0, "\(rotated.errors)")
            let after = try #require(FileManager.default.contents(atPath: secret))
            #expect(after != before)
            try await coordinator.says("worker 1 uses its new key")
            // What ran went on.
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(try await cluster.trials(of: sweep).map(\.attempts) == [1])

            var thief = try RawPeer(
                cluster, keys: CurveKeyPair(secretKey: CurveSecretKey(before)))
            #expect(try !thief.isLetIn())
            #expect(try await cluster.client().workers().workers.map(\.state) == [.connected])
        }
    }
}
