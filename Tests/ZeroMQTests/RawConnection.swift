import Glibc

/// A bare TCP connection, to send what no ZeroMQ peer would.
final class RawConnection {
    /// What a ZMTP 3.0 peer (RFC 23) with the NULL mechanism sends first: the greeting of 64 bytes
    /// and a READY command that says DEALER.
    static let nullHandshake: [UInt8] = {
        var greeting: [UInt8] = [0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 3, 0]
        greeting += Array("NULL".utf8)
        greeting += [UInt8](repeating: 0, count: 64 - greeting.count)
        let property = Array("Socket-Type".utf8)
        let value = Array("DEALER".utf8)
        var command: [UInt8] = [5] + Array("READY".utf8)
        command += [UInt8(property.count)] + property
        command += [0, 0, 0, UInt8(value.count)] + value
        return greeting + [0x04, UInt8(command.count)] + command
    }()

    private let descriptor: Int32

    /// Connects to an endpoint of the form `tcp://127.0.0.1:PORT`.
    init(to endpoint: String) throws {
        let port = endpoint.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        for option in [SO_SNDTIMEO, SO_RCVTIMEO] {
            unsafe setsockopt(
                descriptor, SOL_SOCKET, option, &patience,
                socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw TimedOut(what: "connect to \(endpoint)") }
    }

    deinit { close(descriptor) }

    /// Introduces itself and waits for the server's part, before which messages are an error.
    func shakeHands() throws {
        try send(Self.nullHandshake)
        let start = try receive(66)
        _ = try receive(Int(start[65]))
    }

    private func receive(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var received = 0
        while received < count {
            let size = unsafe bytes.withUnsafeMutableBytes {
                unsafe recv(
                    descriptor, $0.baseAddress?.advanced(by: received), count - received, 0)
            }
            if size < 0 && errno == EINTR { continue }
            guard size > 0 else { throw TimedOut(what: "\(count) bytes") }
            received += size
        }
        return bytes
    }

    /// Sends bytes; that the other side has hung up meanwhile is no error.
    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.send(
                    descriptor, $0.baseAddress?.advanced(by: sent), $0.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            sent += count
        }
    }
}
