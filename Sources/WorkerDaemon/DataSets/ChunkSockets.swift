import DequeModule
import Vocabulary
import Wire
import ZeroMQ

/// The sockets that chunks come through: the coordinator's, and one for each worker asked.
///
/// Used by the transfer thread alone.
struct ChunkSockets: ~Copyable {
    private let context: Context
    private let identity: WorkerIdentity
    private let sharing: SharingIdentity?
    private var poller = Poller()
    private var open: [ChunkSource: ChunkSocket] = [:]
    private var message = Message(maximumFrames: 1)

    /// Workers that are connected to at once; of more, one that nothing comes from is dropped.
    private static let peerLimit = 32

    init(
        in context: Context, endpoint: String, identity: WorkerIdentity,
        sharing: SharingIdentity?
    ) throws(Transfer.Problem) {
        self.context = context
        self.identity = identity
        self.sharing = sharing
        let options = identity.options(maximum: Limits.artifactFrameBytes)
        open[.coordinator] = try ChunkSocket(
            to: endpoint, in: context, options: options, poller: &poller)
    }

    /// Connects to a worker, unless there is a connection or all of too many are `busy`.
    mutating func connect(to peer: DataPeer, busy: [ChunkSource]) throws(Transfer.Problem) {
        let source = ChunkSource.worker(peer.worker)
        guard let sharing, open[source] == nil else { return }
        if open.count > Self.peerLimit {
            let idle = open.keys.sorted().first { $0 != .coordinator && !busy.contains($0) }
            guard let idle else { return }
            drop(idle)
        }
        guard let key = sharing.serverKey(peer.key) else { return }
        open[source] = try ChunkSocket(
            to: peer.endpoint, in: context, options: sharing.clientOptions(key),
            poller: &poller)
    }

    /// Whether requests to `source` can be sent.
    func isOpen(_ source: ChunkSource) -> Bool { open[source] != nil }

    /// Ends the connection to a worker.
    mutating func drop(_ source: ChunkSource) {
        open.removeValue(forKey: source)?.leave(&poller)
    }

    /// Sends a request, as soon as there is a connection.
    mutating func send(_ request: ArtifactRequest, to source: ChunkSource) {
        open[source]?.waiting.append(ArtifactCodec.encode(request))
    }

    /// Sends what can be sent, waits for at most `timeout`, and returns what came.
    ///
    /// Whatever goes wrong with a worker's connection ends that connection only; its source then
    /// counts as silent.
    mutating func exchange(
        within timeout: Duration
    ) throws(Transfer.Problem) -> [(source: ChunkSource, reply: ArtifactReply)] {
        for source in open.keys.sorted() {
            do throws(Transfer.Problem) { try open[source]?.flush(&poller) } catch {
                try end(source, error)
            }
        }
        do throws(ZeroMQError) { try poller.poll(timeout: timeout) } catch {
            throw .broken("\(error)")
        }
        var replies: [(source: ChunkSource, reply: ArtifactReply)] = []
        for source in open.keys.sorted() {
            do throws(Transfer.Problem) {
                for reply in try open[source]?.receive(by: &message) ?? [] {
                    replies.append((source, reply))
                }
            } catch {
                try end(source, error)
            }
        }
        return replies
    }

    private mutating func end(
        _ source: ChunkSource, _ problem: Transfer.Problem
    ) throws(Transfer.Problem) {
        drop(source)
        if source == .coordinator { throw problem }
    }
}

/// One connection that chunks come through.
private final class ChunkSocket {
    /// Requests that wait for the connection.
    var waiting: Deque<[UInt8]> = []
    private let socket: Socket
    private let key: Poller.Key

    init(
        to endpoint: String, in context: Context, options: SocketOptions, poller: inout Poller
    ) throws(Transfer.Problem) {
        do throws(ZeroMQError) {
            let socket = try Socket(.dealer, in: context, options: options)
            try socket.connect(endpoint)
            key = poller.add(socket)
            self.socket = socket
        } catch {
            throw .broken("\(error)")
        }
    }

    func leave(_ poller: inout Poller) { poller.remove(key) }

    func flush(_ poller: inout Poller) throws(Transfer.Problem) {
        do throws(ZeroMQError) {
            while let frame = waiting.first, try socket.send([frame]) == .sent {
                waiting.removeFirst()
            }
        } catch {
            throw .broken("\(error)")
        }
        poller.update(key, for: waiting.isEmpty ? .readable : [.readable, .writable])
    }

    func receive(by message: inout Message) throws(Transfer.Problem) -> [ArtifactReply] {
        var replies: [ArtifactReply] = []
        do {
            for _ in 0..<Limits.artifactWindowChunks {
                guard try socket.receive(into: &message) == .message else { break }
                if let reply = try ArtifactCodec.decodeReply(message[0].bytes) {
                    replies.append(reply)
                }
            }
        } catch {
            throw .broken("\(error)")
        }
        return replies
    }
}
