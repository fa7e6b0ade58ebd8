import Logging
import Storage
import Vocabulary
import Wire
import ZeroMQ

/// The thread of the artifact socket: bulk never delays a heartbeat.
struct ArtifactLoop: ~Copyable {
    private let socket: Socket
    private let artifacts: ArtifactStore
    private let stopping: StopFlag
    private let logger: Logger
    private var message = Message(maximumFrames: 2)
    // Answers that a full pipe holds back; peers are not read while there are many.
    private var held: [(peer: PeerID, frame: [UInt8])] = []

    /// Answers held back before requests are left in the socket.
    private static let heldLimit = 64
    private static let retry = Duration.milliseconds(5)

    init(
        socket: consuming Socket, artifacts: ArtifactStore, stopping: StopFlag, logger: Logger
    ) {
        self.socket = socket
        self.artifacts = artifacts
        self.stopping = stopping
        self.logger = logger
    }

    mutating func run() {
        var poller = Poller()
        let key = poller.add(socket)
        _ = poller.add(stopping.wakeUp)
        do {
            while !stopping.isSet {
                let isFull = held.count >= Self.heldLimit
                poller.update(key, for: isFull ? [] : .readable)
                try poller.poll(timeout: held.isEmpty ? nil : Self.retry)
                try sendHeld()
                if !isFull { try drain() }
            }
        } catch {
            // Sockets that end because the daemon was told to stop are no failure.
            if !stopping.isSet {
                logger.critical("the artifact loop ends: \(error)")
                stopping.fail("\(error)")
            }
        }
    }

    private mutating func sendHeld() throws(ZeroMQError) {
        var rest: [(peer: PeerID, frame: [UInt8])] = []
        for entry in held {
            if try socket.send([entry.peer.routingBytes, entry.frame]) == .wouldBlock {
                rest.append(entry)
            }
        }
        held = rest
    }

    private mutating func drain() throws(ZeroMQError) {
        for _ in 0..<Self.heldLimit {
            switch try socket.receive(into: &message) {
            case .nothing: return
            case .oversized: logger.warning("an artifact message with too many frames was dropped")
            case .message:
                guard message.count == 2, let peer = PeerID(routingFrame: message[0]) else {
                    continue
                }
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
        let frame = ArtifactCodec.encode(reply)
        if try socket.send([peer.routingBytes, frame]) == .wouldBlock {
            held.append((peer, frame))
        }
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
