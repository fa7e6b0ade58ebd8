import Testing
import ZeroMQ

@Suite struct MonitorTests {
    let context: Context

    init() throws { context = try Context() }

    @Test func `a connection is reported from beginning to end`() throws {
        let dealer = try Socket(.dealer, in: context, options: quickOptions())
        var monitor = try Monitor(dealer, in: context)
        let endpoint = try connectToShortLivedRouter(dealer, &monitor)
        let event = try monitor.next("the end") { $0 == .disconnected }
        #expect(event.endpoint == endpoint)
    }

    @Test func `a server that is no ZeroMQ at all is a protocol failure`() throws {
        let router = try Socket(.router, in: context, options: quickOptions())
        var monitor = try Monitor(router, in: context)
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let connection = try RawConnection(to: endpoint)
        // A greeting that names a mechanism nobody knows.
        var greeting = Array(RawConnection.nullHandshake.prefix(64))
        greeting.replaceSubrange(12..<16, with: bytes("ODD!"))
        try connection.send(greeting)
        _ = try monitor.next("the failure") {
            if case .protocolFailed = $0 { true } else { false }
        }
    }

    @Test func `a monitor that nobody reads stops no traffic`() throws {
        let router = try Socket(.router, in: context, options: quickOptions())
        let monitor = try Monitor(router, in: context)
        // Frees a stuck I/O thread, so that a failure ends too.
        defer { context.shutdown() }
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        // More events than the 2,000 that libzmq would queue by default.
        for _ in 0..<1200 {
            let connection = try RawConnection(to: endpoint)
            try connection.send(RawConnection.nullHandshake)
        }
        let dealer = try Socket(.dealer, in: context, options: quickOptions())
        try dealer.connect(endpoint)
        try dealer.deliver([bytes("hello")])
        #expect(try router.next().last == bytes("hello"))
        var rest = monitor
        var events = 0
        while try rest.next() != nil { events += 1 }
        #expect(events > 2000)
    }

    @Test func `monitor and socket may end in either order`() throws {
        for _ in 0..<20 {
            let router = try Socket(.router, in: context)
            let first = try Socket(.dealer, in: context, options: quickOptions())
            let firstMonitor = try Monitor(first, in: context)
            let second = try Socket(.dealer, in: context, options: quickOptions())
            let secondMonitor = try Monitor(second, in: context)
            let endpoint = try router.bind("tcp://127.0.0.1:*")
            try first.connect(endpoint)
            try second.connect(endpoint)
            try first.deliver([bytes("1")])
            try second.deliver([bytes("2")])
            end(first, then: firstMonitor)
            end(secondMonitor, then: second)
        }
    }

    @Test func `a monitor of a closed socket has no more to say`() throws {
        let dealer = try Socket(.dealer, in: context, options: quickOptions())
        var monitor = try Monitor(dealer, in: context)
        close(dealer)
        #expect(try monitor.next() == nil)
    }

    private func connectToShortLivedRouter(
        _ dealer: borrowing Socket, _ monitor: inout Monitor
    ) throws -> String {
        let router = try Socket(.router, in: context)
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        try dealer.connect(endpoint)
        let connected = try monitor.next("the connection") { $0 == .connected }
        let succeeded = try monitor.next("the handshake") { $0 == .handshakeSucceeded }
        #expect(connected.endpoint == endpoint)
        #expect(succeeded.endpoint == endpoint)
        return endpoint
    }

    private func close(_ socket: consuming Socket) {}

    private func end(_ socket: consuming Socket, then monitor: consuming Monitor) {
        close(socket)
    }

    private func end(_ monitor: consuming Monitor, then socket: consuming Socket) {
        drop(monitor)
    }

    private func drop(_ monitor: consuming Monitor) {}
}
