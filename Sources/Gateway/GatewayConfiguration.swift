import Vocabulary

/// Where the gateway listens and whom it lets in.
package struct GatewayConfiguration: Sendable {
    /// The address to bind: loopback unless `allowRemote`.
    package var host: String
    /// The port to bind; 0 lets the system choose one.
    package var port: Int
    /// The secret that every request but the one for `APIPath.health` must carry.
    package var token: String
    /// Where workers reach the coordinator, for join tokens.
    package var entrance: WorkerEntrance
    /// Whether an address that other hosts can reach may be bound.
    package var allowRemote: Bool
    /// Names, besides the loopback ones and `host`, that a Host header may hold: without such a
    /// list a web page could reach the gateway under a name of its own (DNS rebinding).
    package var hosts: [String]
    /// What one client may use.
    package var limits: GatewayLimits

    /// Describes a gateway; see the properties.
    package init(
        host: String = "127.0.0.1", port: Int = 7800, token: String, entrance: WorkerEntrance,
        allowRemote: Bool = false, hosts: [String] = [],
        limits: GatewayLimits = GatewayLimits()
    ) {
        self.host = host
        self.port = port
        self.token = token
        self.entrance = entrance
        self.allowRemote = allowRemote
        self.hosts = hosts
        self.limits = limits
    }

    /// Checks what can be checked before binding.
    ///
    /// - Throws: `GatewayError.remoteAddress`, `.weakToken` or `.invalidPort`.
    func validate() throws(GatewayError) {
        guard (0...65_535).contains(port) else { throw .invalidPort(port) }
        guard allowRemote || HostName.isLoopback(host) else { throw .remoteAddress(host: host) }
        guard token.utf8.count >= Self.tokenBytes else { throw .weakToken }
    }

    /// The fewest bytes of a token: 128 bits in hexadecimal.
    package static let tokenBytes = 32
}

/// Where workers reach the coordinator, and the key that they check it by.
package struct WorkerEntrance: Hashable, Sendable {
    /// The control socket, such as `tcp://127.0.0.1:7801`.
    package var control: String
    /// The artifact socket.
    package var artifacts: String
    /// The CURVE public key, 40 characters of Z85.
    package var serverKey: String

    /// Describes an entrance; see the properties.
    package init(control: String, artifacts: String, serverKey: String) {
        self.control = control
        self.artifacts = artifacts
        self.serverKey = serverKey
    }
}

/// What one client of the gateway may use.
package struct GatewayLimits: Hashable, Sendable {
    /// Bytes of a JSON body: a sweep file whose every byte is escaped, and its data.
    package var bodyBytes: Int
    /// Connections at once; further ones wait in the system's queue.
    package var connections: Int
    /// How long a connection may stay without a complete request head.
    package var idle: Duration
    /// How long a body may take on top of its length divided by `bytesPerSecond`, and how long
    /// a client may take for each piece of an answer.
    package var grace: Duration
    /// The slowest that a body may come in, in bytes per second.
    package var bytesPerSecond: Int

    /// Limits that a person's tools never meet.
    package init(
        bodyBytes: Int = 6 * Limits.sweepFileBytes + (1 << 20), connections: Int = 512,
        idle: Duration = .seconds(60), grace: Duration = .seconds(15),
        bytesPerSecond: Int = 8 * 1024
    ) {
        self.bodyBytes = bodyBytes
        self.connections = connections
        self.idle = idle
        self.grace = grace
        self.bytesPerSecond = bytesPerSecond
    }
}
