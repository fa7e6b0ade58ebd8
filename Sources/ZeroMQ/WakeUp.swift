import CLinux
import Glibc

/// A signal from any thread to the one that waits in a ``Poller``.
///
/// Signals do not queue: any number before ``drain()`` count as one. So the waiting thread drains
/// first and then looks at everything that the signal could mean.
package final class WakeUp: Sendable {
    let descriptor: Int32

    /// Opens an eventfd.
    /// - Throws: ``ZeroMQError`` with `tooManyOpenFiles`.
    package init() throws(ZeroMQError) {
        descriptor = picoml_eventfd()
        guard descriptor >= 0 else {
            throw ZeroMQError("open a wake-up descriptor", errorNumber: errno)
        }
    }

    deinit { close(descriptor) }

    /// Wakes the waiting thread; does not block, from any thread.
    package func signal() {
        // The only other failure, a full counter, means that the signal is already pending.
        var one: UInt64 = 1
        while unsafe write(descriptor, &one, MemoryLayout<UInt64>.size) == -1 && errno == EINTR {}
    }

    /// Takes all pending signals.
    /// - Returns: Whether there was one.
    @discardableResult
    package func drain() -> Bool {
        var count: UInt64 = 0
        while true {
            let size = unsafe read(descriptor, &count, MemoryLayout<UInt64>.size)
            if size >= 0 { return true }
            guard errno == EINTR else { return false }
        }
    }
}
