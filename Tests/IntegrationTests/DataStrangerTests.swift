import API
import Client
import Foundation
import Hashing
import Testing
import Vocabulary
import Wire
import ZeroMQ

/// Who may fetch chunks from a worker, and what comes of workers that lie.
@Suite(.serialized, .timeLimit(.minutes(3))) struct DataStrangerTests {
    /// A connection that asks and hears what it is answered.
    private struct Asker: ~Copyable {
        private let context: Context
        private let socket: Socket
        private var message = Message(maximumFrames: 1)

        init(_ endpoint: String, keys: CurveKeyPair, serverKey: CurveKey) throws {
            let context = try Context()
            var options = SocketOptions()
            options.maximumMessageSize = Limits.artifactFrameBytes
            options.handshakeInterval = .seconds(1)
            options.reconnectInterval = .milliseconds(50)
            options.security = .client(keys: keys, serverKey: serverKey)
            let socket = try Socket(.dealer, in: context, options: options)
            try socket.connect(endpoint)
            self.context = context
            self.socket = socket
        }

        /// Sends `request` once there is a connection, and returns the first answer to it; nil
        /// when there is none within `limit`.
        mutating func ask(
            _ request: ArtifactRequest, within limit: Duration
        ) throws -> ArtifactReply? {
            var poller = Poller()
            let key = poller.add(socket, for: .writable)
            guard try poller.poll(timeout: limit) else { return nil }
            _ = try socket.send([ArtifactCodec.encode(request)])
            poller.update(key, for: .readable)
            guard try poller.poll(timeout: limit), try socket.receive(into: &message) == .message
            else { return nil }
            return try ArtifactCodec.decodeReply(message[0].bytes)
        }
    }

    /// A worker that has a data set, and a second one, played by the test, that wants it.
    private func run(
        _ body: (Cluster, DataSetDocument, DataPeer, CurveKeyPair) async throws -> Void
    ) async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            try DataSetTests.noise(1 << 20).write(to: URL(filePath: "\(cluster.folder)/large"))
            let added = try await cluster.picoml("data", "add", "large", "large", "--json")
            let data = try APICoding.decode(
                DataSetDocument.self, from: Array(added.output.utf8))
            let worker = try await cluster.startWorker("oven")
            try cluster.writeCode("# nothing\n", to: "empty.sh")
            _ = try await cluster.ended(
                try await cluster.submitProgram(
                    """
                    trainer: command
                    command: [sh, -c, 'echo loss=1']
                    metrics_from: output
                    data: large
                    """))
            try await worker.says("is here: 4 chunks of the coordinator")
            let own = try CurveKeyPair.generate()
            let known = try CurveKeyPair.generate()
            _ = try await cluster.client().authorize(name: "second", key: own.publicKey.text)
            let peer = try await peer(of: cluster, data, own: own, sharing: known)
            try await body(cluster, data, peer, known)
        }
    }

    /// What the coordinator says where to get the data set, once the worker has told it so.
    private func peer(
        of cluster: Cluster, _ data: DataSetDocument, own: CurveKeyPair, sharing: CurveKeyPair
    ) async throws -> DataPeer {
        let serverKey = try CurveKey(cluster.published("worker", "server_key"))
        let share = DataShare(port: 9, key: sharing.publicKey.text, complete: [])
        let want = DataWant(
            digest: data.digest, held: ChunkSet(count: 4), requested: [], room: 1, distrusted: [])
        return try await eventually("the coordinator names the worker") {
            var asker = try Asker(
                cluster.published("worker", "artifacts"), keys: own, serverKey: serverKey)
            _ = try asker.ask(.share(share), within: .milliseconds(200))
            guard case .orders(let answer)? = try asker.ask(.want(want), within: .seconds(5))
            else { return nil }
            return answer.peers.first
        }
    }

    @Test func `a worker gives chunks to those that the coordinator named, and to nobody else`()
        async throws
    {
        try await run { _, data, peer, known in
            let serverKey = try CurveKey(peer.key)
            let first = ArtifactRequest.fetch(data.digest, offset: 0, byteCount: 262_144)
            var guest = try Asker(peer.endpoint, keys: known, serverKey: serverKey)
            guard
                case .bytes(_, 0, 1_048_576, let bytes)? =
                    try guest.ask(first, within: .seconds(10))
            else {
                Issue.record("the worker that was named got nothing")
                return
            }
            #expect(bytes == Array(DataSetTests.noise(1 << 20).prefix(262_144)))
            // It knows where the worker is and which key it has, but was not named.
            var stranger = try Asker(
                peer.endpoint, keys: .generate(), serverKey: serverKey)
            #expect(try stranger.ask(first, within: .seconds(3)) == nil)
            var plain = try Asker(
                peer.endpoint, keys: known, serverKey: CurveKeyPair.generate().publicKey)
            #expect(try plain.ask(first, within: .seconds(1)) == nil)
        }
    }

    @Test func `a worker gives nothing but chunks of data sets`() async throws {
        try await run { _, data, peer, known in
            var guest = try Asker(peer.endpoint, keys: known, serverKey: CurveKey(peer.key))
            for request: ArtifactRequest in [
                .fetch(data.payload, offset: 0, byteCount: 262_144),
                .fetch(data.digest, offset: 1, byteCount: 262_144),
                .fetch(data.digest, offset: 1 << 20, byteCount: 262_144),
                .fetch(data.digest, offset: 0, byteCount: 5),
                .fetch(Digest.of("/etc/passwd"), offset: 0, byteCount: 262_144),
            ] {
                guard case .refused? = try guest.ask(request, within: .seconds(10)) else {
                    Issue.record("\(request) was answered")
                    continue
                }
            }
            // What only the coordinator answers gets no answer, and does no harm.
            #expect(
                try guest.ask(.offer(data.digest, byteCount: 9), within: .milliseconds(500)) == nil)
            let last = ArtifactRequest.fetch(data.digest, offset: 786_432, byteCount: 262_144)
            guard case .bytes? = try guest.ask(last, within: .seconds(10)) else {
                Issue.record("the worker gives nothing any more")
                return
            }
        }
    }
}
