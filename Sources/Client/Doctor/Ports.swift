import Glibc

/// The TCP ports on the loopback interface.
package enum Ports {
    /// The verdict on `ports`; a coordinator that runs here may use its own.
    package static func finding(_ ports: [UInt16], areOwn: Bool) -> Finding {
        let taken = ports.filter { !isFree($0) }
        let names = taken.map { "\($0)" }.joined(separator: ", ")
        if taken.isEmpty {
            let all = ports.map { "\($0)" }.joined(separator: ", ")
            return Finding("ports", .good, "\(all) are free")
        }
        if areOwn { return Finding("ports", .good, "\(names): the coordinator that runs here") }
        return Finding(
            "ports", .problem, "Another program uses \(names).",
            fix: "End it (`ss -ltnp` shows which), or choose other ports for the coordinator.")
    }

    /// Whether a listener could be bound to `port`.
    private static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // Connections that a past listener left in TIME_WAIT do not keep a new one out.
        var yes: Int32 = 1
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
