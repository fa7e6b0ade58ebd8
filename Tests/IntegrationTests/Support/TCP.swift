import Foundation
import Glibc
import Testing

/// Plain sockets, for what ZeroMQ's would not do.
enum TCP {
    private static func address(_ host: String, _ port: UInt16) throws -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        try unsafe #require(inet_pton(AF_INET, host, &address.sin_addr) == 1, "\(host)")
        return address
    }

    /// A connection to `port` of the host with the IPv4 address `host`, which has a second to
    /// answer.
    static func connect(to host: String, port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        var address = try address(host, port)
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience,
            socklen_t(MemoryLayout<timeval>.size))
        let status = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe Glibc.connect(
                    descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            let problem = POSIXErrorCode(rawValue: errno) ?? .EIO
            close(descriptor)
            throw POSIXError(problem)
        }
        return descriptor
    }

    /// Whether somebody takes connections at `endpoint`.
    static func isOpen(_ endpoint: String) -> Bool {
        // That nobody does is all there is to know.
        guard let descriptor = try? connect(to: endpoint) else { return false }
        close(descriptor)
        return true
    }

    /// A connection to an endpoint such as `tcp://127.0.0.1:7801`.
    static func connect(to endpoint: String) throws -> Int32 {
        let parts = endpoint.replacing("tcp://", with: "").split(separator: ":")
        let port = try #require(parts.last.flatMap { UInt16($0) })
        return try connect(to: String(parts[0]), port: port)
    }

    /// A listening socket on the loopback interface.
    static func listen() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        var address = try address("127.0.0.1", 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard unsafe bind(descriptor, address, length) == 0,
                    Glibc.listen(descriptor, 64) == 0
                else { return Int32(-1) }
                return unsafe getsockname(descriptor, address, &length)
            }
        }
        try #require(status == 0, "there is no port to listen at")
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// What comes until the other side hangs up, which it has ten seconds to do.
    static func receiveAll(from descriptor: Int32) throws -> [UInt8] {
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience,
            socklen_t(MemoryLayout<timeval>.size))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 || (count < 0 && errno == ECONNRESET) { return bytes }
            try #require(count > 0, "the other side does not hang up")
            bytes += buffer[..<count]
        }
    }

    /// Writes all of `bytes`; false when the other side hung up before.
    @discardableResult
    static func send(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
