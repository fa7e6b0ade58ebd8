import CLibZMQ
import Glibc

/// Waits for sockets and file descriptors at once.
///
/// Lives on the thread that owns the sockets. Members come and go between two polls, and a poll
/// allocates nothing once the set has had its largest size.
@safe package struct Poller: ~Copyable {
    /// What an item belongs to.
    private enum Owner {
        // Keeps a closed socket's memory out of use, not the socket open.
        case socket(SocketHandle)
        // Keeps the descriptor's number from being used for something else.
        case wakeUp(WakeUp)
        case caller
    }

    /// What the last poll found, in the order of addition.
    package private(set) var ready: [Ready] = []

    // Three arrays side by side: libzmq wants its items in one piece.
    private var items: [zmq_pollitem_t] = unsafe []
    private var keys: [Key] = []
    private var owners: [Owner] = []
    private var lastNumber = 0

    /// An empty set.
    package init() {}

    /// Adds a socket; it leaves by itself when it is closed.
    package mutating func add(
        _ socket: borrowing Socket, for interest: Interest = .readable
    ) -> Key {
        add(socket.handle, interest)
    }

    /// Adds the events of a monitored socket.
    package mutating func add(_ monitor: borrowing Monitor) -> Key {
        add(monitor.receiver, .readable)
    }

    /// Adds a wake-up, which stays open for as long as it is a member.
    package mutating func add(_ wakeUp: WakeUp) -> Key {
        unsafe append(
            zmq_pollitem_t(
                socket: nil, fd: wakeUp.descriptor, events: Int16(ZMQ_POLLIN), revents: 0),
            .wakeUp(wakeUp))
    }

    /// Adds a descriptor, which the caller removes before closing it.
    package mutating func add(
        descriptor: Int32, for interest: Interest = .readable
    ) -> Key {
        unsafe append(
            zmq_pollitem_t(socket: nil, fd: descriptor, events: interest.events, revents: 0),
            .caller)
    }

    /// Changes what to wait for; unknown keys are ignored, as in ``remove(_:)``.
    package mutating func update(_ key: Key, for interest: Interest) {
        guard let index = keys.firstIndex(of: key) else { return }
        unsafe items[index].events = interest.events
    }

    /// Takes a member out of the set.
    package mutating func remove(_ key: Key) {
        guard let index = keys.firstIndex(of: key) else { return }
        remove(at: index)
    }

    /// Whether the last poll found the member readable.
    package func isReadable(_ key: Key) -> Bool {
        ready.contains { $0.key == key && $0.isReadable }
    }

    /// Waits until a member is ready or the time is over.
    ///
    /// A signal handler does not end the wait.
    /// - Parameter timeout: Rounded up to milliseconds; nil waits for ever.
    /// - Returns: Whether a member is ready; see ``ready``.
    /// - Throws: ``ZeroMQError``; `contextTerminated` after ``Context/shutdown()``.
    @discardableResult
    package mutating func poll(timeout: Duration?) throws(ZeroMQError) -> Bool {
        removeClosed()
        ready.removeAll(keepingCapacity: true)
        guard timeout != nil || !keys.isEmpty else {
            throw ZeroMQError(.invalidArgument, "poll", "an empty set would wait for ever")
        }
        let clock = ContinuousClock()
        let deadline = timeout.map { clock.now.advanced(by: $0) }
        while true {
            let wait = deadline.map { Int(milliseconds(clock.now.duration(to: $0))) } ?? -1
            let status = unsafe zmq_poll(&items, Int32(items.count), wait)
            if status >= 0 { break }
            let number = zmq_errno()
            guard number == EINTR else { throw ZeroMQError("poll", errorNumber: number) }
        }
        collect()
        return !ready.isEmpty
    }

    private mutating func collect() {
        for index in keys.indices {
            let events = unsafe Int32(items[index].revents)
            guard events != 0 else { continue }
            ready.append(
                Ready(
                    key: keys[index],
                    isReadable: events & ZMQ_POLLIN != 0,
                    isWritable: events & ZMQ_POLLOUT != 0,
                    isClosed: events & ZMQ_POLLERR != 0))
        }
    }

    private mutating func add(_ handle: SocketHandle, _ interest: Interest) -> Key {
        unsafe append(
            zmq_pollitem_t(
                socket: handle.pointer, fd: -1, events: interest.events, revents: 0),
            .socket(handle))
    }

    private mutating func append(_ item: zmq_pollitem_t, _ owner: Owner) -> Key {
        lastNumber += 1
        let key = Key(number: lastNumber)
        unsafe items.append(item)
        keys.append(key)
        owners.append(owner)
        return key
    }

    private mutating func remove(at index: Int) {
        unsafe items.remove(at: index)
        keys.remove(at: index)
        owners.remove(at: index)
    }

    private mutating func removeClosed() {
        for index in owners.indices.reversed() {
            if case .socket(let handle) = owners[index], unsafe handle.pointer == nil {
                remove(at: index)
            }
        }
    }
}
