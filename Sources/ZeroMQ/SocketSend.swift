import CLibZMQ
import Glibc

/// What became of a message; in the last two cases nothing of it was sent.
package enum SendOutcome: Equatable, Sendable {
    /// Queued for the peer. Only an answer from the peer proves that it arrived.
    case sent
    /// The peer's queue is full, or nobody is connected yet: keep the message and try later.
    case wouldBlock
    /// A ROUTER knows no peer with this routing id (any more).
    case unreachable
}

extension Socket {
    /// Queues a message of one or more frames, all or none, without waiting.
    ///
    /// For a ROUTER the first frame is the routing id of the peer.
    /// - Throws: ``ZeroMQError``; `messageTooLarge` when a frame exceeds the socket's
    ///   ``SocketOptions/maximumMessageSize``, `contextTerminated` after a shutdown.
    package borrowing func send(_ frames: [[UInt8]]) throws(ZeroMQError) -> SendOutcome {
        guard let last = frames.last else {
            throw ZeroMQError(.invalidArgument, "send", "a message has at least one frame")
        }
        return try send(frames.dropLast(), last: last.span)
    }

    /// Queues a message whose last frame is borrowed, so that a large body is copied only once.
    ///
    /// Otherwise like ``send(_:)``.
    package borrowing func send(
        _ leading: ArraySlice<[UInt8]>, last: Span<UInt8>
    ) throws(ZeroMQError) -> SendOutcome {
        let largest = leading.reduce(last.count) { max($0, $1.count) }
        guard largest <= maximumMessageSize else {
            throw ZeroMQError(
                .messageTooLarge, "send",
                "a frame of \(largest) bytes exceeds the limit of \(maximumMessageSize)")
        }
        for (index, frame) in leading.enumerated() {
            let outcome = try sendFrame(frame.span, more: true)
            guard outcome == .sent else {
                if index > 0 {
                    try abandon(leading.dropFirst(index + 1), last: last)
                }
                return outcome
            }
        }
        return try sendFrame(last, more: false)
    }

    /// Ends a message whose connection was lost between two frames.
    ///
    /// A DEALER takes back the frames before and swallows the rest up to the last: unless it gets
    /// them now, it would swallow the next message instead. No other kind fails after the first
    /// frame of a message while its peer lives.
    private borrowing func abandon(
        _ leading: ArraySlice<[UInt8]>, last: Span<UInt8>
    ) throws(ZeroMQError) {
        guard kind == .dealer else { return }
        for frame in leading {
            _ = try sendFrame(frame.span, more: true)
        }
        _ = try sendFrame(last, more: false)
    }

    private borrowing func sendFrame(
        _ bytes: Span<UInt8>, more: Bool
    ) throws(ZeroMQError) -> SendOutcome {
        let flags = more ? ZMQ_DONTWAIT | ZMQ_SNDMORE : ZMQ_DONTWAIT
        while true {
            let status = unsafe bytes.withUnsafeBufferPointer {
                unsafe zmq_send(handle.pointer, $0.baseAddress, $0.count, flags)
            }
            if status >= 0 { return .sent }
            let number = zmq_errno()
            switch number {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            case EHOSTUNREACH: return .unreachable
            default: throw ZeroMQError("send", errorNumber: number)
            }
        }
    }
}
