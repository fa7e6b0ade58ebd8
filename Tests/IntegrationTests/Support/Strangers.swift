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
    init(_ cluster: Cluster) throws {
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

    /// Greets as a client of PLAIN (RFC 24), which asks for a name and a password, and says both.
    func sendByPassword() throws {
        let signature: [UInt8] = [0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F]
        let mechanism = Array("PLAIN".utf8)
        let filler = [UInt8](repeating: 0, count: 20 - mechanism.count + 1 + 31)
        let hello = ["HELLO", "admin", "admin"].flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        let frame = [0x04, UInt8(hello.count)] + hello
        for endpoint in endpoints {
            let descriptor = try TCP.connect(to: endpoint)
            defer { close(descriptor) }
            TCP.send((signature + [3, 0] + mechanism + filler + frame)[...], to: descriptor)
            let heard = try TCP.receiveAll(from: descriptor)
            // The coordinator says a greeting of 64 bytes, and hangs up.
            #expect(heard.count <= 64, "a stranger with a password was answered")
        }
    }

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
        let descriptor = try TCP.connect(to: endpoint)
        // The coordinator may hang up at any byte.
        TCP.send(bytes[...], to: descriptor)
        close(descriptor)
    }
}
