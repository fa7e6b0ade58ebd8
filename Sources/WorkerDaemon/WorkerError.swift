import Glibc

/// Why a worker cannot do something; `description` says what to do about it.
package struct WorkerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package let description: String

    init(_ description: String) { self.description = description }

    /// The call on `path` that failed last.
    static func system(_ operation: String, _ path: String) -> WorkerError {
        let number = errno
        return WorkerError(
            "cannot \(operation) \(path): \(unsafe String(cString: strerror(number)))")
    }
}
