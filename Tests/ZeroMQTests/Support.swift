import Synchronization
import Testing
import ZeroMQ

/// The longest any test waits; reached only when something is broken.
let patience: Duration = .seconds(5)

/// A wait that ended without what it waited for.
struct TimedOut: Error {
    let what: String
}

/// Tries again, a few milliseconds apart, until `body` gives a value.
func eventually<Value>(_ what: String, _ body: () throws -> Value?) throws -> Value {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: patience)
    // Never signalled: only its time-out is of use.
    let pause = try WakeUp()
    var poller = Poller()
    _ = poller.add(pause)
    while true {
        if let value = try body() { return value }
        guard clock.now < deadline else { throw TimedOut(what: what) }
        try poller.poll(timeout: .milliseconds(5))
    }
}

/// Waits until `condition` holds.
func wait(for what: String, _ condition: () throws -> Bool) throws {
    let _: Bool = try eventually(what) { try condition() ? true : nil }
}

/// Options for tests: as by default, but reconnecting fast.
func quickOptions(_ change: (inout SocketOptions) -> Void = { _ in }) -> SocketOptions {
    var options = SocketOptions()
    options.reconnectInterval = .milliseconds(10)
    options.maximumReconnectInterval = .milliseconds(50)
    change(&options)
    return options
}

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

extension Socket {
    /// The frames of the next message.
    borrowing func next(maximumFrames: Int = 16) throws -> [[UInt8]] {
        var message = Message(maximumFrames: maximumFrames)
        var poller = Poller()
        _ = poller.add(self)
        try poller.poll(timeout: patience)
        guard try receive(into: &message) == .message else { throw TimedOut(what: "a message") }
        return try message.copy()
    }

    /// The frames of the next message, if one is there.
    borrowing func nextIfAny() throws -> [[UInt8]]? {
        var message = Message(maximumFrames: 16)
        guard try receive(into: &message) == .message else { return nil }
        return try message.copy()
    }

    /// Sends as soon as that is possible.
    borrowing func deliver(_ frames: [[UInt8]]) throws {
        var poller = Poller()
        _ = poller.add(self, for: .writable)
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: patience)
        while try send(frames) != .sent {
            guard clock.now < deadline else { throw TimedOut(what: "room to send") }
            try poller.poll(timeout: .milliseconds(50))
        }
    }
}

extension Message {
    /// All frames, copied out.
    borrowing func copy() throws -> [[UInt8]] {
        var frames: [[UInt8]] = []
        for index in 0..<count {
            let frame = self[index].copy(limit: .max)
            frames.append(try #require(frame))
        }
        return frames
    }
}

extension Monitor {
    /// The next event that `isWanted`.
    mutating func next(
        _ what: String, where isWanted: (ConnectionEvent.Kind) -> Bool
    ) throws -> ConnectionEvent {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: patience)
        var poller = Poller()
        _ = poller.add(self)
        while clock.now < deadline {
            while let event = try next() {
                if isWanted(event.kind) { return event }
            }
            try poller.poll(timeout: .milliseconds(50))
        }
        throw TimedOut(what: what)
    }
}

/// A value that threads share.
final class Shared<Value: Sendable>: Sendable {
    private let storage: Mutex<Value>

    init(_ value: Value) { storage = Mutex(value) }

    var value: Value {
        get { storage.withLock { $0 } }
        set { storage.withLock { $0 = newValue } }
    }
}
