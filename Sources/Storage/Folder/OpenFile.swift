import Glibc

/// A file descriptor with one owner, closed with it.
struct OpenFile: ~Copyable, Sendable {
    let path: String
    private let descriptor: Int32

    /// Opens `path`; a symbolic link in its last place is refused.
    init(_ path: String, _ flags: Int32, mode: mode_t = 0o600) throws(StorageError) {
        self.path = path
        descriptor = unsafe open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw FileAccess.failure("open", path) }
    }

    deinit { close(descriptor) }

    /// The length in bytes.
    func byteCount() throws(StorageError) -> UInt64 {
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0 else { throw failure("look at") }
        return UInt64(max(0, facts.st_size))
    }

    /// The permission bits.
    func mode() throws(StorageError) -> UInt32 {
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0 else { throw failure("look at") }
        return facts.st_mode & 0o7777
    }

    /// Writes all of `bytes` at `offset`.
    func write(_ bytes: [UInt8], at offset: UInt64 = 0) throws(StorageError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
                return unsafe pwrite(
                    descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write to") }
            done += count
        }
    }

    /// Up to `count` bytes from `offset`; fewer only at the end of the file.
    func read(count: Int, at offset: UInt64 = 0) throws(StorageError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                return unsafe pread(
                    descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw failure("read") }
            guard got > 0 else { break }
            done += got
        }
        bytes.removeLast(count - done)
        return bytes
    }

    /// Cuts the file to `byteCount` bytes.
    func truncate(to byteCount: UInt64) throws(StorageError) {
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else { throw failure("cut") }
    }

    /// Waits until contents and length are on the disk.
    func synchronize() throws(StorageError) {
        guard fsync(descriptor) == 0 else { throw failure("fsync") }
    }

    /// Takes the exclusive advisory lock without waiting; false when another holder has it.
    func tryLock() throws(StorageError) -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw failure("lock") }
        return false
    }

    private func failure(_ operation: String) -> StorageError {
        FileAccess.failure(operation, path)
    }
}
