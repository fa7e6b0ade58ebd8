import Glibc
import Testing
import ZeroMQ

@Suite struct PollerTests {
    @Test func `a wake-up reaches a waiting thread and counts once`() throws {
        let wakeUp = try WakeUp()
        var poller = Poller()
        let key = poller.add(wakeUp)
        let thread = try DedicatedThread(named: "waker") {
            for _ in 0..<3 { wakeUp.signal() }
        }
        #expect(try poller.poll(timeout: patience) == true)
        #expect(poller.isReadable(key) == true)
        thread.join()
        #expect(wakeUp.drain())
        #expect(!wakeUp.drain())
        #expect(try poller.poll(timeout: .zero) == false)
        #expect(poller.ready.isEmpty)
    }

    @Test func `sockets and descriptors wait together`() throws {
        let context = try Context()
        let left = try Socket(.pair, in: context)
        let right = try Socket(.pair, in: context)
        try right.connect(left.bind("inproc://together"))
        let pipe = try Pipe()
        var poller = Poller()
        let socketKey = poller.add(right)
        let pipeKey = poller.add(descriptor: pipe.readEnd)
        #expect(try poller.poll(timeout: .zero) == false)

        #expect(try left.send([bytes("x")]) == .sent)
        try poller.poll(timeout: patience)
        #expect(poller.ready.map(\.key) == [socketKey])

        pipe.write("y")
        try poller.poll(timeout: patience)
        #expect(poller.ready.map(\.key) == [socketKey, pipeKey])
        #expect(poller.ready.allSatisfy { $0.isReadable && !$0.isWritable && !$0.isClosed })
    }

    @Test func `a pipe that hung up is reported, after what it still holds`() throws {
        let pipe = try Pipe()
        var poller = Poller()
        let key = poller.add(descriptor: pipe.readEnd)
        pipe.write("z")
        pipe.closeWriteEnd()
        // Not at once: a process that another test starts may hold a copy for a moment.
        try wait(for: "the hang-up") {
            try poller.poll(timeout: patience)
            return poller.ready.first?.isClosed == true
        }
        #expect(poller.ready.first?.isReadable == true)
        pipe.readByte()
        try poller.poll(timeout: patience)
        #expect(poller.ready.map(\.key) == [key])
        #expect(poller.ready.allSatisfy { $0.isClosed && !$0.isReadable && !$0.isWritable })
        poller.remove(key)
        #expect(try poller.poll(timeout: .zero) == false)
    }

    @Test func `members come and go while others stay`() throws {
        var poller = Poller()
        let pipes = try (0..<50).map { _ in try Pipe() }
        let keys = pipes.map { poller.add(descriptor: $0.readEnd) }
        #expect(Set(keys).count == 50)
        for index in stride(from: 0, to: 50, by: 2) { poller.remove(keys[index]) }
        for pipe in pipes { pipe.write("x") }
        try poller.poll(timeout: patience)
        let odd = stride(from: 1, to: 50, by: 2).map { keys[$0] }
        #expect(poller.ready.map(\.key) == odd)

        poller.remove(keys[0])
        let again = poller.add(descriptor: pipes[0].readEnd)
        #expect(!keys.contains(again))
        try poller.poll(timeout: patience)
        #expect(poller.ready.map(\.key) == odd + [again])
    }

    @Test func `interest can change`() throws {
        let pipe = try Pipe()
        var poller = Poller()
        let key = poller.add(descriptor: pipe.writeEnd, for: [.readable, .writable])
        #expect(try poller.poll(timeout: .zero) == true)
        #expect(poller.ready.first?.isWritable == true)
        poller.update(key, for: .readable)
        #expect(try poller.poll(timeout: .zero) == false)
    }

    @Test func `a wake-up stays open for as long as it is waited for`() throws {
        var poller = Poller()
        let key = poller.add(try signalledWakeUp())
        // Would get the number of the wake-up's descriptor, were that closed.
        let pipe = try Pipe()
        try poller.poll(timeout: patience)
        #expect(poller.ready.map(\.key) == [key])
        pipe.write("x")
    }

    @Test func `a closed socket leaves by itself`() throws {
        let context = try Context()
        let wakeUp = try WakeUp()
        var poller = Poller()
        addAndClose(to: &poller, try Socket(.router, in: context))
        let key = poller.add(wakeUp)
        wakeUp.signal()
        try poller.poll(timeout: patience)
        #expect(poller.ready.map(\.key) == [key])
    }

    @Test func `nothing to wait for is an error only without a time-out`() throws {
        var poller = Poller()
        #expect(try poller.poll(timeout: .milliseconds(1)) == false)
        var code: ZeroMQError.Code?
        do { try poller.poll(timeout: nil) } catch { code = error.code }
        #expect(code == .invalidArgument)
    }

    @Test(arguments: [Duration.nanoseconds(1), .microseconds(1500), .milliseconds(30)])
    func `a wait is never shorter than asked`(_ timeout: Duration) throws {
        let pause = try WakeUp()
        var poller = Poller()
        _ = poller.add(pause)
        let clock = ContinuousClock()
        let start = clock.now
        try poller.poll(timeout: timeout)
        #expect(clock.now - start >= timeout)
    }

    @Test func `extreme time-outs neither trap nor wait`() throws {
        let wakeUp = try WakeUp()
        wakeUp.signal()
        var poller = Poller()
        _ = poller.add(wakeUp)
        for timeout in [Duration.seconds(Int64.max / 4), .seconds(-5), .milliseconds(1 << 40)] {
            #expect(try poller.poll(timeout: timeout) == true)
        }
    }

    private func signalledWakeUp() throws -> WakeUp {
        let wakeUp = try WakeUp()
        wakeUp.signal()
        return wakeUp
    }

    private func addAndClose(to poller: inout Poller, _ socket: consuming Socket) {
        _ = poller.add(socket)
    }
}

/// Both ends of a pipe.
private final class Pipe {
    let readEnd: Int32
    private(set) var writeEnd: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw TimedOut(what: "a pipe") }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        closeWriteEnd()
    }

    func write(_ text: String) {
        let count = unsafe Array(text.utf8).withUnsafeBytes {
            unsafe Glibc.write(writeEnd, $0.baseAddress, $0.count)
        }
        #expect(count == text.utf8.count)
    }

    func readByte() {
        var byte: UInt8 = 0
        let count = unsafe read(readEnd, &byte, 1)
        #expect(count == 1)
    }

    func closeWriteEnd() {
        if writeEnd >= 0 { close(writeEnd) }
        writeEnd = -1
    }
}
