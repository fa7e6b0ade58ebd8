import Glibc

/// A lock that only one process of a host has, or, where it is shared, all that ask for it so; it
/// ends with this value, or with the process.
package struct FileLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Takes the lock of the file at `path`, which is made when it is missing; nil while somebody
    /// else has it.
    package init?(_ path: String, isShared: Bool = false) throws(WorkerError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system("open", path) }
        guard flock(descriptor, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Keeps it for as long as the process lives.
    consuming func keep() { discard self }
}
