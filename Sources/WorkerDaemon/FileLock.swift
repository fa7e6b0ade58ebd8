import Glibc

/// A lock that only one process of a host has; it ends with this value, or with the process.
package struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock of the file at `path`, which is made when it is missing; nil while somebody
    /// else has it.
    package init?(_ path: String) throws(WorkerError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Keeps it for as long as the process lives.
    consuming func keep() { discard self }
}
