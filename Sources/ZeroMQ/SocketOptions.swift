/// What a socket is told before it binds or connects; libzmq ignores most of it afterwards.
///
/// The defaults suit the control channel. Routing ids cannot be set and ROUTER hand-over is never
/// on: a fixed id lets one peer black-hole or impersonate another.
package struct SocketOptions: Sendable {
    /// ZMTP heartbeats, which notice a peer whose host vanished.
    ///
    /// They hold only while the application keeps reading: a stalled reader looks dead to its
    /// peers, and messages are lost with the connection.
    package struct Heartbeat: Equatable, Sendable {
        /// Time between two pings.
        package var interval: Duration
        /// Silence after which the connection counts as dead.
        package var timeout: Duration

        /// A heartbeat of every `interval`, with patience for `timeout`.
        package init(interval: Duration, timeout: Duration) {
            self.interval = interval
            self.timeout = timeout
        }
    }

    /// How long unsent messages outlive the socket; bounds the wait when the context terminates.
    package var linger: Duration = .zero
    /// Messages (not bytes) queued for each peer before a send would block; at least 1.
    package var sendHighWaterMark = 1000
    /// Messages queued from each peer before it is no longer read; at least 1.
    package var receiveHighWaterMark = 1000
    /// Bytes in one frame, handshake included; a peer that sends more is disconnected.
    ///
    /// Also the limit for what this socket sends: the peer would cut the connection without a word.
    package var maximumMessageSize = 128 * 1024
    /// How long a peer may take to authenticate.
    package var handshakeInterval: Duration = .seconds(3)
    /// Connections that may wait to be accepted.
    package var backlog = 1024
    /// Whether a ROUTER reports unknown and full peers; without it libzmq drops silently.
    package var routerMandatory = true
    /// Whether messages queue for established connections only, never for a peer yet to come.
    package var immediate = true
    /// ZMTP heartbeats, or none.
    package var heartbeat: Heartbeat?
    /// Whether the kernel probes idle connections, which also keeps address translators from
    /// forgetting them.
    package var tcpKeepalive = true
    /// Whether names and wildcards may mean IPv6 addresses too.
    package var ipv6 = false
    /// Wait before the first reconnection; doubled on each failure, with jitter by libzmq.
    package var reconnectInterval: Duration = .milliseconds(500)
    /// The longest wait between reconnections.
    package var maximumReconnectInterval: Duration = .seconds(30)
    /// Encryption and authentication.
    package var security: Security = .none

    /// The defaults.
    package init() {}
}

/// A socket's part in CURVE (ZMQ RFC 26), ZeroMQ's encryption.
package enum Security: Sendable {
    /// Plain text, for `inproc` and for tests.
    case none
    /// Accepts clients whose keys the ``Authenticator`` of this domain knows, and nobody while no
    /// authenticator runs.
    case server(secretKey: CurveSecretKey, zapDomain: String)
    /// Connects to the one server that holds the secret half of `serverKey`.
    case client(keys: CurveKeyPair, serverKey: CurveKey)
}
