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
    private var desk: DataDesk
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
        socket: consuming Socket, artifacts: ArtifactStore, progress: DataProgress,
        admitted: AdmittedUsers, stopping: StopFlag, logger: Logger
    ) {
        self.socket = socket
        self.artifacts = artifacts
        desk = DataDesk(artifacts: artifacts, progress: progress)
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
            case .unreachable:
                held[peer]?.removeAll()
                desk.lose(peer)
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
                guard case .worker(let worker, _)? = admitted.sender(of: message),
                    let peer = PeerID(routingFrame: message[0])
                else { continue }
                try answer(peer, worker)
            }
        }
    }

    private mutating func answer(_ peer: PeerID, _ worker: WorkerID) throws(ZeroMQError) {
        let request: ArtifactRequest
        do throws(WireError) {
            guard let known = try ArtifactCodec.decodeRequest(message[1].bytes) else { return }
            request = known
        } catch {
            logger.warning("a malformed artifact request was dropped: \(error)")
            return
        }
        for parcel in perform(request, of: worker, on: peer) {
            try hold(parcel.reply, for: parcel.peer)
        }
    }

    /// Does what `worker` asks, and returns what to tell whom.
    private mutating func perform(
        _ request: ArtifactRequest, of worker: WorkerID, on peer: PeerID
    ) -> [DataDesk.Parcel] {
        do throws(StorageError) {
            switch request {
            case .want(let want):
                return try desk.answer(want, of: worker, on: peer, at: Clock.now())
            case .share(let share):
                let address = message[1].metadata("Peer-Address") ?? ""
                desk.take(share, of: worker, on: peer, from: address, at: Clock.now())
                return []
            case .offer(let digest, let byteCount):
                let progress = try artifacts.begin(digest, byteCount: byteCount)
                return [(peer, reply(progress, to: digest))]
            case .chunk(let digest, let offset, let bytes):
                let progress = try artifacts.write(digest, offset: offset, bytes: bytes)
                return [(peer, reply(progress, to: digest))]
            case .fetch(let digest, let offset, let byteCount):
                return [(peer, try part(of: digest, at: offset, byteCount))]
            }
        } catch {
            logger.warning("artifacts for worker \(worker): \(error)")
            guard let digest = request.digest else { return [] }
            return [(peer, .refused(digest, reason: "\(error)"))]
        }
    }

    private func part(
        of digest: Digest, at offset: UInt64, _ byteCount: UInt32
    ) throws(StorageError) -> ArtifactReply {
        guard let total = try artifacts.byteCount(of: digest) else {
            return .refused(digest, reason: "there is no artifact \(digest)")
        }
        let count = min(Int(byteCount), Limits.artifactChunkBytes)
        let bytes = try artifacts.read(digest, offset: offset, count: count)
        return .bytes(digest, offset: offset, byteCount: total, bytes: bytes)
    }

    private mutating func hold(
        _ reply: ArtifactReply, for peer: PeerID
    ) throws(ZeroMQError) {
        guard held[peer]?.count ?? 0 < Self.heldLimit else { return }
        held[peer, default: []].append(ArtifactCodec.encode(reply))
        try sendHeld(to: peer)
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

extension ArtifactRequest {
    /// The artifact or manifest that the request is about; nil for none.
    fileprivate var digest: Digest? {
        switch self {
        case .offer(let digest, _), .chunk(let digest, _, _), .fetch(let digest, _, _): digest
        case .want(let want): want.digest
        case .share: nil
        }
    }
}
