import Testing
import ZeroMQ

@Suite struct SocketTests {
    let context: Context

    init() throws { context = try Context() }

    @Test func `a message and its answer keep their frames`() throws {
        let router = try Socket(.router, in: context)
        let dealer = try Socket(.dealer, in: context, options: quickOptions())
        try dealer.connect(router.bind("tcp://127.0.0.1:*"))

        try dealer.deliver([bytes("header"), [], bytes("body")])
        let received = try router.next()
        #expect(received.dropFirst() == [bytes("header"), [], bytes("body")])

        let body = [UInt8](repeating: 7, count: 100_000)
        let peer = try #require(received.first)
        let outcome = try router.send([peer, bytes("answer")], last: body.span)
        #expect(outcome == .sent)
        #expect(try dealer.next() == [bytes("answer"), body])
    }

    @Test(arguments: ["tcp://127.0.0.1:*", "tcp://127.0.0.1:0"])
    func `bind tells the port it got`(_ wildcard: String) throws {
        let router = try Socket(.router, in: context)
        let endpoint = try router.bind(wildcard)
        let port = try #require(endpoint.split(separator: ":").last.flatMap { Int($0) })
        #expect(endpoint.hasPrefix("tcp://127.0.0.1:"))
        #expect(port > 0)
    }

    @Test func `an address in use is an error that says what to do`() throws {
        let first = try Socket(.router, in: context)
        let endpoint = try first.bind("tcp://127.0.0.1:*")
        let second = try Socket(.router, in: context)
        let error = #expect(throws: ZeroMQError.self) { _ = try second.bind(endpoint) }
        #expect(error?.code == .addressInUse)
        #expect(error?.description.contains("bind \(endpoint)") == true)
        #expect(error?.description.contains("choose another port") == true)
    }

    @Test func `an endpoint can be bound again after unbind`() throws {
        let first = try Socket(.router, in: context)
        let endpoint = try first.bind("tcp://127.0.0.1:*")
        try first.unbind(endpoint)
        let second = try Socket(.router, in: context)
        // The I/O thread closes the listener a moment later.
        try wait(for: "the port") {
            do { return try second.bind(endpoint) == endpoint } catch let error as ZeroMQError
                where error.code == .addressInUse
            { return false }
        }
    }

    @Test(arguments: ["", "nonsense", "tcp://127.0.0.1", "gopher://127.0.0.1:70", "tcp://a\0b:1"])
    func `a malformed endpoint is refused`(_ endpoint: String) throws {
        let router = try Socket(.router, in: context)
        let error = #expect(throws: ZeroMQError.self) { _ = try router.bind(endpoint) }
        #expect(error?.code == .invalidArgument)
    }

    @Test func `an address of another host is refused`() throws {
        let router = try Socket(.router, in: context)
        // 192.0.2.0/24 is reserved for documentation (RFC 5737), so no interface has it.
        let error = #expect(throws: ZeroMQError.self) { _ = try router.bind("tcp://192.0.2.1:*") }
        #expect(error?.code == .addressNotAvailable)
    }

    @Test func `leaving an endpoint that was never joined is an error`() throws {
        let router = try Socket(.router, in: context)
        let unbind = #expect(throws: ZeroMQError.self) { try router.unbind("tcp://127.0.0.1:1") }
        #expect(unbind?.code == .noSuchEndpoint)
        let disconnect = #expect(throws: ZeroMQError.self) {
            try router.disconnect("tcp://127.0.0.1:1")
        }
        #expect(disconnect?.code == .noSuchEndpoint)
    }

    @Test func `a limit of zero would mean unlimited and is refused`() throws {
        let changes: [@Sendable (inout SocketOptions) -> Void] = [
            { $0.sendHighWaterMark = 0 }, { $0.receiveHighWaterMark = 0 },
            { $0.maximumMessageSize = -1 }, { $0.backlog = 0 },
        ]
        for change in changes {
            let error = #expect(throws: ZeroMQError.self) {
                _ = try Socket(.router, in: context, options: quickOptions(change))
            }
            #expect(error?.code == .invalidArgument)
        }
    }

    @Test func `every option is accepted by this libzmq`() throws {
        let options = quickOptions {
            $0.linger = .milliseconds(1)
            $0.heartbeat = .init(interval: .seconds(2), timeout: .seconds(8))
            $0.ipv6 = true
            $0.handshakeInterval = .zero
            $0.immediate = false
            $0.tcpKeepalive = false
        }
        for kind in [Socket.Kind.router, .dealer, .pair] {
            _ = try Socket(kind, in: context, options: options)
        }
    }

    @Test func `a message without frames is refused`() throws {
        let dealer = try Socket(.dealer, in: context)
        let error = #expect(throws: ZeroMQError.self) { _ = try dealer.send([]) }
        #expect(error?.code == .invalidArgument)
    }

    @Test func `a pair joins two ends over inproc`() throws {
        let left = try Socket(.pair, in: context)
        let right = try Socket(.pair, in: context)
        try right.connect(left.bind("inproc://pair"))
        #expect(try left.send([bytes("a"), bytes("b")]) == .sent)
        #expect(try right.next() == [bytes("a"), bytes("b")])
        #expect(try right.nextIfAny() == nil)
    }

    @Test func `a large frame is not copied out by accident`() throws {
        let left = try Socket(.pair, in: context)
        let right = try Socket(.pair, in: context)
        try right.connect(left.bind("inproc://large"))
        #expect(try left.send([[UInt8](repeating: 1, count: 65_537)]) == .sent)
        var message = Message(maximumFrames: 1)
        try wait(for: "the frame") { try right.receive(into: &message) == .message }
        let frame = message[0]
        #expect(frame.copy() == nil)
        #expect(frame.copy(limit: 65_537)?.count == 65_537)
        #expect(frame.bytes.count == frame.byteCount)
        #expect(frame.bytes[65_536] == 1)
        #expect(frame.metadata("User-Id") == nil)
    }
}
