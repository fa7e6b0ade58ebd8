import Foundation
import Glibc
import Testing
import ZeroMQ

/// Peers that have no business with the coordinator.
struct Strangers {
    private let endpoints: [String]
    private let serverKey: CurveKey
    private let context: Context

    /// Strangers that know both addresses and the public key of the coordinator of `cluster`.
    init(_ cluster: Cluster) async throws {
        endpoints = [
            try cluster.published("worker", "control"),
            try cluster.published("worker", "artifacts"),
        ]
        serverKey = try CurveKey(cluster.published("worker", "server_key"))
        context = try Context()
    }

    /// Writes bytes that are no ZMTP, or begin as it does, to both ports.
    func sendGarbage(connections: Int) throws {
        // The signature of ZMTP 3.1 (RFC 37), after which anything may come.
        let greeting: [UInt8] = [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 1]
        for number in 0..<connections {
            var bytes = number.isMultiple(of: 2) ? greeting : []
            bytes += (0..<512).map { _ in UInt8.random(in: 0...255) }
            for endpoint in endpoints { try write(bytes, to: endpoint) }
        }
    }

    /// Sends messages without CURVE.
    func sendPlain() throws { try send(.none) }

    /// Sends messages for another server.
    func sendWithWrongServerKey() throws {
        try send(.client(keys: .generate(), serverKey: CurveKeyPair.generate().publicKey))
    }

    /// Sends messages with a key that nobody let in.
    func sendWithUnknownKey() throws {
        try send(.client(keys: .generate(), serverKey: serverKey))
    }

    /// Gives a connection that must not come about a second to do so.
    private func send(_ security: Security) throws {
        for endpoint in endpoints {
            var options = SocketOptions()
            options.security = security
            let socket = try Socket(.dealer, in: context, options: options)
            try socket.connect(endpoint)
            var poller = Poller()
            _ = poller.add(socket, for: .writable)
            if try poller.poll(timeout: .seconds(1)) { Issue.record("a stranger got in") }
            _ = try socket.send([[UInt8](repeating: 8, count: 64)])
        }
    }

    private func write(_ bytes: [UInt8], to endpoint: String) throws {
        let port = try #require(endpoint.split(separator: ":").last.flatMap { UInt16($0) })
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let status = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0)
        // The coordinator may hang up at any byte.
        _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}
