/// Why the gateway does not listen; `description` says what to do about it.
package enum GatewayError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Other hosts could reach the address, and nobody has allowed that.
    case remoteAddress(host: String)
    /// The token is too short to be a secret.
    case weakToken
    /// There is no such port.
    case invalidPort(Int)
    /// Another process listens there.
    case portInUse(host: String, port: Int)
    /// The address is none of this host's.
    case unknownAddress(host: String)
    /// The operating system does not let this user bind the port.
    case portNotPermitted(port: Int)
    /// The server ended by itself.
    case stopped(reason: String)

    /// What is wrong and what to do about it.
    package var description: String {
        switch self {
        case .remoteAddress(let host):
            "http address \(host) can be reached from other hosts: use 127.0.0.1, or set "
                + "http.allow_remote: true and http.hosts to the names that clients use, behind "
                + "a proxy that speaks TLS"
        case .weakToken:
            "the HTTP token has fewer than \(GatewayConfiguration.tokenBytes) characters: remove "
                + "the token file to have a new one made"
        case .invalidPort(let port): "\(port) is no port: use 1 to 65535, or 0 for any free one"
        case .portInUse(let host, let port):
            "port \(port) of \(host) is in use, perhaps by another coordinator: stop that one "
                + "or choose another http.port (0 takes any free one)"
        case .unknownAddress(let host):
            "\(host) is not an address of this host: use 127.0.0.1 or one that `ip address` "
                + "lists"
        case .portNotPermitted(let port):
            "port \(port) needs rights that this user lacks: choose an http.port above 1023"
        case .stopped(let reason): "the HTTP server stopped: \(reason)"
        }
    }
}
