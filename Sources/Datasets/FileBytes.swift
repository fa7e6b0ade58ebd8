import Glibc

/// Reads and writes whole files through system calls, with a limit.
package enum FileBytes {
    /// The bytes of the regular file at `path`, at most `limit` of them.
    ///
    /// Throws one ``FileProblem`` with what a person can do about it.
    package static func read(_ path: String, limit: Int) throws(FileProblem) -> [UInt8] {
        // Without waiting: a pipe that nobody writes to is refused below, not waited for.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileProblem("cannot be opened", errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw FileProblem("cannot be examined", errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileProblem(message: "is not a regular file", isMissing: false)
        }
        guard status.st_size <= limit else {
            throw FileProblem(
                message: "has \(status.st_size) bytes; at most \(limit) are read",
                isMissing: false)
        }
        // A file that shrinks or grows while it is read ends where its size was.
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) {
            buffer, count in
            while count < buffer.count {
                let rest = unsafe UnsafeMutableBufferPointer(rebasing: buffer[count...])
                let taken = unsafe Glibc.read(descriptor, rest.baseAddress, rest.count)
                if taken > 0 {
                    count += taken
                } else if taken == 0 {
                    break
                } else if errno != EINTR {
                    failure = errno
                    break
                }
            }
        }
        guard failure == 0 else { throw FileProblem("cannot be read", failure) }
        return bytes
    }

    /// Replaces the file at `path` by `bytes`; the folder must exist.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileProblem) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileProblem("cannot be created", errno) }
        defer { close(descriptor) }
        var offset = 0
        while offset < bytes.count {
            let sent = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset...])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if sent >= 0 {
                offset += sent
            } else if errno != EINTR {
                throw FileProblem("cannot be written", errno)
            }
        }
    }

    /// Makes the folder at `path`; one that exists already is fine.
    package static func makeFolder(_ path: String) throws(FileProblem) {
        guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw FileProblem("cannot be created", errno)
        }
    }
}

/// Why a file could not be read or written: a phrase that follows the file's name.
package struct FileProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, as in `cannot be opened: Permission denied`.
    package let message: String
    /// Whether there is nothing under that name.
    package let isMissing: Bool

    /// The message.
    package var description: String { message }

    init(message: String, isMissing: Bool) {
        self.message = message
        self.isMissing = isMissing
    }

    init(_ message: String, _ number: Int32) {
        let reason = unsafe strerror(number).map { unsafe String(cString: $0) }
        self.message = "\(message): \(reason ?? "error \(number)")"
        isMissing = number == ENOENT
    }
}
