import Testing
import ZeroMQ

@Suite struct ContextTests {
    @Test(arguments: [Duration.zero, .milliseconds(100)])
    func `a context ends although messages wait for an unreachable peer`(
        _ linger: Duration
    ) throws {
        let hasEnded = Shared(false)
        let thread = try DedicatedThread(named: "ending") {
            do {
                let context = try Context()
                let dealer = try Socket(
                    .dealer, in: context,
                    options: quickOptions {
                        $0.linger = linger
                        $0.immediate = false
                    })
                try dealer.connect("tcp://127.0.0.1:1")
                for _ in 0..<10 {
                    let outcome = try dealer.send([bytes("never read")])
                    #expect(outcome == .sent)
                }
            } catch {
                Issue.record(error)
            }
            hasEnded.value = true
        }
        // Without a join: a thread that hangs must fail the test, not hang it.
        try wait(for: "the end of the context") { hasEnded.value }
        thread.join()
    }

    @Test func `a socket keeps its context alive`() throws {
        let socket = try lonelySocket()
        #expect(try socket.bind("inproc://alone") == "inproc://alone")
    }

    @Test func `shutdown wakes a thread that waits for ever`() throws {
        let context = try Context()
        let result = Shared<ZeroMQError?>(nil)
        let router = try Socket(.router, in: context)
        let thread = try DedicatedThread(named: "waiting", owning: router) { router in
            var poller = Poller()
            _ = poller.add(router)
            do throws(ZeroMQError) { try poller.poll(timeout: nil) } catch { result.value = error }
        }
        context.shutdown()
        try wait(for: "the error") { result.value != nil }
        thread.join()
        #expect(result.value?.code == .contextTerminated)
    }

    @Test func `every operation after shutdown says so`() throws {
        let context = try Context()
        let left = try Socket(.pair, in: context)
        context.shutdown()
        var message = Message(maximumFrames: 1)
        var codes: [ZeroMQError.Code] = []
        do { _ = try left.bind("inproc://late") } catch { codes.append(error.code) }
        do { _ = try left.send([bytes("late")]) } catch { codes.append(error.code) }
        do { _ = try left.receive(into: &message) } catch { codes.append(error.code) }
        do { _ = try Socket(.pair, in: context) } catch { codes.append(error.code) }
        #expect(codes == [ZeroMQError.Code](repeating: .contextTerminated, count: 4))
    }

    @Test func `counts below one are refused`() throws {
        for (threads, sockets) in [(0, 10), (1, 0), (-1, 10), (Int.max, 10)] {
            let error = #expect(throws: ZeroMQError.self) {
                _ = try Context(ioThreads: threads, maximumSockets: sockets)
            }
            #expect(error?.code == .invalidArgument)
        }
    }

    @Test func `too many sockets are an error with advice`() throws {
        let context = try Context(maximumSockets: 1)
        let first = try Socket(.pair, in: context)
        let error = #expect(throws: ZeroMQError.self) { _ = try Socket(.pair, in: context) }
        #expect(error?.code == .tooManyOpenFiles)
        #expect(try first.nextIfAny() == nil)
    }

    /// A socket whose context nobody else refers to.
    private func lonelySocket() throws -> Socket {
        try Socket(.pair, in: Context())
    }
}
