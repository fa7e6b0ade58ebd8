import CLibZMQ
import Synchronization

/// Something that happened to a connection of a monitored socket.
package struct ConnectionEvent: Equatable, Sendable {
    /// The events that are watched.
    package enum Kind: Equatable, Sendable {
        /// The transport is connected; the handshake follows.
        case connected
        /// The connection ended; the socket tries again by itself.
        case disconnected
        /// The peers can talk.
        case handshakeSucceeded
        /// The peer went away in the middle of the handshake; the socket tries again.
        case handshakeFailed(errorNumber: Int32)
        /// The peers do not understand each other: a wrong server key, another mechanism or no
        /// ZeroMQ at all. The code is one of libzmq's `ZMQ_PROTOCOL_ERROR_` numbers.
        case protocolFailed(code: UInt32)
        /// The ZAP handler refused. After 300 the socket tries again; after 400 and 500 it is dead
        /// for good and has to be replaced.
        case authenticationFailed(status: Int)
    }

    /// What happened.
    package let kind: Kind
    /// The endpoint it happened to.
    package let endpoint: String
}

/// Reports what happens to the connections of one socket, on the thread that owns it.
///
/// Make it before the socket binds or connects, and read it regularly: unread events queue up
/// without limit, because libzmq's I/O thread would stand still at a full queue.
package struct Monitor: ~Copyable {
    let receiver: SocketHandle
    private let monitored: SocketHandle
    private var message = Message(maximumFrames: 2)

    private static let watched =
        ZMQ_EVENT_CONNECTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED
        | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL
        | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH

    // Endpoints of monitors share one name space in a context.
    private static let lastNumber = Atomic<Int>(0)

    /// Starts to watch a socket; a socket has one monitor at a time.
    package init(_ socket: borrowing Socket, in context: Context) throws(ZeroMQError) {
        let receiver = try SocketHandle(ZMQ_PAIR, in: context)
        // No limit: see above.
        try receiver.set(ZMQ_RCVHWM, 0, "monitor's receive mark")
        let (_, number) = Self.lastNumber.add(1, ordering: .relaxed)
        let endpoint = "inproc://monitor-\(number)"
        // Before the other end exists, so that no event can find it missing: inproc allows that.
        try unsafe receiver.call("connect", endpoint) { unsafe zmq_connect($0, $1) }
        try unsafe socket.handle.call("monitor", endpoint) {
            unsafe zmq_socket_monitor($0, $1, Self.watched)
        }
        self.receiver = receiver
        monitored = socket.handle
    }

    deinit {
        // In this order, or libzmq's I/O thread blocks in a report to nobody.
        monitored.stopMonitor()
        receiver.close()
    }

    /// The next event, or nil when there is none now.
    /// - Throws: ``ZeroMQError`` with `contextTerminated` after a shutdown.
    package mutating func next() throws(ZeroMQError) -> ConnectionEvent? {
        while try receiver.receive(into: &message) != .nothing {
            if let event = decode() { return event }
        }
        return nil
    }

    private func decode() -> ConnectionEvent? {
        guard message.count == 2, message[0].byteCount == 6 else { return nil }
        let (number, value) = unsafe message[0].bytes.withUnsafeBytes {
            (
                unsafe $0.loadUnaligned(fromByteOffset: 0, as: UInt16.self),
                unsafe $0.loadUnaligned(fromByteOffset: 2, as: UInt32.self)
            )
        }
        let kind: ConnectionEvent.Kind
        switch Int32(number) {
        case ZMQ_EVENT_CONNECTED: kind = .connected
        case ZMQ_EVENT_DISCONNECTED: kind = .disconnected
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: kind = .handshakeSucceeded
        case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
            kind = .handshakeFailed(errorNumber: Int32(bitPattern: value))
        case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL: kind = .protocolFailed(code: value)
        case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: kind = .authenticationFailed(status: Int(value))
        default: return nil
        }
        let endpoint = String(decoding: message[1].copy() ?? [], as: UTF8.self)
        return ConnectionEvent(kind: kind, endpoint: endpoint)
    }
}
