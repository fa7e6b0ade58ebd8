import CLinux
import Glibc
import Synchronization

/// A thread of its own for work that blocks, such as a loop around a ``Poller``.
///
/// Swift's tasks must not block and may change threads, and a ZeroMQ socket may do neither. Signals
/// are blocked in the thread, so that handlers run elsewhere.
package final class DedicatedThread: Sendable {
    private let thread: Mutex<pthread_t?>

    /// Starts a thread that owns `value` from now on, such as the sockets of a loop.
    ///
    /// - Parameters:
    ///   - name: Shown by `top -H`; Linux keeps 15 bytes.
    ///   - value: What the thread takes over.
    ///   - body: Runs once, on the new thread.
    /// - Throws: ``ZeroMQError`` when the system has no thread left.
    package init<Value: ~Copyable>(
        named name: String, owning value: consuming sending Value,
        body: @escaping @Sendable (consuming sending Value) -> Void
    ) throws(ZeroMQError) {
        let parcel = Parcel(value)
        let start = Start {
            _ = unsafe picoml_set_thread_name(name)
            if let value = parcel.open() { body(value) }
        }
        thread = Mutex(try Self.launch(start))
    }

    /// Starts a thread that owns nothing.
    package convenience init(
        named name: String, body: @escaping @Sendable () -> Void
    ) throws(ZeroMQError) {
        try self.init(named: name, owning: ()) { _ in body() }
    }

    deinit {
        thread.withLock { thread in
            if let thread { pthread_detach(thread) }
        }
    }

    /// Waits until the body has returned; again does nothing.
    ///
    /// Not for the thread itself.
    package func join() {
        let thread = thread.withLock { $0.take() }
        if let thread { pthread_join(thread, nil) }
    }

    private static func launch(_ start: Start) throws(ZeroMQError) -> pthread_t {
        // A thread inherits the mask of its maker, so nothing slips in before it could set its own.
        var blocked = sigset_t()
        var former = sigset_t()
        unsafe sigfillset(&blocked)
        // Faults are for the crash reporter, in whichever thread they happen.
        for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP] {
            unsafe sigdelset(&blocked, fault)
        }
        unsafe pthread_sigmask(SIG_SETMASK, &blocked, &former)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &former, nil) }

        var thread = pthread_t()
        let argument = unsafe Unmanaged.passRetained(start)
        let status = unsafe pthread_create(
            &thread, nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
                }
                return nil
            }, argument.toOpaque())
        guard status == 0 else {
            unsafe argument.release()
            throw ZeroMQError("start a thread", errorNumber: status)
        }
        return thread
    }
}

/// What the C entry point is handed.
private final class Start: Sendable {
    let body: @Sendable () -> Void

    init(body: @escaping @Sendable () -> Void) { self.body = body }
}

/// A value on its way to another thread.
private final class Parcel<Value: ~Copyable>: Sendable {
    private let value: Mutex<Value?>

    init(_ value: consuming sending Value) { self.value = Mutex(value) }

    func open() -> sending Value? { value.withLock { $0.take() } }
}
