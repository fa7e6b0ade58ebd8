import CLibZMQ
import Glibc

/// A received message: a few frames whose memory is reused from one message to the next.
///
/// Make one per loop and pass it to ``Socket/receive(into:)`` again and again.
@safe package struct Message: ~Copyable {
    // libzmq keeps small payloads inside `zmq_msg_t`, so each has an address that never changes.
    let slots: UnsafeMutablePointer<zmq_msg_t>
    /// The most frames that a message may have.
    package let maximumFrames: Int
    /// Frames received; the routing id that a ROUTER puts first is one of them.
    package internal(set) var count = 0

    /// Room for messages of up to `maximumFrames` frames; at least one.
    package init(maximumFrames: Int) {
        self.maximumFrames = max(1, maximumFrames)
        unsafe slots = .allocate(capacity: self.maximumFrames)
    }

    deinit {
        for index in 0..<count {
            _ = unsafe zmq_msg_close(slots + index)
        }
        unsafe slots.deallocate()
    }

    /// A view of one frame, valid while the message is not refilled.
    ///
    /// - Precondition: `index` is below ``count``, which is the peer's choice: look at it first.
    package subscript(index: Int) -> Frame {
        @_lifetime(borrow self)
        get {
            precondition(0 <= index && index < count, "a message of \(count) has no frame \(index)")
            return unsafe _overrideLifetime(Frame(slots + index), borrowing: self)
        }
    }

    /// Gives the frames back to libzmq.
    package mutating func removeAll() {
        for index in 0..<count {
            _ = unsafe zmq_msg_close(slots + index)
        }
        count = 0
    }
}

@available(*, unavailable)
extension Message: Sendable {}

/// One frame of a ``Message``, which owns it and closes it.
@safe package struct Frame: ~Escapable {
    let message: UnsafeMutablePointer<zmq_msg_t>

    @_lifetime(immortal)
    @unsafe init(_ message: UnsafeMutablePointer<zmq_msg_t>) {
        unsafe self.message = unsafe message
    }

    /// The payload.
    package var bytes: Span<UInt8> {
        @_lifetime(copy self)
        get {
            let bytes = unsafe UnsafeRawBufferPointer(
                start: zmq_msg_data(message), count: zmq_msg_size(message))
            let span = unsafe Span<UInt8>(_unsafeBytes: bytes)
            return unsafe _overrideLifetime(span, copying: self)
        }
    }

    /// Bytes in the payload.
    package var byteCount: Int { unsafe zmq_msg_size(message) }

    /// A copy of the payload; nil when it is larger than `limit`, by default 64 KiB.
    package func copy(limit: Int = 64 * 1024) -> [UInt8]? {
        guard byteCount <= limit else { return nil }
        return unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// A property of the connection that the frame came through, or nil.
    ///
    /// `User-Id` is what the ``Authenticator`` called the peer and `Peer-Address` its IP address;
    /// all other names hold what the peer says about itself. libzmq 4.3.4 loses both on the first
    /// frame of a ROUTER after a poll: ask the second.
    package func metadata(_ name: String) -> String? {
        guard let text = unsafe zmq_msg_gets(message, name) else { return nil }
        return unsafe String(cString: text)
    }
}
