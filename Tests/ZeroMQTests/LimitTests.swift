import Glibc
import Testing
import ZeroMQ

@Suite struct LimitTests {
    let context: Context

    init() throws { context = try Context() }

    @Test func `a frame above the receiver's limit never arrives and cuts only its sender`() throws
    {
        let router = try Socket(
            .router, in: context, options: quickOptions { $0.maximumMessageSize = 1000 })
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let reckless = try Socket(.dealer, in: context, options: quickOptions())
        var monitor = try Monitor(reckless, in: context)
        try reckless.connect(endpoint)
        let modest = try Socket(.dealer, in: context, options: quickOptions())
        try modest.connect(endpoint)
        try modest.deliver([bytes("before")])
        #expect(try router.next().last == bytes("before"))

        try reckless.deliver([[UInt8](repeating: 1, count: 1001)])
        _ = try monitor.next("the cut") { $0 == .disconnected }
        try modest.deliver([[UInt8](repeating: 2, count: 1000)])
        #expect(try router.next().last == [UInt8](repeating: 2, count: 1000))
        #expect(try router.nextIfAny() == nil)
    }

    @Test func `a frame above the sender's limit is refused before it does harm`() throws {
        let left = try Socket(
            .pair, in: context, options: quickOptions { $0.maximumMessageSize = 1000 })
        let right = try Socket(.pair, in: context)
        try right.connect(left.bind("inproc://sender-limit"))
        let large = [UInt8](repeating: 1, count: 1001)
        for frames in [[large], [bytes("a"), large], [large, bytes("a")]] {
            let error = #expect(throws: ZeroMQError.self) { _ = try left.send(frames) }
            #expect(error?.code == .messageTooLarge)
        }
        #expect(try left.send([bytes("a"), bytes("b")]) == .sent)
        #expect(try right.next() == [bytes("a"), bytes("b")])
    }

    @Test func `a flood of frames in one message is discarded as one`() throws {
        let left = try Socket(.pair, in: context)
        let right = try Socket(.pair, in: context)
        try right.connect(left.bind("inproc://flood"))
        #expect(try left.send([[UInt8]](repeating: bytes("x"), count: 10_000)) == .sent)
        #expect(try left.send([bytes("1"), bytes("2"), bytes("3")]) == .sent)
        #expect(try left.send([bytes("1"), bytes("2")]) == .sent)

        var message = Message(maximumFrames: 2)
        var results: [Reception] = []
        try wait(for: "three receptions") {
            let result = try right.receive(into: &message)
            if result != .nothing { results.append(result) }
            return results.count == 3
        }
        #expect(results == [.oversized, .oversized, .message])
        #expect(try message.copy() == [bytes("1"), bytes("2")])
        message.removeAll()
        #expect(message.count == 0)
    }

    @Test func `a message that never ends is not seen and the others are`() throws {
        let router = try Socket(.router, in: context, options: quickOptions())
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let stream = try RawConnection(to: endpoint)
        try stream.shakeHands()
        let frameWithMore: [UInt8] = [0x01, 1, 0x78]
        try stream.send([[UInt8]](repeating: frameWithMore, count: 10_000).flatMap { $0 })
        let dealer = try Socket(.dealer, in: context, options: quickOptions())
        try dealer.connect(endpoint)
        try dealer.deliver([bytes("whole")])
        #expect(try router.next().last == bytes("whole"))
        #expect(try router.nextIfAny() == nil)

        // The end makes it a message: the bytes above were not refused for another reason.
        try stream.send([0x00, 1, 0x79])
        var message = Message(maximumFrames: 4)
        let reception: Reception = try eventually("the flood") {
            let reception = try router.receive(into: &message)
            return reception == .nothing ? nil : reception
        }
        #expect(reception == .oversized)
    }

    @Test func `raw garbage on the port harms nobody`() throws {
        let keys = try CurveKeyPair.generate()
        let authenticator = try Authenticator(in: context, domain: "test")
        let client = try CurveKeyPair.generate()
        try authenticator.admit(only: [client.publicKey: "worker"])
        let router = try Socket(
            .router, in: context,
            options: quickOptions {
                $0.security = .server(secretKey: keys.secretKey, zapDomain: "test")
            })
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        var state: UInt64 = 42
        for round in 0..<100 {
            let connection = try RawConnection(to: endpoint)
            // A third begins like ZMTP, so that the parser behind the greeting sees garbage too.
            var garbage = round % 3 == 0 ? Array(RawConnection.nullHandshake.prefix(64)) : []
            for _ in 0..<500 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                garbage.append(UInt8(truncatingIfNeeded: state >> 33))
            }
            try connection.send(garbage)
        }
        let dealer = try Socket(
            .dealer, in: context,
            options: quickOptions {
                $0.security = .client(keys: client, serverKey: keys.publicKey)
            })
        try dealer.connect(endpoint)
        try dealer.deliver([bytes("still here")])
        #expect(try router.next().last == bytes("still here"))
        #expect(try router.nextIfAny() == nil)
        #expect(authenticator.counts.admitted == 1)
    }
}
