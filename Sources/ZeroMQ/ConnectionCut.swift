import CLibZMQ
import Glibc

extension Frame {
    /// Ends the connection that the frame came through, for all that it ever brings; false when
    /// it is not known any more.
    ///
    /// libzmq 4.3.4 has no call that ends one connection of many, but it tells which descriptor a
    /// frame came from. Shutting that down is what the loss of the network would do. The number
    /// may belong to another connection by now, if this one ended by itself: only one from the
    /// same address is ended, and whoever is hit by mistake connects again.
    @discardableResult
    package func cutConnection() -> Bool {
        let descriptor = unsafe zmq_msg_get(message, ZMQ_SRCFD)
        guard descriptor > 2, let address = metadata("Peer-Address"),
            address == peerAddress(of: descriptor)
        else { return false }
        return shutdown(descriptor, Int32(SHUT_RDWR)) == 0
    }
}

/// The IP address at the other end of a socket; nil for anything else than a TCP connection.
private func peerAddress(of descriptor: Int32) -> String? {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let status = unsafe withUnsafeMutablePointer(to: &storage) { storage in
        unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            guard unsafe getpeername(descriptor, address, &size) == 0 else { return errno }
            return unsafe getnameinfo(
                address, size, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        }
    }
    guard status == 0, [sa_family_t(AF_INET), sa_family_t(AF_INET6)].contains(storage.ss_family)
    else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
