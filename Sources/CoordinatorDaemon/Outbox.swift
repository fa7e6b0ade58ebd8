import DequeModule
import Vocabulary
import Wire
import ZeroMQ

/// Messages on their way to workers, batched into frames, with what a full pipe holds back.
///
/// A ROUTER drops nothing here: a full pipe keeps its frames until there is room, and a peer that
/// lets too much pile up is treated as gone, because its leases tell it all that matters when it
/// comes back.
struct Outbox {
    private var messages: [PeerID: [CoordinatorMessage]] = [:]
    private var order: [PeerID] = []
    private var held: [PeerID: Deque<[UInt8]>] = [:]

    /// Whether a full pipe holds something back.
    var isBlocked: Bool { !held.isEmpty }

    mutating func append(_ message: CoordinatorMessage, to peer: PeerID) {
        if messages[peer] == nil { order.append(peer) }
        messages[peer, default: []].append(message)
    }

    /// Sends what can be sent and returns the peers that turned out to be gone.
    mutating func flush(through socket: borrowing Socket) throws(ZeroMQError) -> [PeerID] {
        var gone: [PeerID] = []
        for peer in order {
            let frames = ControlCodec.encodeFrames(messages[peer] ?? [])
            held[peer, default: []].append(contentsOf: frames)
        }
        messages.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
        for peer in held.keys.sorted() {
            if try !send(to: peer, through: socket) { gone.append(peer) }
        }
        return gone
    }

    /// Sends a peer's frames in order; false when the peer is gone.
    private mutating func send(
        to peer: PeerID, through socket: borrowing Socket
    ) throws(ZeroMQError) -> Bool {
        while let frame = held[peer]?.first {
            guard frame.count <= Limits.controlFrameBytes else {
                // The receiver would drop it; the lease in it comes back as unknown to the worker.
                held[peer]?.removeFirst()
                continue
            }
            switch try socket.send([peer.routingBytes, frame]) {
            case .sent: held[peer]?.removeFirst()
            case .unreachable:
                held[peer] = nil
                return false
            case .wouldBlock:
                guard held[peer]?.count ?? 0 <= Limits.messagesPerPeer else {
                    held[peer] = nil
                    return false
                }
                return true
            }
        }
        held[peer] = nil
        return true
    }
}

extension PeerID {
    /// Reads the routing id that a ROUTER made, a zero byte and four more; nil for another one.
    init?(routingFrame frame: borrowing Frame) {
        let bytes = frame.bytes
        guard bytes.count == 5, bytes[0] == 0 else { return nil }
        var number: UInt64 = 0
        for index in 1..<5 { number = number << 8 | UInt64(bytes[index]) }
        self.init(number)
    }

    /// The routing id as the ROUTER wants it back.
    var routingBytes: [UInt8] {
        [
            0, UInt8(truncatingIfNeeded: routingID >> 24),
            UInt8(truncatingIfNeeded: routingID >> 16),
            UInt8(truncatingIfNeeded: routingID >> 8), UInt8(truncatingIfNeeded: routingID),
        ]
    }
}
