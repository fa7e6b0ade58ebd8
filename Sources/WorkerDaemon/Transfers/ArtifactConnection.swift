import Vocabulary
import Wire
import ZeroMQ

/// One connection to the coordinator's artifact socket, used by the transfer thread alone.
struct ArtifactConnection: ~Copyable {
    private let socket: Socket
    private var poller: Poller
    private let key: Poller.Key
    private var message: Message
    private let queue: TransferQueue

    /// Without progress for this long the connection is given up.
    private static let silence = Duration.seconds(10)
    /// How often a wait looks whether the transfer is still wanted.
    private static let glance = Duration.milliseconds(200)

    init(
        in context: Context, endpoint: String, options: SocketOptions, queue: TransferQueue
    ) throws(Transfer.Problem) {
        let socket = try Self.connect(in: context, endpoint: endpoint, options: options)
        var poller = Poller()
        key = poller.add(socket)
        self.poller = poller
        self.socket = socket
        self.queue = queue
        message = Message(maximumFrames: 1)
    }

    private static func connect(
        in context: Context, endpoint: String, options: SocketOptions
    ) throws(Transfer.Problem) -> Socket {
        do throws(ZeroMQError) {
            let socket = try Socket(.dealer, in: context, options: options)
            try socket.connect(endpoint)
            return socket
        } catch {
            throw .broken("\(error)")
        }
    }

    /// Sends a request, waiting while the pipe is full.
    mutating func send(_ request: ArtifactRequest) throws(Transfer.Problem) {
        let frame = ArtifactCodec.encode(request)
        while try trySend(frame) != .sent { try wait(for: .writable) }
    }

    /// The next answer about `digest`; those about others are left-overs of an earlier transfer.
    mutating func answer(about digest: Digest) throws(Transfer.Problem) -> ArtifactReply {
        while true {
            while try tryReceive() != .message { try wait(for: .readable) }
            guard let reply = try decode(), reply.digest == digest else { continue }
            if case .refused(_, let reason) = reply { throw .refused(reason) }
            return reply
        }
    }

    private func trySend(_ frame: [UInt8]) throws(Transfer.Problem) -> SendOutcome {
        do throws(ZeroMQError) { return try socket.send([frame]) } catch {
            throw .broken("\(error)")
        }
    }

    private mutating func tryReceive() throws(Transfer.Problem) -> Reception {
        do throws(ZeroMQError) { return try socket.receive(into: &message) } catch {
            throw .broken("\(error)")
        }
    }

    private func decode() throws(Transfer.Problem) -> ArtifactReply? {
        do throws(WireError) {
            return try ArtifactCodec.decodeReply(message[0].bytes)
        } catch {
            throw .broken("\(error)")
        }
    }

    private mutating func wait(for interest: Poller.Interest) throws(Transfer.Problem) {
        poller.update(key, for: interest)
        var waited = Duration.zero
        while true {
            if queue.isCurrentCancelled { throw .cancelled }
            do throws(ZeroMQError) {
                if try poller.poll(timeout: Self.glance) { return }
            } catch {
                throw .broken("\(error)")
            }
            waited += Self.glance
            if waited >= Self.silence { throw .broken("the coordinator does not answer") }
        }
    }
}

extension ArtifactReply {
    /// The artifact that the answer is about; nil for none.
    fileprivate var digest: Digest? {
        switch self {
        case .send(let digest, _), .stored(let digest), .bytes(let digest, _, _, _),
            .refused(let digest, _):
            digest
        case .orders(let orders): orders.digest
        case .guests: nil
        }
    }
}
