/// A host with a port.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// A name or address; an IPv6 address without its brackets.
    package var host: String
    /// 0 lets the system choose one.
    package var port: UInt16

    /// Port `port` of `host`.
    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port` or `[address]:port`; nil for anything else.
    package init?(text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, host.utf8.count <= 253,
            host.unicodeScalars.allSatisfy(Self.isHostScalar)
        else { return nil }
        self.init(host: host, port: port)
    }

    /// `host:port`, with brackets around an IPv6 address.
    package var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// The form that ZeroMQ takes: `tcp://host:port`.
    package var zeroMQ: String { "tcp://\(self)" }

    private static func isHostScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", ".", "-", "_", ":", "%": true
        default: false
        }
    }
}

extension Kind where Value == Endpoint {
    /// An address of a ZeroMQ socket.
    static let zeroMQ = endpoint(scheme: "tcp", example: "tcp://127.0.0.1:7801")
    /// An address of an HTTP server.
    static let http = endpoint(scheme: "http", example: "http://127.0.0.1:7800")

    private static func endpoint(scheme: String, example: String) -> Kind {
        Kind("an address such as `\(example)`") { node, problems in
            let prefix = "\(scheme)://"
            guard case .text(let text) = node.scalar, text.hasPrefix(prefix),
                let endpoint = Endpoint(text: text.dropFirst(prefix.count)), endpoint.port > 0
            else {
                problems.mismatch(
                    node, expected: "an address such as `\(example)`",
                    fix: "Write \(prefix), a host, a colon and a port from 1 to 65535.")
                return nil
            }
            return endpoint
        }
    }
}
