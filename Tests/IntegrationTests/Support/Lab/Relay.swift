import Foundation
import Glibc
import Testing
import ZeroMQ

/// Carries connections of this process to the loopback interface of a host in a lab, where the
/// coordinator answers people and tools.
final class Relay: Sendable {
    /// The port of this machine's loopback interface that leads there.
    let port: UInt16
    private let listener: Int32

    /// The address that leads there.
    var address: String { "http://127.0.0.1:\(port)" }

    /// Leads to `port` of `host`.
    init(to port: UInt16, of host: String, in lab: Lab) throws {
        let (listener, near) = try TCP.listen()
        self.listener = listener
        self.port = near
        _ = try DedicatedThread(named: "relay") {
            // Without the host nobody is let through, and the test says so.
            guard (try? lab.enter(host)) != nil else { return }
            while true {
                let near = accept(listener, nil, nil)
                guard near >= 0 else { break }
                // Nobody may listen there at the moment.
                Self.join(near, with: try? TCP.connect(to: "127.0.0.1", port: port))
            }
            close(listener)
        }
    }

    // Ends the thread, which then closes it.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    /// Carries bytes both ways until both sides have ended; hangs up when there is no other side.
    private static func join(_ near: Int32, with far: Int32?) {
        guard let far else {
            close(near)
            return
        }
        let ways = [(near, far), (far, near)].map { source, sink in
            // Where no thread can be started, nothing is carried.
            try? DedicatedThread(named: "relay") { carry(from: source, to: sink) }
        }
        _ = try? DedicatedThread(named: "relay") {
            for way in ways { way?.join() }
            close(near)
            close(far)
        }
    }

    private static func carry(from source: Int32, to sink: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe recv(source, &buffer, buffer.count, 0)
            guard count > 0, TCP.send(buffer[..<count], to: sink) else { break }
        }
        shutdown(sink, Int32(SHUT_WR))
    }
}
