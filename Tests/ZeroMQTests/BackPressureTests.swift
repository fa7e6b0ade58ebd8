import Testing
import ZeroMQ

@Suite struct BackPressureTests {
    let context: Context

    init() throws { context = try Context() }

    @Test func `a full router says so and loses nothing that it took`() throws {
        let total = 3000
        let narrow = quickOptions {
            $0.sendHighWaterMark = 10
            $0.receiveHighWaterMark = 10
        }
        let router = try Socket(.router, in: context, options: narrow)
        let dealer = try Socket(.dealer, in: context, options: narrow)
        try dealer.connect(router.bind("inproc://narrow"))
        try dealer.deliver([bytes("hello")])
        let peer = try #require(router.next().first)

        var taken: [[UInt8]] = []
        var blocked = 0
        for number in 0..<total {
            let body = bytes("message \(number)")
            switch try router.send([peer, body]) {
            case .sent: taken.append(body)
            case .wouldBlock: blocked += 1
            case .unreachable: Issue.record("the peer is there")
            }
        }
        #expect(taken.count + blocked == total)
        #expect(blocked > 0)

        var arrived: [[UInt8]] = []
        while let message = try dealer.nextIfAny() { arrived += message }
        #expect(arrived == taken)
        // The queue has room again once the reader has caught up.
        try router.deliver([peer, bytes("after")])
        #expect(try dealer.next() == [bytes("after")])
    }

    @Test func `without the mandatory option the same sends would be lost in silence`() throws {
        let narrow = quickOptions {
            $0.sendHighWaterMark = 10
            $0.receiveHighWaterMark = 10
            $0.routerMandatory = false
        }
        let router = try Socket(.router, in: context, options: narrow)
        let dealer = try Socket(.dealer, in: context, options: narrow)
        try dealer.connect(router.bind("inproc://silent"))
        try dealer.deliver([bytes("hello")])
        let peer = try #require(router.next().first)
        for _ in 0..<100 {
            let outcome = try router.send([peer, bytes("x")])
            #expect(outcome == .sent)
        }
        var arrived = 0
        while try dealer.nextIfAny() != nil { arrived += 1 }
        #expect(arrived < 100)
    }

    @Test func `a peer that left is unreachable`() throws {
        let router = try Socket(.router, in: context)
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let peer = try helloAndGoodbye(to: endpoint, router)
        try wait(for: "the router to notice") {
            try router.send([peer, bytes("x")]) == .unreachable
        }
    }

    @Test func `a routing id that was never seen is unreachable`() throws {
        let router = try Socket(.router, in: context)
        _ = try router.bind("tcp://127.0.0.1:*")
        let outcome = try router.send([bytes("nobody"), bytes("x")])
        #expect(outcome == .unreachable)
    }

    @Test func `a dealer without a connection keeps its message`() throws {
        let dealer = try Socket(.dealer, in: context, options: quickOptions())
        // Port 1 (tcpmux) is closed on any host that runs tests.
        try dealer.connect("tcp://127.0.0.1:1")
        let outcome = try dealer.send([bytes("a"), bytes("b")])
        #expect(outcome == .wouldBlock)
    }

    @Test func `a message is whole even when its connection breaks in the middle`() throws {
        let rounds = 20
        let endpoint = Shared("tcp://127.0.0.1:*")
        let isOver = Shared(false)
        let context = context
        let thread = try DedicatedThread(named: "breaking") {
            do {
                for _ in 0..<rounds {
                    let router = try Socket(.router, in: context)
                    try wait(for: "the port") {
                        do { endpoint.value = try router.bind(endpoint.value) } catch let error
                            as ZeroMQError where error.code == .addressInUse
                        { return false }
                        return true
                    }
                    for _ in 0..<10 {
                        let message = try router.next(maximumFrames: 100)
                        #expect(message.count == 51)
                        #expect(Set(message.dropFirst()).count == 1)
                    }
                }
            } catch {
                Issue.record(error)
            }
            isOver.value = true
        }
        try wait(for: "the port") { !endpoint.value.hasSuffix("*") }
        let dealer = try Socket(.dealer, in: context, options: quickOptions())
        try dealer.connect(endpoint.value)
        var number = 0
        while !isOver.value {
            let frames = [[UInt8]](repeating: bytes("\(number)"), count: 50)
            if try dealer.send(frames) == .wouldBlock {
                // Room comes back when a router reads or the next one listens.
                var poller = Poller()
                _ = poller.add(dealer, for: .writable)
                try poller.poll(timeout: .milliseconds(5))
            }
            number += 1
        }
        thread.join()
    }

    @Test func `a message that breaks off does not swallow the next`() throws {
        // Few messages, because each takes megabytes.
        let narrow = quickOptions {
            $0.sendHighWaterMark = 2
            $0.receiveHighWaterMark = 2
        }
        let dealer = try Socket(.dealer, in: context, options: narrow)
        // So many frames that the peer's end falls in the middle of a send.
        let endless = [[UInt8]](repeating: [], count: 50_000)
        for round in 0..<5 {
            let lost = "inproc://lost-\(round)"
            let router = try Socket(.router, in: context, options: narrow)
            _ = try router.bind(lost)
            try dealer.connect(lost)
            try dealer.deliver([bytes("hello")])
            let thread = try DedicatedThread(named: "closing", owning: router) { router in
                // Any message, or none in time: the end of the socket is what counts.
                _ = try? router.next()
            }
            try wait(for: "the break") { try dealer.send(endless) == .wouldBlock }
            thread.join()

            let next = try Socket(.router, in: context)
            let endpoint = "inproc://next-\(round)"
            _ = try next.bind(endpoint)
            try dealer.connect(endpoint)
            try dealer.deliver([bytes("\(round)"), bytes("whole")])
            #expect(try next.next().dropFirst() == [bytes("\(round)"), bytes("whole")])
        }
    }

    /// The routing id of a peer that came, said something and went.
    private func helloAndGoodbye(
        to endpoint: String, _ router: borrowing Socket
    ) throws -> [UInt8] {
        let dealer = try Socket(.dealer, in: context, options: quickOptions())
        try dealer.connect(endpoint)
        try dealer.deliver([bytes("hello")])
        return try #require(router.next().first)
    }
}
