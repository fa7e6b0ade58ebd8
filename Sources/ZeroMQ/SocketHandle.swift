import CLibZMQ
import Glibc

/// A libzmq socket that is closed exactly once.
///
/// A class, so that a ``Poller`` or a ``Monitor`` that outlives its ``Socket`` finds it closed
/// instead of using freed memory. Not Sendable: all of them live on one thread.
@safe final class SocketHandle {
    /// Nil once closed.
    private(set) var pointer: UnsafeMutableRawPointer?
    // Terminating a context waits for its sockets, so a socket must not outlive it.
    private let context: Context

    init(_ type: Int32, in context: Context) throws(ZeroMQError) {
        guard let pointer = unsafe zmq_socket(context.pointer, type) else {
            throw ZeroMQError("open a socket")
        }
        unsafe self.pointer = unsafe pointer
        self.context = context
        // First of all, because the default of libzmq makes the context wait for ever.
        try set(ZMQ_LINGER, 0, "linger")
    }

    deinit { close() }

    func close() {
        guard let open = unsafe pointer else { return }
        stopMonitor()
        _ = unsafe zmq_close(open)
        unsafe pointer = nil
    }

    /// Ends the reports to a ``Monitor``, before the socket or the monitor goes.
    ///
    /// libzmq's I/O thread would wait for ever to report an event that nobody reads.
    func stopMonitor() {
        guard let open = unsafe pointer else { return }
        _ = unsafe zmq_socket_monitor(open, nil, 0)
    }

    func set(_ option: Int32, _ value: Int32, _ name: String) throws(ZeroMQError) {
        let status = unsafe withUnsafeBytes(of: value) { unsafe set(option, $0) }
        guard status == 0 else { throw ZeroMQError("set \(name)") }
    }

    func set(_ option: Int32, wide value: Int64, _ name: String) throws(ZeroMQError) {
        let status = unsafe withUnsafeBytes(of: value) { unsafe set(option, $0) }
        guard status == 0 else { throw ZeroMQError("set \(name)") }
    }

    func set(_ option: Int32, _ text: String, _ name: String) throws(ZeroMQError) {
        let status = unsafe Array(text.utf8).withUnsafeBytes { unsafe set(option, $0) }
        guard status == 0 else { throw ZeroMQError("set \(name)") }
    }

    func set(_ option: Int32, _ secret: CurveSecretKey, _ name: String) throws(ZeroMQError) {
        let status = unsafe secret.withText { unsafe set(option, $0) }
        guard status == 0 else { throw ZeroMQError("set \(name)") }
    }

    private func set(_ option: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        unsafe zmq_setsockopt(pointer, option, bytes.baseAddress, bytes.count)
    }

    /// Runs a libzmq call that takes an endpoint, again while signals interrupt it.
    func call(
        _ name: String, _ endpoint: String,
        _ function: (UnsafeMutableRawPointer?, UnsafePointer<CChar>?) -> Int32
    ) throws(ZeroMQError) {
        // C would silently use the part before it.
        guard !endpoint.utf8.contains(0) else {
            throw ZeroMQError(.invalidArgument, name, "the endpoint contains a zero byte")
        }
        while unsafe endpoint.withCString({ unsafe function(pointer, $0) }) == -1 {
            let number = zmq_errno()
            guard number == EINTR else {
                throw ZeroMQError("\(name) \(endpoint)", errorNumber: number)
            }
        }
    }
}
