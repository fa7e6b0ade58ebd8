import CLibZMQ
import Glibc

/// What a receive found.
package enum Reception: Equatable, Sendable {
    /// No message is waiting.
    case nothing
    /// The message now holds one.
    case message
    /// A message with more frames than the caller has room for was discarded.
    case oversized
}

extension Socket {
    /// Takes the next message, if there is one, without waiting.
    ///
    /// The former frames of `message` are released first. libzmq delivers whole messages only, so
    /// discarding one costs at most what it already holds in memory.
    /// - Throws: ``ZeroMQError``; `contextTerminated` after a shutdown.
    package borrowing func receive(into message: inout Message) throws(ZeroMQError) -> Reception {
        try handle.receive(into: &message)
    }
}

extension SocketHandle {
    func receive(into message: inout Message) throws(ZeroMQError) -> Reception {
        message.removeAll()
        repeat {
            guard message.count < message.maximumFrames else {
                try discardRest()
                message.removeAll()
                return .oversized
            }
            let slot = unsafe message.slots + message.count
            _ = unsafe zmq_msg_init(slot)
            guard try unsafe receive(slot) else {
                _ = unsafe zmq_msg_close(slot)
                message.removeAll()
                return .nothing
            }
            message.count += 1
        } while unsafe zmq_msg_more(message.slots + message.count - 1) != 0
        return .message
    }

    /// Fills one frame; false when none is waiting.
    ///
    /// Closes the frame before it throws.
    @unsafe private func receive(
        _ frame: UnsafeMutablePointer<zmq_msg_t>
    ) throws(ZeroMQError) -> Bool {
        while unsafe zmq_msg_recv(frame, pointer, ZMQ_DONTWAIT) == -1 {
            let number = zmq_errno()
            switch number {
            case EINTR: continue
            case EAGAIN: return false
            default:
                _ = unsafe zmq_msg_close(frame)
                throw ZeroMQError("receive", errorNumber: number)
            }
        }
        return true
    }

    private func discardRest() throws(ZeroMQError) {
        var frame = zmq_msg_t()
        try unsafe withUnsafeMutablePointer(to: &frame) { frame throws(ZeroMQError) in
            var more = true
            while more {
                _ = unsafe zmq_msg_init(frame)
                more = try unsafe receive(frame) && zmq_msg_more(frame) != 0
                _ = unsafe zmq_msg_close(frame)
            }
        }
    }
}
