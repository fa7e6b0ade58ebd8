import CLibZMQ
import Testing
import ZeroMQ

/// The keys of a server and of one worker, in a context of their own.
struct Fixture {
    let context: Context
    let server: CurveKeyPair
    let worker: CurveKeyPair

    init() throws {
        context = try Context()
        server = try .generate()
        worker = try .generate()
    }

    func router() throws -> Socket {
        try Socket(
            .router, in: context,
            options: quickOptions {
                $0.security = .server(secretKey: server.secretKey, zapDomain: "test")
                $0.handshakeInterval = .milliseconds(200)
            })
    }

    func dealer(_ security: Security) throws -> Socket {
        try Socket(
            .dealer, in: context,
            options: quickOptions {
                $0.security = security
                $0.handshakeInterval = .milliseconds(200)
            })
    }

    func dealer() throws -> Socket { try dealer(workerSecurity) }

    var workerSecurity: Security { .client(keys: worker, serverKey: server.publicKey) }
}

/// Whether an event decides over a connection, and how.
private func hasFailed(_ kind: ConnectionEvent.Kind) -> Bool {
    switch kind {
    case .handshakeFailed, .protocolFailed, .authenticationFailed: true
    case .connected, .disconnected, .handshakeSucceeded: false
    }
}

@Suite struct AuthenticationTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `a known key gets in and its messages carry the user's id`() throws {
        let authenticator = try Authenticator(in: fixture.context, domain: "test")
        try authenticator.admit(only: [fixture.worker.publicKey: "worker-7"])
        let router = try fixture.router()
        let dealer = try fixture.dealer()
        try dealer.connect(router.bind("tcp://127.0.0.1:*"))
        try dealer.deliver([bytes("header"), bytes("body")])

        var poller = Poller()
        _ = poller.add(router)
        try poller.poll(timeout: patience)
        var message = Message(maximumFrames: 3)
        #expect(try router.receive(into: &message) == .message)
        #expect(message.count == 3)
        let userIDs = [message[1].metadata("User-Id"), message[2].metadata("User-Id")]
        #expect(userIDs == ["worker-7", "worker-7"])
        #expect(message[1].metadata("Peer-Address") == "127.0.0.1")
        #expect(message[1].metadata("No-Such-Property") == nil)
        #expect(authenticator.counts.admitted == 1)
    }

    @Test func `libzmq 4_3_4 loses the id on the first frame of a router`() throws {
        let authenticator = try Authenticator(in: fixture.context, domain: "test")
        try authenticator.admit(only: [fixture.worker.publicKey: "worker-7"])
        let router = try fixture.router()
        let dealer = try fixture.dealer()
        try dealer.connect(router.bind("tcp://127.0.0.1:*"))
        try dealer.deliver([bytes("header")])
        var poller = Poller()
        _ = poller.add(router)
        try poller.poll(timeout: patience)
        var message = Message(maximumFrames: 2)
        #expect(try router.receive(into: &message) == .message)

        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        unsafe zmq_version(&major, &minor, &patch)
        let isFixed = (major, minor, patch) >= (4, 3, 5)
        let userID = message[0].metadata("User-Id")
        #expect(userID == (isFixed ? "worker-7" : nil))
    }

    @Test func `an unknown key is refused for good and a new socket is not`() throws {
        let authenticator = try Authenticator(in: fixture.context, domain: "test")
        try authenticator.admit(only: [:])
        let router = try fixture.router()
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let stranger = try fixture.dealer()
        var monitor = try Monitor(stranger, in: fixture.context)
        try stranger.connect(endpoint)
        let event = try monitor.next("the refusal", where: hasFailed)
        #expect(event.kind == .authenticationFailed(status: 400))
        #expect(authenticator.counts.refused == 1)
        #expect(try router.nextIfAny() == nil)

        try authenticator.admit(only: [fixture.worker.publicKey: "worker-7"])
        let rebuilt = try fixture.dealer()
        try rebuilt.connect(endpoint)
        try rebuilt.deliver([bytes("hello")])
        #expect(try router.next().last == bytes("hello"))
        #expect(try stranger.send([bytes("still dead")]) == .wouldBlock)
        #expect(authenticator.counts.refused == 1)
    }

    @Test func `a key that comes before the list is told to try again and then gets in`() throws {
        let authenticator = try Authenticator(in: fixture.context, domain: "test")
        let router = try fixture.router()
        let dealer = try fixture.dealer()
        var monitor = try Monitor(dealer, in: fixture.context)
        try dealer.connect(router.bind("tcp://127.0.0.1:*"))
        try wait(for: "the first request") { authenticator.counts.deferred >= 1 }
        #expect(try dealer.send([bytes("too early")]) == .wouldBlock)

        try authenticator.admit(only: [fixture.worker.publicKey: "worker-7"])
        _ = try monitor.next("the handshake") { $0 == .handshakeSucceeded }
        try dealer.deliver([bytes("hello")])
        #expect(try router.next().last == bytes("hello"))
        #expect(authenticator.counts.refused == 0)
    }

    @Test func `a revoked key keeps its connection until the endpoint is bound anew`() throws {
        let authenticator = try Authenticator(in: fixture.context, domain: "test")
        try authenticator.admit(only: [fixture.worker.publicKey: "worker-7"])
        let router = try fixture.router()
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let dealer = try fixture.dealer()
        var monitor = try Monitor(dealer, in: fixture.context)
        try dealer.connect(endpoint)
        try dealer.deliver([bytes("1")])
        #expect(try router.next().last == bytes("1"))

        try authenticator.admit(only: [:])
        try dealer.deliver([bytes("2")])
        #expect(try router.next().last == bytes("2"))

        try router.unbind(endpoint)
        try wait(for: "the port") {
            do { return try router.bind(endpoint) == endpoint } catch let error as ZeroMQError
                where error.code == .addressInUse
            { return false }
        }
        // Both owners go on reading, as their loops do: the cut takes part in that.
        try wait(for: "the refusal") {
            _ = try router.nextIfAny()
            _ = try dealer.nextIfAny()
            return try monitor.next()?.kind == .authenticationFailed(status: 400)
        }
    }

    @Test func `two handlers in a context are one too many`() throws {
        let first = try Authenticator(in: fixture.context, domain: "test")
        let error = #expect(throws: ZeroMQError.self) {
            _ = try Authenticator(in: fixture.context, domain: "test")
        }
        #expect(error?.code == .addressInUse)
        first.stop()
        first.stop()
        let second: Authenticator = try eventually("the name") {
            do { return try Authenticator(in: fixture.context, domain: "test") } catch let error
                as ZeroMQError where error.code == .addressInUse
            { return nil }
        }
        #expect(second.counts.refused == 0)
    }

    @Test(arguments: ["", "a\0b", String(repeating: "x", count: 256)])
    func `a user id that C would change is refused`(_ id: String) throws {
        let authenticator = try Authenticator(in: fixture.context, domain: "test")
        let error = #expect(throws: ZeroMQError.self) {
            try authenticator.admit(only: [fixture.worker.publicKey: id])
        }
        #expect(error?.code == .invalidArgument)
    }
}

@Suite struct StrangerTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `a client without encryption is refused`() throws {
        try expectRefused(.none)
    }

    @Test func `a client with the wrong server key is refused`() throws {
        let other = try CurveKeyPair.generate()
        try expectRefused(.client(keys: fixture.worker, serverKey: other.publicKey))
    }

    @Test func `a client with a password instead of a key is refused`() throws {
        let authenticator = try Authenticator(in: fixture.context, domain: "test")
        try authenticator.admit(only: [fixture.worker.publicKey: "worker-7"])
        let router = try fixture.router()
        var monitor = try Monitor(router, in: fixture.context)
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let client = RawSocket(ZMQ_DEALER)
        client.set(ZMQ_PLAIN_USERNAME, bytes("admin"))
        client.set(ZMQ_PLAIN_PASSWORD, bytes("admin"))
        client.connect(endpoint)
        client.send("let me in")
        _ = try monitor.next("the refusal", where: hasFailed)
        #expect(try router.nextIfAny() == nil)
        #expect(authenticator.counts.admitted == 0)
    }

    @Test func `without a handler nobody gets in`() throws {
        let router = try fixture.router()
        var monitor = try Monitor(router, in: fixture.context)
        let dealer = try fixture.dealer()
        try dealer.connect(router.bind("tcp://127.0.0.1:*"))
        let event = try monitor.next("the decision") {
            hasFailed($0) || $0 == .handshakeSucceeded
        }
        #expect(hasFailed(event.kind))
        #expect(try dealer.send([bytes("let me in")]) == .wouldBlock)
        #expect(try router.nextIfAny() == nil)
    }

    @Test func `libzmq alone lets a stranger in where no domain is enforced`() throws {
        // The control: the same server as in the test above but for the enforcement.
        let server = RawSocket(ZMQ_ROUTER)
        server.set(ZMQ_CURVE_SERVER, 1)
        unsafe fixture.server.secretKey.withText { text in
            unsafe server.set(ZMQ_CURVE_SECRETKEY, Array(text))
        }
        server.set(ZMQ_ZAP_DOMAIN, bytes("test"))
        let endpoint = server.bind("tcp://127.0.0.1:*")
        let dealer = try fixture.dealer()
        try dealer.connect(endpoint)
        try dealer.deliver([bytes("let me in")])
        #expect(try server.receiveLast() == bytes("let me in"))
    }

    @Test func `an empty domain is refused because libzmq would ask nobody`() throws {
        let error = #expect(throws: ZeroMQError.self) {
            _ = try Socket(
                .router, in: fixture.context,
                options: quickOptions {
                    $0.security = .server(secretKey: fixture.server.secretKey, zapDomain: "")
                })
        }
        #expect(error?.code == .invalidArgument)
    }

    /// Checks that a client does not get in where the right one does.
    private func expectRefused(_ security: Security) throws {
        let authenticator = try Authenticator(in: fixture.context, domain: "test")
        try authenticator.admit(only: [fixture.worker.publicKey: "worker-7"])
        let router = try fixture.router()
        var monitor = try Monitor(router, in: fixture.context)
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let stranger = try fixture.dealer(security)
        try stranger.connect(endpoint)
        let event = try monitor.next("the decision") {
            hasFailed($0) || $0 == .handshakeSucceeded
        }
        #expect(hasFailed(event.kind))
        #expect(try stranger.send([bytes("let me in")]) == .wouldBlock)
        #expect(authenticator.counts.admitted == 0)

        let worker = try fixture.dealer()
        try worker.connect(endpoint)
        try worker.deliver([bytes("hello")])
        #expect(try router.next().last == bytes("hello"))
        #expect(try router.nextIfAny() == nil)
    }
}
