import DequeModule
import Logging
import Scheduling
import Storage
import Vocabulary
import Wire
import ZeroMQ

/// The thread of the artifact socket: bulk never delays a heartbeat.
struct ArtifactLoop: ~Copyable {
    private let socket: Socket
    private let artifacts: ArtifactStore
    private let admitted: AdmittedUsers
    private let stopping: StopFlag
    private let logger: Logger
    private var message = Message(maximumFrames: 2)
    // Answers that a full pipe holds back.
    private var held: [PeerID: Deque<[UInt8]>] = [:]

    /// Answers held back for one peer; a peer that lets more pile up asks again later.
    private static let heldLimit = 2 * Limits.artifactWindowChunks
    private static let retry = Duration.milliseconds(5)

    init(
        socket: consuming Socket, artifacts: ArtifactStore, admitted: AdmittedUsers,
        stopping: StopFlag, logger: Logger
    ) {
        self.socket = socket
        self.artifacts = artifacts
        self.admitted = admitted
        self.stopping = stopping
        self.logger = logger
    }

    mutating func run() {
        var poller = Poller()
        _ = poller.add(socket)
        _ = poller.add(stopping.wakeUp)
        do {
            while !stopping.isSet {
                try poller.poll(timeout: held.isEmpty ? nil : Self.retry)
                if stopping.isSet { return }
                for peer in held.keys.sorted() { try sendHeld(to: peer) }
                try drain()
            }
        } catch {
            // Sockets that end because the daemon was told to stop are no failure.
            if !stopping.isSet {
                logger.critical("the artifact loop ends: \(error)")
                stopping.fail("\(error)")
            }
        }
    }

    private mutating func sendHeld(to peer: PeerID) throws(ZeroMQError) {
        while let frame = held[peer]?.first {
            switch try socket.send([peer.routingBytes, frame]) {
            case .sent: held[peer]?.removeFirst()
            case .wouldBlock: return
            case .unreachable: held[peer]?.removeAll()
            }
        }
        held[peer] = nil
    }

    private mutating func drain() throws(ZeroMQError) {
        for _ in 0..<Limits.framesPerTurn {
            switch try socket.receive(into: &message) {
            case .nothing: return
            case .oversized: logger.warning("an artifact message with too many frames was dropped")
            case .message:
                // Join tokens are for the other socket alone.
                guard case .worker? = admitted.sender(of: message),
                    let peer = PeerID(routingFrame: message[0])
                else { continue }
                try answer(peer)
            }
        }
    }

    private mutating func answer(_ peer: PeerID) throws(ZeroMQError) {
        let reply: ArtifactReply
        do throws(WireError) {
            guard let request = try ArtifactCodec.decodeRequest(message[1].bytes) else { return }
            reply = perform(request)
        } catch {
            logger.warning("a malformed artifact request was dropped: \(error)")
            return
        }
        guard held[peer]?.count ?? 0 < Self.heldLimit else { return }
        held[peer, default: []].append(ArtifactCodec.encode(reply))
        try sendHeld(to: peer)
    }

    private func perform(_ request: ArtifactRequest) -> ArtifactReply {
        let digest: Digest
        switch request {
        case .offer(let name, _), .chunk(let name, _, _), .fetch(let name, _, _): digest = name
        }
        do throws(StorageError) {
            switch request {
            case .offer(_, let byteCount):
                return reply(try artifacts.begin(digest, byteCount: byteCount), to: digest)
            case .chunk(_, let offset, let bytes):
                return reply(
                    try artifacts.write(digest, offset: offset, bytes: bytes), to: digest)
            case .fetch(_, let offset, let byteCount):
                guard let total = try artifacts.byteCount(of: digest) else {
                    return .refused(digest, reason: "there is no artifact \(digest)")
                }
                let count = min(Int(byteCount), Limits.artifactChunkBytes)
                let bytes = try artifacts.read(digest, offset: offset, count: count)
                return .bytes(digest, offset: offset, byteCount: total, bytes: bytes)
            }
        } catch {
            logger.warning("artifact \(digest): \(error)")
            return .refused(digest, reason: "\(error)")
        }
    }

    private func reply(
        _ progress: ArtifactStore.Progress, to digest: Digest
    ) -> ArtifactReply {
        switch progress {
        case .send(let offset): .send(digest, offset: offset)
        case .stored: .stored(digest)
        }
    }
}
