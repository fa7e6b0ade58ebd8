import Glibc
import Vocabulary

/// The trial process's end of the channel to its worker.
struct TrialChannel: ~Copyable {
    /// The socket, to wait on it together with others.
    let descriptor: Int32
    private var buffer = LineBuffer()
    private var reason: StopReason?

    /// Takes a connected stream socket and closes it in the end.
    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Sends one line, waiting while the worker does not read.
    func send(_ message: TrialProcessMessage) throws(ChannelError) {
        let line = try ChannelCoding.line(for: message)
        var offset = 0
        while offset < line.count {
            let sent = unsafe line.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
                // Without a signal when the worker is gone: the error is enough.
                return unsafe Glibc.send(
                    descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            if sent >= 0 {
                offset += sent
            } else if errno != EINTR {
                throw ChannelError("the worker cannot be written to (errno \(errno))")
            }
        }
    }

    /// Sends a point of the learning curve, then ends the trainer if the worker asked for it.
    mutating func report(step: UInt64, metrics: [Metric]) throws(TrialEnd) {
        do {
            try send(.report(step: step, metrics: metrics))
            if let reason = try stop(within: .zero) {
                throw TrialEnd.stopped(reason, last: metrics)
            }
        } catch let end as TrialEnd {
            throw end
        } catch let error as ChannelError {
            throw .workerGone(error)
        } catch {
            throw .error("\(error)")
        }
    }

    /// Waits up to `time` for the request to stop; nil when none came.
    ///
    /// Throws when the worker closed its end: there is nobody to work for.
    mutating func stop(within time: Duration) throws(ChannelError) -> StopReason? {
        let deadline = ContinuousClock.now + time
        while reason == nil {
            let left = max(.zero, deadline - ContinuousClock.now)
            // Rounded up, or the last part of a millisecond would be spent asking again.
            let milliseconds = Int32(clamping: Int64((left / .milliseconds(1)).rounded(.up)))
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&entry, 1, milliseconds)
            if ready > 0 {
                try read()
            } else if ready == 0 {
                if ContinuousClock.now >= deadline { return nil }
            } else if errno != EINTR {
                throw ChannelError("the channel cannot be waited on (errno \(errno))")
            }
        }
        return reason
    }

    private mutating func read() throws(ChannelError) {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        if count > 0 {
            for line in try buffer.append(bytes.prefix(count)) where reason == nil {
                reason = try ChannelCoding.stop(line)
            }
        } else if count == 0 {
            throw ChannelError("the worker closed the channel")
        } else if errno != EINTR && errno != EAGAIN {
            throw ChannelError("the channel cannot be read (errno \(errno))")
        }
    }
}
