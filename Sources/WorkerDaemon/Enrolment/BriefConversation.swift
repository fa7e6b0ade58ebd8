import Vocabulary
import Wire
import ZeroMQ

/// A connection to the coordinator for one question.
struct BriefConversation {
    /// How it ended.
    enum Ending {
        /// The coordinator answered.
        case answered(CoordinatorMessage)
        /// The key is let in; nothing was asked.
        case secured
        /// The key is not let in.
        case refused
        /// Nobody answered, or not as a coordinator does.
        case failed(String)
        /// A signal came.
        case interrupted
    }

    let context: Context
    let endpoint: String
    let serverKey: CurveKey
    /// Becomes readable when the process is asked to end.
    let signals: Int32?

    /// How long to wait for an answer.
    private static let patience = Duration.seconds(5)

    /// Connects with `keys` and says `message`; with none, only finds out whether they are let in.
    func hold(_ keys: CurveKeyPair, _ message: WorkerMessage?) throws -> Ending {
        let socket = try Socket(
            .dealer, in: context,
            options: .toCoordinator(
                keys, serverKey: serverKey, maximum: Limits.controlFrameBytes, linger: .zero))
        var monitor = try Monitor(socket, in: context)
        try socket.connect(endpoint)
        var poller = Poller()
        _ = poller.add(socket)
        _ = poller.add(monitor)
        let signalKey = signals.map { poller.add(descriptor: $0) }
        var frame = Message(maximumFrames: 1)
        var unsent = message.map { ControlCodec.encodeFrames([$0]) } ?? []
        var isSecured = false
        let deadline = HostClock.now() + Self.patience
        while HostClock.now() < deadline {
            try poller.poll(timeout: deadline - HostClock.now())
            if let signalKey, poller.isReadable(signalKey) { return .interrupted }
            while let event = try monitor.next() {
                if let ending = Self.ending(of: event, isSecured: isSecured) { return ending }
                guard event.kind == .handshakeSucceeded else { continue }
                isSecured = true
                guard message != nil else { return .secured }
                guard let frame = unsent.first else { continue }
                // The pipe of a new connection has room.
                if try socket.send([frame]) == .sent { unsent = [] }
            }
            while try socket.receive(into: &frame) == .message {
                for message in try ControlCodec.decodeCoordinator(frame[0].bytes) {
                    switch message {
                    case .enrolled, .rotated, .reject: return .answered(message)
                    default: break
                    }
                }
            }
        }
        return .failed("nobody answers at \(endpoint)")
    }

    private static func ending(of event: ConnectionEvent, isSecured: Bool) -> Ending? {
        switch event.kind {
        case .authenticationFailed: .refused
        case .disconnected where isSecured: .failed("the connection was lost")
        // A coordinator that cannot read the first message hangs up without a word.
        case .disconnected, .protocolFailed:
            .failed(
                "the coordinator at \(event.endpoint) has another key than this host was given, "
                    + "or something else listens there")
        case .connected, .handshakeSucceeded, .handshakeFailed: nil
        }
    }
}
