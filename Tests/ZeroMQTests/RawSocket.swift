import CLibZMQ
import Testing
import ZeroMQ

/// A socket of bare libzmq in its own context, for what ``Socket`` does not allow.
@safe final class RawSocket {
    private let context: UnsafeMutableRawPointer?
    private let socket: UnsafeMutableRawPointer?

    init(_ type: Int32) {
        unsafe context = unsafe zmq_ctx_new()
        unsafe socket = unsafe zmq_socket(context, type)
        set(ZMQ_LINGER, 0)
    }

    deinit {
        unsafe zmq_close(socket)
        unsafe zmq_ctx_term(context)
    }

    func set(_ option: Int32, _ value: Int32) {
        let status = unsafe withUnsafeBytes(of: value) {
            unsafe zmq_setsockopt(socket, option, $0.baseAddress, $0.count)
        }
        #expect(status == 0)
    }

    func set(_ option: Int32, _ value: [UInt8]) {
        let status = unsafe zmq_setsockopt(socket, option, value, value.count)
        #expect(status == 0)
    }

    func bind(_ endpoint: String) -> String {
        let status = unsafe zmq_bind(socket, endpoint)
        #expect(status == 0)
        var text = [CChar](repeating: 0, count: 256)
        var size = text.count
        unsafe zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, &text, &size)
        let bytes = text.prefix(size - 1).map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    func connect(_ endpoint: String) {
        let status = unsafe zmq_connect(socket, endpoint)
        #expect(status == 0)
    }

    func send(_ text: String) {
        let status = unsafe zmq_send(socket, text, text.utf8.count, ZMQ_DONTWAIT)
        #expect(status == text.utf8.count)
    }

    /// The last frame of the next message.
    func receiveLast() throws -> [UInt8] {
        try eventually("a message") {
            var frame: [UInt8]?
            var buffer = [UInt8](repeating: 0, count: 1000)
            while true {
                let size = unsafe zmq_recv(socket, &buffer, buffer.count, ZMQ_DONTWAIT)
                guard size >= 0 else { return frame }
                frame = Array(buffer.prefix(Int(size)))
            }
        }
    }
}
