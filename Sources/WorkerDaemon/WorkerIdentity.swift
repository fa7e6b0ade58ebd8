import Synchronization
import ZeroMQ

/// What the sockets of a worker are secured with: its keys and its coordinator's.
final class WorkerIdentity: Sendable {
    private let folder: WorkerFolder
    private let serverKey: CurveKey
    private let state: Mutex<State>

    private struct State {
        var keys: CurveKeyPair
        var stamp: UInt64?
    }

    init(_ folder: WorkerFolder, serverKey: CurveKey) throws {
        self.folder = folder
        self.serverKey = serverKey
        // In this order: keys that are replaced in between are noticed later.
        let stamp = folder.keyStamp
        state = Mutex(State(keys: try folder.keys(), stamp: stamp))
    }

    /// The keys in use.
    var keys: CurveKeyPair { state.withLock { $0.keys } }

    /// Takes the keys that the folder has now; whether they are others than before.
    func refresh() -> Bool {
        state.withLock { state in
            let stamp = folder.keyStamp
            // Keys that cannot be read now are no reason to give up those that work.
            guard stamp != state.stamp, let keys = try? folder.keys() else { return false }
            state.stamp = stamp
            guard keys.publicKey != state.keys.publicKey else { return false }
            state.keys = keys
            return true
        }
    }

    /// The options of a socket to the coordinator, with frames of at most `maximum` bytes.
    func options(maximum: Int, linger: Duration = .zero) -> SocketOptions {
        .toCoordinator(keys, serverKey: serverKey, maximum: maximum, linger: linger)
    }
}

extension SocketOptions {
    /// The options of a socket to the coordinator with `serverKey`.
    static func toCoordinator(
        _ keys: CurveKeyPair, serverKey: CurveKey, maximum: Int, linger: Duration
    ) -> SocketOptions {
        var options = SocketOptions()
        options.linger = linger
        options.maximumMessageSize = maximum
        options.security = .client(keys: keys, serverKey: serverKey)
        options.heartbeat = SocketOptions.Heartbeat(
            interval: .seconds(2), timeout: .seconds(8))
        // Doubles up to the maximum, so it may start small: a worker that starts beside its
        // coordinator is there at once.
        options.reconnectInterval = .milliseconds(20)
        options.maximumReconnectInterval = .seconds(1)
        return options
    }
}
