import CLibZMQ
import Glibc

/// What went wrong in libzmq or in a system call beside it.
package struct ZeroMQError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of failure that callers tell apart.
    package enum Code: Equatable, Sendable {
        /// Another process, or another socket of this one, listens on the address.
        case addressInUse
        /// No interface of this host has the address, or its name does not resolve.
        case addressNotAvailable
        /// The context was shut down: the owner of the socket should close it and end.
        case contextTerminated
        /// An option or an endpoint has a value that libzmq does not take.
        case invalidArgument
        /// Text that should be a CURVE key is not 40 characters of Z85.
        case malformedKey
        /// A frame to be sent is larger than the socket's own limit.
        case messageTooLarge
        /// The endpoint to leave was never bound or connected.
        case noSuchEndpoint
        /// The operating system forbids it, as with ports below 1024.
        case permissionDenied
        /// The process or the context has no descriptor or socket left.
        case tooManyOpenFiles
        /// The installed libzmq lacks what this program relies on.
        case unsupportedLibrary
        /// Anything else; see ``ZeroMQError/errorNumber``.
        case other
    }

    /// The kind of failure.
    package let code: Code
    /// The `errno` behind the failure; 0 when it was found before any call.
    package let errorNumber: Int32
    /// What was attempted, as in `bind tcp://127.0.0.1:5555`.
    package let operation: String
    /// What a person can do about it.
    package let message: String

    /// One line: the operation, the advice and the number.
    package var description: String {
        let number = errorNumber == 0 ? "" : " (errno \(errorNumber))"
        return "\(operation): \(message)\(number)"
    }

    init(_ code: Code, _ operation: String, _ message: String) {
        self.code = code
        self.errorNumber = 0
        self.operation = operation
        self.message = message
    }

    /// Describes an `errno`, by default the one that libzmq just left in this thread.
    init(_ operation: String, errorNumber: Int32 = zmq_errno()) {
        let (code, message) = Self.explain(errorNumber)
        self.code = code
        self.errorNumber = errorNumber
        self.operation = operation
        self.message = message
    }

    private static func explain(_ number: Int32) -> (Code, String) {
        switch number {
        case EADDRINUSE:
            (.addressInUse, "something already listens there; stop it or choose another port")
        case EADDRNOTAVAIL, ENODEV:
            (.addressNotAvailable, "this host has no such address; check the name or interface")
        case ETERM:
            (.contextTerminated, "the process is shutting its sockets down")
        case EINVAL, EPROTONOSUPPORT, ENOCOMPATPROTO, ENAMETOOLONG:
            (.invalidArgument, "not accepted by libzmq; an endpoint looks like tcp://HOST:PORT")
        case ENOENT:
            (.noSuchEndpoint, "this socket is not bound or connected to that endpoint")
        case EACCES, EPERM:
            (.permissionDenied, "not permitted; choose a port above 1023 or a writable path")
        case EMFILE, ENFILE:
            (.tooManyOpenFiles, "out of file descriptors; raise the limit (LimitNOFILE)")
        default:
            (.other, unsafe String(cString: zmq_strerror(number)))
        }
    }
}
