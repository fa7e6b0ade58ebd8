import API
import Client
import Foundation
import Testing
import Vocabulary
import ZeroMQ

/// What holders of keys and tokens try that is not theirs to do.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct JoinAttackTests {
    /// All that the API shows of who may do what, and of the sweep.
    private func state(_ cluster: Cluster, _ sweep: SweepSelector) async throws -> [String] {
        let client = try cluster.client()
        let workers = try await client.workers().workers.map {
            "\($0.id) \($0.name) \($0.state) \($0.facts?.host ?? "") \($0.exclusion ?? "")"
        }
        let tokens = try await client.tokens().tokens.map { "\($0.id) \($0.state) \($0.used)" }
        let trials = try await cluster.trials(of: sweep).map {
            "\($0.id) \($0.state) \($0.attempts)"
        }
        return workers + tokens + trials
    }

    @Test func `a token's holder may enrol and do nothing else; a worker's words do count`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let coordinator = try await cluster.startCoordinator()
            let bystander = try await cluster.startWorker("bystander")
            let token = try await cluster.token("--uses", "3")
            let sweep = try await cluster.submit(rehearsal(trials: 1, seconds: 60))
            _ = try await cluster.running(1)
            let before = try await state(cluster, sweep)

            var peer = try RawPeer(cluster, keys: token.keys())
            #expect(try peer.isLetIn())
            for message in WorkerMessage.worker(host: "intruder") { try peer.send([message]) }
            try peer.send([UInt8](repeating: 7, count: 500))
            try await coordinator.says("it said what only workers may say")
            try await coordinator.says("worker join-1 sent a malformed message")
            // The artifact socket is none of its business either.
            var thief = try RawPeer(cluster, keys: token.keys(), socket: "artifacts")
            #expect(try thief.isLetIn())
            try thief.send(WorkerMessage.worker(host: "intruder"))
            #expect(try thief.hear(within: .milliseconds(500)).isEmpty)
            // An answer to what it may say shows that all before was heard.
            let keys = try CurveKeyPair.generate()
            #expect(try await state(cluster, sweep) == before)
            try peer.send([.enrol(keys, as: "guest")])
            #expect(try peer.hear() == [.enrolled(WorkerID(2), isPending: false)])
            #expect(bystander.isRunning && !bystander.log.contains("no coordinator"))

            // The control: the same words over the connection of a worker's key.
            var guest = try RawPeer(cluster, keys: keys)
            #expect(try guest.isLetIn())
            try guest.send(Array(WorkerMessage.worker(host: "guest").prefix(2)))
            guard case .welcome? = try guest.hear().first else {
                Issue.record("a worker is not welcome")
                return
            }
            #expect(try await cluster.worker("guest").state == .connected)
        }
    }

    @Test func `a replayed token gets no connection and changes nothing`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let token = try await cluster.token()
            var first = try RawPeer(cluster, keys: token.keys())
            #expect(try first.isLetIn())
            let worker = try cluster.launchJoining("w1", token)
            try await worker.says("joined as worker 1")
            let sweep = try await cluster.submit(rehearsal(trials: 1, seconds: 60))
            _ = try await cluster.running(1)
            let before = try await state(cluster, sweep)

            // Connected while the token was in force.
            try first.isCut(saying: [.enrol(.generate(), as: "stranger")])
            #expect(try first.hear(within: .milliseconds(200)).isEmpty)
            for socket in ["control", "artifacts"] {
                var late = try RawPeer(cluster, keys: token.keys(), socket: socket)
                #expect(try !late.isLetIn())
            }
            #expect(try await state(cluster, sweep) == before)
            #expect(!worker.log.contains("no coordinator"), "its connection was left alone")
        }
    }

    @Test func `a stranger with the server's key alone gets nowhere`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.token("--uses", "9")
            for socket in ["control", "artifacts"] {
                var stranger = try RawPeer(cluster, keys: .generate(), socket: socket)
                #expect(try !stranger.isLetIn())
            }
            #expect(try await cluster.client().workers().workers.isEmpty)
            #expect(try await cluster.client().tokens().tokens.map(\.used) == [0])
        }
    }

    @Test func `the connection of a revoked worker is cut, and no other`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let bystander = try await cluster.startWorker("bystander")
            let keys = try CurveKeyPair.generate()
            _ = try await cluster.client().authorize(name: "raw", key: keys.publicKey.text)
            var control = try RawPeer(cluster, keys: keys)
            var artifacts = try RawPeer(cluster, keys: keys, socket: "artifacts")
            let lets = (try control.isLetIn(), try artifacts.isLetIn())
            #expect(lets == (true, true))
            let hello = Array(WorkerMessage.worker(host: "raw").prefix(1))
            try control.send(hello)
            guard case .welcome? = try control.hear().first else {
                Issue.record("a worker is not welcome")
                return
            }
            let revoked = try await cluster.picoml("worker", "revoke", "2")
            #expect(revoked.code == 0)
            #expect(
                try control.hear() == [.reject(reason: "the key of this worker was revoked")])
            // It goes on as if nothing had happened.
            try control.isCut(saying: hello)
            try artifacts.isCut(saying: hello)
            #expect(try await cluster.worker("raw").state == .revoked)
            #expect(bystander.isRunning && !bystander.log.contains("no coordinator"))
        }
    }
}
