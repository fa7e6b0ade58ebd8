import Vocabulary
import ZeroMQ

/// The key by which other workers know this one for as long as its process lives.
///
/// The coordinator hands it out over connections that it has let in, so the worker's own key,
/// which opens the coordinator, is never used with anybody else.
struct SharingIdentity: Sendable {
    /// The key pair, with which it listens and asks.
    let keys: CurveKeyPair

    /// The ZAP domain of the socket that others ask.
    static let zapDomain = "picoml-data"

    init() throws(ZeroMQError) { keys = try CurveKeyPair.generate() }

    /// The key of another worker as the socket wants it; nil when it is none.
    func serverKey(_ text: String) -> CurveKey? {
        // The coordinator sent it: a key that is none is as good as a worker that is gone.
        try? CurveKey(text)
    }

    /// The options of the socket that others ask.
    var serverOptions: SocketOptions {
        var options = SocketOptions()
        options.maximumMessageSize = Limits.artifactFrameBytes
        // A peer that does not read costs no more memory than its window.
        options.sendHighWaterMark = 2 * Limits.artifactWindowChunks
        options.receiveHighWaterMark = 4 * Limits.artifactWindowChunks
        options.security = .server(secretKey: keys.secretKey, zapDomain: Self.zapDomain)
        options.heartbeat = SocketOptions.Heartbeat(
            interval: .seconds(2), timeout: .seconds(8))
        return options
    }

    /// The options of a socket to the worker with `serverKey`.
    func clientOptions(_ serverKey: CurveKey) -> SocketOptions {
        var options = SocketOptions.toCoordinator(
            keys, serverKey: serverKey, maximum: Limits.artifactFrameBytes, linger: .zero)
        // The other worker may not have heard yet that this one may come: ask again soon.
        options.handshakeInterval = .seconds(1)
        return options
    }
}
