import CLibZMQ

/// The process's libzmq: its I/O threads and the name space of `inproc` endpoints.
///
/// A process has one. The ZAP handler is found through the context, so an ``Authenticator`` and the
/// sockets it guards share it; that is no conflict with "one thread owns a socket", because a
/// context may be used from every thread. Several at once also end each other's random number
/// source in libzmq 4.3.4 builds on old kernels (fixed upstream by bcb659e0).
///
/// Every ``Socket`` keeps its context alive. When the last of them is gone the context terminates,
/// which waits no longer than the sockets' linger times, and those are always finite.
@safe package final class Context: Sendable {
    // It never changes, and libzmq documents the functions that take a context as thread-safe.
    nonisolated(unsafe) let pointer: UnsafeMutableRawPointer

    /// Starts libzmq.
    /// - Parameters:
    ///   - ioThreads: Threads that move bytes; libzmq's guide says one per gigabyte a second.
    ///   - maximumSockets: Sockets at a time, monitors and pairs included; peers do not count.
    /// - Throws: ``ZeroMQError`` when a count is below one or memory is short.
    package init(ioThreads: Int = 1, maximumSockets: Int = 1023) throws(ZeroMQError) {
        guard let threads = Int32(exactly: ioThreads), threads >= 1,
            let sockets = Int32(exactly: maximumSockets), sockets >= 1
        else {
            throw ZeroMQError(.invalidArgument, "context", "counts start at 1")
        }
        guard let pointer = unsafe zmq_ctx_new() else { throw ZeroMQError("context") }
        unsafe self.pointer = unsafe pointer
        // libzmq can refuse these only for values that the guard above excludes.
        _ = unsafe zmq_ctx_set(pointer, ZMQ_IO_THREADS, threads)
        _ = unsafe zmq_ctx_set(pointer, ZMQ_MAX_SOCKETS, sockets)
    }

    deinit {
        while unsafe zmq_ctx_term(pointer) == -1 && zmq_errno() == EINTR {}
    }

    /// Makes every operation on every socket fail with ``ZeroMQError/Code/contextTerminated``.
    ///
    /// For the end of the process: wakes threads that wait in ``Poller/poll(timeout:)``, which then
    /// close the sockets they own.
    package func shutdown() {
        _ = unsafe zmq_ctx_shutdown(pointer)
    }
}
