import Vocabulary
import Wire
import ZeroMQ

/// The worker's connection to the coordinator's control socket, until it is made anew.
struct ControlConnection: ~Copyable {
    private let socket: Socket
    private var monitor: Monitor
    private let socketKey: Poller.Key
    private let monitorKey: Poller.Key
    private var message: Message
    private var isSecured = false

    init(
        in context: Context, endpoint: String, options: SocketOptions, poller: inout Poller
    ) throws(ZeroMQError) {
        let socket = try Socket(.dealer, in: context, options: options)
        let monitor = try Monitor(socket, in: context)
        try socket.connect(endpoint)
        socketKey = poller.add(socket)
        monitorKey = poller.add(monitor)
        self.socket = socket
        self.monitor = monitor
        message = Message(maximumFrames: 1)
    }

    /// Waits for room in the pipe as well while something is held back.
    func update(_ poller: inout Poller, isBlocked: Bool) {
        poller.update(socketKey, for: isBlocked ? [.readable, .writable] : .readable)
    }

    /// Leaves the poller before the connection is dropped.
    func leave(_ poller: inout Poller) {
        poller.remove(socketKey)
        poller.remove(monitorKey)
    }

    /// Sends what waits in `outbox`.
    func flush(_ outbox: inout WorkerOutbox) throws(ZeroMQError) {
        try outbox.flush(through: socket)
    }

    /// The messages that have arrived, a bounded number of frames at once.
    mutating func receive() throws -> [CoordinatorMessage] {
        var messages: [CoordinatorMessage] = []
        for _ in 0..<Limits.framesPerTurn {
            guard try socket.receive(into: &message) == .message else { break }
            messages += try ControlCodec.decodeCoordinator(message[0].bytes)
        }
        return messages
    }

    /// Why the connection is of no use any more; nil while it is.
    mutating func failure() throws(ZeroMQError) -> String? {
        var failure: String?
        while let event = try monitor.next() {
            switch event.kind {
            case .connected: isSecured = false
            case .handshakeSucceeded: isSecured = true
            case .handshakeFailed: break
            case .disconnected where isSecured: failure = "the connection was lost"
            // A coordinator that cannot read the first message hangs up without a word.
            case .disconnected, .protocolFailed:
                failure =
                    failure
                    ?? "the connection ended before it was secured: the coordinator has another "
                    + "key than this worker was given, or something else listens at "
                    + event.endpoint
            case .authenticationFailed(let status) where status >= 400:
                failure =
                    "the coordinator does not know this worker's key: let it in "
                    + "with `picoml worker authorize NAME --key='KEY'`, or join with a token "
                    + "and a new state folder"
            case .authenticationFailed: break
            }
        }
        return failure
    }
}
