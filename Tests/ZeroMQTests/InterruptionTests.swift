import CLibZMQ
import CLinux
import Glibc
import Synchronization
import Testing
import ZeroMQ

/// Counts the signals that reached a handler.
private let handled = Atomic<Int>(0)

/// Lets SIGUSR1 interrupt system calls: a handler without SA_RESTART that only counts.
private let installed: Void = {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { _ in handled.add(1, ordering: .relaxed) }
    action.sa_flags = 0
    unsafe sigaction(SIGUSR1, &action, nil)
}()

/// A thread that signals may interrupt.
private final class Target: Sendable {
    private let identity = Mutex<pthread_t?>(nil)
    private let thread = Mutex<DedicatedThread?>(nil)
    let hasEnded = Shared(false)

    init(_ body: @escaping @Sendable () throws -> Void) throws {
        _ = installed
        let thread = try DedicatedThread(named: "target") { [self] in
            identity.withLock { $0 = pthread_self() }
            var signals = sigset_t()
            unsafe sigemptyset(&signals)
            unsafe sigaddset(&signals, SIGUSR1)
            unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            do { try body() } catch { Issue.record(error) }
            // Nobody may signal a thread that is gone.
            identity.withLock { $0 = nil }
            hasEnded.value = true
        }
        self.thread.withLock { $0 = thread }
    }

    func interrupt() {
        identity.withLock { identity in
            if let identity { pthread_kill(identity, SIGUSR1) }
        }
    }

    func join() { thread.withLock { $0 }?.join() }
}

// One at a time: they share the counter.
@Suite(.serialized) struct InterruptionTests {
    @Test func `a signal does not end a wait for ever`() throws {
        let wakeUp = try WakeUp()
        let isWoken = Shared(false)
        let target = try Target {
            var poller = Poller()
            let key = poller.add(wakeUp)
            let isReady = try poller.poll(timeout: nil)
            isWoken.value = isReady && poller.isReadable(key)
        }
        let before = handled.load(ordering: .relaxed)
        try wait(for: "20 signals") {
            target.interrupt()
            return handled.load(ordering: .relaxed) >= before + 20
        }
        #expect(!target.hasEnded.value)
        wakeUp.signal()
        try wait(for: "the end") { target.hasEnded.value }
        target.join()
        #expect(isWoken.value)
    }

    @Test func `signals do not shorten a time-out`() throws {
        let waited = Shared(Duration.zero)
        let target = try Target {
            let pause = try WakeUp()
            var poller = Poller()
            _ = poller.add(pause)
            let clock = ContinuousClock()
            let start = clock.now
            #expect(try poller.poll(timeout: .milliseconds(200)) == false)
            waited.value = clock.now - start
        }
        let before = handled.load(ordering: .relaxed)
        try wait(for: "the time-out") {
            target.interrupt()
            return target.hasEnded.value
        }
        target.join()
        #expect(handled.load(ordering: .relaxed) > before)
        #expect(waited.value >= .milliseconds(200))
    }

    @Test func `a conversation under a storm of signals loses nothing`() throws {
        let context = try Context()
        let total = 2000
        let router = try Socket(.router, in: context)
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        let target = try Target {
            let dealer = try Socket(.dealer, in: context, options: quickOptions())
            try dealer.connect(endpoint)
            for number in 0..<total {
                try dealer.deliver([bytes("\(number)"), bytes("body")])
            }
            let answer = try dealer.next()
            #expect(answer == [bytes("enough")])
        }
        let before = handled.load(ordering: .relaxed)
        var texts: [String] = []
        while texts.count < total {
            target.interrupt()
            let message = try router.next()
            texts.append(String(decoding: message[1], as: UTF8.self))
            if texts.count == total {
                try router.deliver([message[0], bytes("enough")])
            }
        }
        try wait(for: "the answer") {
            target.interrupt()
            return target.hasEnded.value
        }
        target.join()
        #expect(texts == (0..<total).map { "\($0)" })
        #expect(handled.load(ordering: .relaxed) > before)
    }

    @Test func `libzmq itself does end a wait at a signal`() throws {
        // The control: were it otherwise, the tests above would prove nothing.
        let number = Shared<Int32>(0)
        let target = try Target {
            let pause = picoml_eventfd()
            defer { close(pause) }
            var item = unsafe zmq_pollitem_t(
                socket: nil, fd: pause, events: Int16(ZMQ_POLLIN), revents: 0)
            if unsafe zmq_poll(&item, 1, -1) == -1 { number.value = zmq_errno() }
        }
        try wait(for: "the interruption") {
            target.interrupt()
            return target.hasEnded.value
        }
        target.join()
        #expect(number.value == EINTR)
    }

    @Test func `a dedicated thread lets other threads handle signals`() throws {
        let mask = Shared<[Int32]>([])
        // Made by a thread that takes SIGUSR1, because a mask is inherited.
        let maker = try Target {
            let thread = try DedicatedThread(named: "quiet") {
                mask.value = blockedSignals(of: [SIGTERM, SIGUSR1, SIGSEGV])
            }
            thread.join()
            #expect(blockedSignals(of: [SIGUSR1]) == [])
        }
        maker.join()
        #expect(mask.value == [SIGTERM, SIGUSR1])
    }
}

/// Those of the signals that the calling thread blocks.
private func blockedSignals(of signals: [Int32]) -> [Int32] {
    var mask = sigset_t()
    unsafe pthread_sigmask(SIG_BLOCK, nil, &mask)
    return signals.filter { unsafe sigismember(&mask, $0) == 1 }
}
