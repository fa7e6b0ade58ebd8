import Glibc
package import Logging
import Synchronization

/// The socket by which a service tells its supervisor, such as systemd, how it is.
///
/// It speaks the protocol of sd_notify(3), one datagram for each call; nothing is answered.
package final class ServiceNotification: Sendable {
    /// How long the supervisor waits for `ServiceState.alive`; nil when it does not wait for it.
    package let watchdog: Duration?
    /// A path, or a zero and a name that no file has.
    private let address: [UInt8]
    private let descriptor: Int32
    private let logger: Logger
    private let isFailing = Mutex(false)

    /// Where `sockaddr_un` has its path.
    private static let pathOffset = MemoryLayout<sockaddr_un>.size - pathCapacity
    private static let pathCapacity = 108
    private static let variables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]

    /// Takes what the supervisor put into this process's environment, so that no child of it
    /// speaks in its name.
    ///
    /// Call it before other threads read the environment.
    /// - Returns: nil when no supervisor wants to hear anything.
    package static func take(logger: Logger) -> ServiceNotification? {
        var environment: [String: String] = [:]
        for name in variables {
            if let value = unsafe getenv(name) {
                environment[name] = unsafe String(cString: value)
            }
            unsafe unsetenv(name)
        }
        return ServiceNotification(environment: environment, process: getpid(), logger: logger)
    }

    /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`; nil when there is no address, or
    /// none that can be used.
    ///
    /// - Parameters:
    ///   - environment: Variables by name.
    ///   - process: The number of the process whose loop is watched.
    ///   - logger: Told what is wrong with them.
    package init?(environment: [String: String], process: Int32, logger: Logger) {
        guard let text = environment["NOTIFY_SOCKET"], !text.isEmpty else { return nil }
        var address = Array(text.utf8)
        // An abstract name is written with an @ and begins with a zero.
        if address[0] == UInt8(ascii: "@") { address[0] = 0 }
        let isPath = address[0] == UInt8(ascii: "/")
        guard isPath || address[0] == 0, address.count > 1,
            address.count < Self.pathCapacity, !address.dropFirst().contains(0)
        else {
            logger.warning("NOTIFY_SOCKET is neither a path nor an abstract name: \(text)")
            return nil
        }
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else {
            logger.warning("no socket for NOTIFY_SOCKET: \(Self.reason())")
            return nil
        }
        // A supervisor that does not read must not stop the loop that speaks to it.
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        self.address = address
        self.logger = logger
        watchdog = Self.watchdog(environment, process: process)
    }

    deinit { close(descriptor) }

    /// Says how the service is; a failure is logged once until it works again.
    package func send(_ states: ServiceState...) {
        let message = Array(states.map(\.assignment).joined(separator: "\n").utf8)
        let isSent = unsafe withAddress { address, size in
            unsafe sendto(
                descriptor, message, message.count, Int32(MSG_NOSIGNAL), address, size)
                == message.count
        }
        let reason = isSent ? "" : Self.reason()
        let isNew = isFailing.withLock { isFailing in
            defer { isFailing = !isSent }
            return !isSent && !isFailing
        }
        if isNew { logger.warning("the supervisor cannot be told how this service is: \(reason)") }
    }

    private static func watchdog(
        _ environment: [String: String], process: Int32
    ) -> Duration? {
        // Meant for another process, which handed its environment on.
        if let owner = environment["WATCHDOG_PID"], Int32(owner) != process { return nil }
        guard let microseconds = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }),
            microseconds > 0
        else { return nil }
        return .microseconds(microseconds)
    }

    @unsafe private func withAddress(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) -> Bool {
        var socketAddress = sockaddr_un()
        socketAddress.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &socketAddress.sun_path) {
            unsafe $0.copyBytes(from: address)
        }
        // An abstract name ends with the address, a path with the zero that follows it.
        let end = address[0] == 0 ? 0 : 1
        let size = socklen_t(Self.pathOffset + address.count + end)
        return unsafe withUnsafePointer(to: &socketAddress) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, size)
            }
        }
    }

    private static func reason() -> String { unsafe String(cString: strerror(errno)) }
}
