import CLibZMQ

extension SocketHandle {
    /// Applies all options; only for a socket that is not yet bound or connected.
    func apply(_ options: SocketOptions, to kind: Socket.Kind) throws(ZeroMQError) {
        try set(ZMQ_LINGER, milliseconds(options.linger), "linger")
        try set(ZMQ_SNDHWM, limit(options.sendHighWaterMark, "send mark"), "send mark")
        try set(ZMQ_RCVHWM, limit(options.receiveHighWaterMark, "receive mark"), "receive mark")
        let size = try limit(options.maximumMessageSize, "maximum message size")
        try set(ZMQ_MAXMSGSIZE, wide: Int64(size), "maximum message size")
        // Zero would mean "for ever", and for the next interval "without pause".
        let handshake = max(1, milliseconds(options.handshakeInterval))
        try set(ZMQ_HANDSHAKE_IVL, handshake, "handshake interval")
        try set(ZMQ_BACKLOG, limit(options.backlog, "backlog"), "backlog")
        try set(ZMQ_IMMEDIATE, options.immediate ? 1 : 0, "immediate")
        try set(ZMQ_TCP_KEEPALIVE, options.tcpKeepalive ? 1 : 0, "keep-alive")
        try set(ZMQ_IPV6, options.ipv6 ? 1 : 0, "IPv6")
        let reconnect = max(1, milliseconds(options.reconnectInterval))
        try set(ZMQ_RECONNECT_IVL, reconnect, "reconnect interval")
        let longest = milliseconds(options.maximumReconnectInterval)
        try set(ZMQ_RECONNECT_IVL_MAX, longest, "longest reconnect interval")
        if let heartbeat = options.heartbeat {
            try set(ZMQ_HEARTBEAT_IVL, milliseconds(heartbeat.interval), "heartbeat interval")
            try set(ZMQ_HEARTBEAT_TIMEOUT, milliseconds(heartbeat.timeout), "heartbeat timeout")
        }
        if kind == .router {
            let mandatory: Int32 = options.routerMandatory ? 1 : 0
            try set(ZMQ_ROUTER_MANDATORY, mandatory, "router mandatory")
        }
        try apply(options.security)
    }

    private func apply(_ security: Security) throws(ZeroMQError) {
        switch security {
        case .none:
            return
        case .server(let secretKey, let zapDomain):
            // An empty domain tells libzmq to ask nobody, which lets everybody in.
            guard !zapDomain.isEmpty else {
                throw ZeroMQError(.invalidArgument, "secure a server", "the ZAP domain is empty")
            }
            try set(ZMQ_CURVE_SERVER, 1, "CURVE server")
            try set(ZMQ_CURVE_SECRETKEY, secretKey, "CURVE secret key")
            try set(ZMQ_ZAP_DOMAIN, zapDomain, "ZAP domain")
            do {
                try set(ZMQ_ZAP_ENFORCE_DOMAIN, 1, "ZAP domain enforcement")
            } catch {
                throw ZeroMQError(
                    .unsupportedLibrary, "secure a server",
                    "this libzmq cannot enforce authentication; install a newer one")
            }
        case .client(let keys, let serverKey):
            try set(ZMQ_CURVE_SERVERKEY, serverKey.text, "CURVE server key")
            try set(ZMQ_CURVE_PUBLICKEY, keys.publicKey.text, "CURVE public key")
            try set(ZMQ_CURVE_SECRETKEY, keys.secretKey, "CURVE secret key")
        }
    }

    /// Refuses zero and below, which mean "unlimited" to libzmq.
    private func limit(_ value: Int, _ name: String) throws(ZeroMQError) -> Int32 {
        guard let value = Int32(exactly: value), value >= 1 else {
            throw ZeroMQError(.invalidArgument, "set \(name)", "\(value) is not a limit")
        }
        return value
    }
}

/// Whole milliseconds, rounded up so that a wait never ends early, within what libzmq takes.
func milliseconds(_ duration: Duration) -> Int32 {
    guard duration > .zero else { return 0 }
    guard duration < .milliseconds(Int64(Int32.max)) else { return .max }
    let (seconds, attoseconds) = duration.components
    let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(seconds * 1000 + fraction)
}
