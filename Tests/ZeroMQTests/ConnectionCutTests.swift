import Testing
import ZeroMQ

/// Ending one connection of many.
@Suite struct ConnectionCutTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func `the connection of one frame is cut and the others go on`() throws {
        let authenticator = try Authenticator(in: fixture.context, domain: "test")
        try authenticator.admit(only: [fixture.worker.publicKey: "worker-7"])
        let router = try fixture.router()
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let doomed = try fixture.dealer()
        var doomedMonitor = try Monitor(doomed, in: fixture.context)
        try doomed.connect(endpoint)
        try doomed.deliver([bytes("doomed")])
        var message = Message(maximumFrames: 2)
        try receive(from: router, into: &message)
        let other = try fixture.dealer()
        var otherMonitor = try Monitor(other, in: fixture.context)
        try other.connect(endpoint)
        try other.deliver([bytes("other")])
        #expect(try router.next().last == bytes("other"))

        try authenticator.admit(only: [:])
        let isCut = message[1].cutConnection()
        #expect(isCut)
        _ = try doomedMonitor.next("the end") { $0 == .disconnected }
        _ = try doomedMonitor.next("the refusal") { $0 == .authenticationFailed(status: 400) }
        try other.deliver([bytes("still here")])
        #expect(try router.next().last == bytes("still here"))
        while let event = try otherMonitor.next() { #expect(event.kind != .disconnected) }
    }

    @Test func `a frame without a TCP connection cuts nothing`() throws {
        let left = try Socket(.pair, in: fixture.context)
        let right = try Socket(.pair, in: fixture.context)
        try right.connect(left.bind("inproc://cut"))
        try right.deliver([bytes("a"), bytes("b")])
        var message = Message(maximumFrames: 2)
        try receive(from: left, into: &message)
        let isCut = message[1].cutConnection()
        #expect(!isCut)
    }

    private func receive(from socket: borrowing Socket, into message: inout Message) throws {
        var poller = Poller()
        _ = poller.add(socket)
        try poller.poll(timeout: patience)
        #expect(try socket.receive(into: &message) == .message)
    }
}
