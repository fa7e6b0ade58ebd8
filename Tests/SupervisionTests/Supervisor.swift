import Glibc

/// A datagram socket like the one that systemd listens on.
final class Supervisor {
    /// What `NOTIFY_SOCKET` says of it.
    let address: String
    private let descriptor: Int32
    private let path: String?

    /// Why there is none.
    struct Failure: Error {
        let number: Int32
    }

    /// Listens at `address`: a path, or `@` and a name.
    init(at address: String) throws(Failure) {
        self.address = address
        path = address.hasPrefix("@") ? nil : address
        descriptor = socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var name = Array(address.utf8)
        if path == nil { name[0] = 0 }
        var socketAddress = sockaddr_un()
        socketAddress.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &socketAddress.sun_path) {
            unsafe $0.copyBytes(from: name)
        }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let status = unsafe withUnsafePointer(to: &socketAddress) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, size)
            }
        }
        guard status == 0 else { throw Failure(number: errno) }
    }

    deinit {
        close(descriptor)
        if let path { unsafe unlink(path) }
    }

    /// The datagrams that have arrived; a local one has when its sender goes on.
    func heard() -> [String] {
        var messages: [String] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { return messages }
            messages.append(String(decoding: buffer[..<count], as: UTF8.self))
        }
    }
}
