import API
import Client
import Foundation
import Testing
import Vocabulary
import Wire
import ZeroMQ

/// Coordinators and workers of neighbouring versions.
///
/// The other side is played here: it sends what a later version would, over real sockets.
@Suite(.serialized, .timeLimit(.minutes(2))) struct MixedVersionTests {
    private static let next = NewerFrame.version

    /// A hello of a worker that speaks these versions.
    private static func hello(_ minimum: UInt32, _ maximum: UInt32) -> WorkerMessage {
        let facts = WorkerFacts(
            host: "newer", process: 1, cpus: 1, memoryBytes: 1 << 30, software: "9.0.0")
        return .hello(
            Hello(
                minimumVersion: minimum, maximumVersion: maximum, facts: facts, prefetch: 0,
                held: []))
    }

    private static func bytes(_ messages: [WorkerMessage], isOptional: Bool = true) -> [UInt8] {
        NewerFrame.make(ControlCodec.encodeFrames(messages)[0], isOptional: isOptional)
    }

    private func letIn(_ cluster: Cluster) async throws -> CurveKeyPair {
        let keys = try CurveKeyPair.generate()
        _ = try await cluster.client().authorize(name: "newer", key: keys.publicKey.text)
        return keys
    }

    @Test func `a worker of the next version works for this coordinator`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let coordinator = try await cluster.startCoordinator()
            var worker = try RawPeer(cluster, keys: try await letIn(cluster))
            try #require(try worker.isLetIn())
            try worker.send(Self.bytes([Self.hello(ProtocolVersion.current, Self.next)]))
            let version = try worker.hear().compactMap { message in
                if case .welcome(let welcome) = message { welcome.version } else { nil }
            }
            #expect(version == [ProtocolVersion.current], "the newest that both speak")

            let sweep = try await cluster.submit(rehearsal(trials: 1, seconds: 0.1))
            let leases = try worker.hear().compactMap { message in
                if case .assign(let lease) = message { lease } else { nil }
            }
            let attempt = try #require(leases.first).attempt
            let loss = [Metric("loss", 0.5)]
            try worker.send(
                Self.bytes([
                    .report([MetricReport(attempt: attempt, step: 1, metrics: loss)]),
                    .result(
                        AttemptResult(
                            attempt: attempt, outcome: .succeeded, metrics: loss, seconds: 1)),
                ]))
            #expect(try worker.hear() == [.acknowledge(attempt, .committed)])
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(!coordinator.log.contains("malformed"))

            // The control: what must not be skipped is not, and costs the frame alone.
            try worker.send(Self.bytes([.renew(Renewal(prefetch: 0, held: []))], isOptional: false))
            try await coordinator.says("a message of kind 900 that this build does not know")
            try worker.send([.renew(Renewal(prefetch: 0, held: []))])
            #expect(try worker.hear() == [.renewed])
            #expect(try await cluster.worker("newer").state == .connected)
        }
    }

    @Test func `a worker that is two versions ahead is told what to upgrade`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let neighbour = try await cluster.startWorker("w1")
            var worker = try RawPeer(cluster, keys: try await letIn(cluster))
            try #require(try worker.isLetIn())
            try worker.send(Self.bytes([Self.hello(Self.next, Self.next + 1)]))
            guard case .reject(let reason)? = try worker.hear().first else {
                Issue.record("it was not refused")
                return
            }
            #expect(reason.contains("versions \(Self.next) to \(Self.next + 1)"), "\(reason)")
            #expect(reason.contains("upgrade the coordinator to picoml 9.0.0"), "\(reason)")
            #expect(try await cluster.worker("newer").state == .away)
            let sweep = try await cluster.submit(rehearsal(trials: 2, seconds: 0.1))
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(neighbour.isRunning)
        }
    }

    @Test func `this worker works for a coordinator of the next version`() async throws {
        try await Cluster.run { cluster in
            var coordinator = try ScriptedCoordinator(
                for: try await cluster.key(of: "w1"), in: cluster.folder)
            defer { coordinator.stop() }
            coordinator.change = { NewerFrame.make($0) }
            let worker = try start(cluster)
            guard case .hello(let hello) = try coordinator.hear("hello", { _ in true }) else {
                Issue.record("its first message is no hello")
                return
            }
            #expect(hello.maximumVersion == ProtocolVersion.current)
            let attempt = AttemptID(trial: TrialID(sweep: SweepID(1), number: 1), number: 1)
            try coordinator.say([.welcome(Self.welcome(hello.maximumVersion))])
            try await worker.says("joined as worker")
            try coordinator.say([.assign(Self.lease(attempt, seconds: 0.5))])
            let result = try coordinator.hear("result") { message in
                if case .result(let result) = message { result.attempt == attempt } else { false }
            }
            guard case .result(let ended) = result else { return }
            #expect(ended.outcome == .succeeded, "\(ended.message)")
            try coordinator.say([.acknowledge(attempt, .committed)])

            // The control: what must not be skipped ends the connection, and it comes back.
            coordinator.change = { NewerFrame.make($0, isOptional: false) }
            try coordinator.say([.renewed])
            try await worker.says("a message of kind 900 that this build does not know")
            _ = try coordinator.hear("hello again") { message in
                if case .hello = message { true } else { false }
            }
        }
    }

    @Test func `this worker says so when a coordinator picks a version that it does not speak`()
        async throws
    {
        try await Cluster.run { cluster in
            var coordinator = try ScriptedCoordinator(
                for: try await cluster.key(of: "w1"), in: cluster.folder)
            defer { coordinator.stop() }
            let worker = try start(cluster)
            _ = try coordinator.hear("hello") { _ in true }
            try coordinator.say([.welcome(Self.welcome(Self.next))])
            try await worker.says(
                "The coordinator speaks version \(Self.next) of the protocol")
            #expect(worker.log.contains("upgrade picoml on the side with the lower one"))
            #expect(worker.isRunning)
        }
    }

    private func start(_ cluster: Cluster) throws -> ChildProcess {
        try cluster.launch(
            "w1",
            [
                "worker", "run", "--state", "\(cluster.folder)/w1", "--coordinator",
                "\(cluster.folder)/worker.json", "--cpus", "1", "--log-level", "debug",
            ])
    }

    private static func welcome(_ version: UInt32) -> Welcome {
        Welcome(
            version: version, worker: WorkerID(1), renewMilliseconds: 500,
            leaseMilliseconds: 10_000)
    }

    private static func lease(_ attempt: AttemptID, seconds: Double) -> Lease {
        Lease(
            attempt: attempt, task: .search, experiment: "Exp1", trainer: .rehearsal,
            parameters: [
                Assignment("rounds", .integer(5)),
                Assignment("seconds_per_round", .float(seconds / 5)),
                Assignment("end", .float(0.5)),
            ], seed: 1, cpus: 1, timeLimit: nil,
            objective: Objective(metric: "loss", goal: .minimize), data: nil)
    }
}
