import CLibZMQ

/// One end of a ZeroMQ conversation, owned by one thread.
///
/// libzmq sockets are not thread-safe, hence not Sendable; a ``DedicatedThread`` takes over what
/// was set up elsewhere. Closes when it goes out of scope, and keeps its ``Context`` until then.
/// Nothing here blocks: wait with a ``Poller``.
package struct Socket: ~Copyable {
    /// The patterns in use.
    package enum Kind: Sendable {
        /// Talks to many peers; the first frame of a message is the peer's routing id.
        case router
        /// Talks to one ROUTER.
        case dealer
        /// Joins two threads of this process over `inproc`.
        case pair

        var code: Int32 {
            switch self {
            case .router: ZMQ_ROUTER
            case .dealer: ZMQ_DEALER
            case .pair: ZMQ_PAIR
            }
        }
    }

    let handle: SocketHandle
    let kind: Kind
    let maximumMessageSize: Int

    /// Opens a socket and applies all options, so that none comes too late.
    /// - Throws: ``ZeroMQError`` when libzmq refuses an option or no socket is left.
    package init(
        _ kind: Kind, in context: Context, options: SocketOptions = SocketOptions()
    ) throws(ZeroMQError) {
        let handle = try SocketHandle(kind.code, in: context)
        try handle.apply(options, to: kind)
        self.handle = handle
        self.kind = kind
        maximumMessageSize = options.maximumMessageSize
    }

    deinit { handle.close() }

    /// Listens on an endpoint such as `tcp://0.0.0.0:5555`; port `*` or 0 picks a free one.
    /// - Returns: The endpoint in use, with the real port.
    /// - Throws: ``ZeroMQError``; `addressInUse` when another socket listens there.
    package borrowing func bind(_ endpoint: String) throws(ZeroMQError) -> String {
        try unsafe handle.call("bind", endpoint) { unsafe zmq_bind($0, $1) }
        var text = [CChar](repeating: 0, count: 1024)
        var size = text.count
        guard unsafe zmq_getsockopt(handle.pointer, ZMQ_LAST_ENDPOINT, &text, &size) == 0 else {
            throw ZeroMQError("read the endpoint of \(endpoint)")
        }
        // The size counts the terminating zero byte.
        let bytes = text.prefix(max(0, size - 1)).map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Stops listening and cuts the connections made through the endpoint.
    ///
    /// Followed by ``bind(_:)`` this makes every peer authenticate again: the way to cut a revoked
    /// key, because ZAP is asked only when a connection starts. It happens while the owner goes on
    /// polling or receiving. Takes the resolved endpoint.
    package borrowing func unbind(_ endpoint: String) throws(ZeroMQError) {
        try unsafe handle.call("unbind", endpoint) { unsafe zmq_unbind($0, $1) }
    }

    /// Connects in the background, now and after each loss.
    /// - Throws: ``ZeroMQError`` for a malformed endpoint; an absent peer is no error.
    package borrowing func connect(_ endpoint: String) throws(ZeroMQError) {
        try unsafe handle.call("connect", endpoint) { unsafe zmq_connect($0, $1) }
    }

    /// Ends the connection and the attempts to restore it.
    package borrowing func disconnect(_ endpoint: String) throws(ZeroMQError) {
        try unsafe handle.call("disconnect", endpoint) { unsafe zmq_disconnect($0, $1) }
    }
}

@available(*, unavailable)
extension Socket: Sendable {}
