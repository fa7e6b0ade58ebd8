import CLinux
import Glibc

/// A file that is read or written in pieces.
struct LocalFile: ~Copyable {
    private let path: String
    private let descriptor: Int32

    init(reading path: String) throws(WorkerError) {
        self.path = path
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .system("open", path) }
    }

    init(writing path: String) throws(WorkerError) {
        self.path = path
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system("make", path) }
    }

    /// Opens what an earlier try left, or makes it.
    init(resuming path: String) throws(WorkerError) {
        self.path = path
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system("make", path) }
    }

    deinit { close(descriptor) }

    /// Leaves only the first `byteCount` bytes.
    func truncate(to byteCount: UInt64) throws(WorkerError) {
        guard ftruncate(descriptor, off_t(clamping: byteCount)) == 0 else {
            throw .system("cut", path)
        }
    }

    /// Makes what was written durable.
    func synchronize() throws(WorkerError) {
        guard fsync(descriptor) == 0 else { throw .system("make durable", path) }
    }

    /// Up to `count` bytes from `offset`; fewer only at the end.
    func read(count: Int, at offset: UInt64) throws(WorkerError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(
                    descriptor, buffer.baseAddress.map { unsafe $0 + done }, count - done,
                    off_t(offset) + off_t(done))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .system("read", path) }
            guard got > 0 else { break }
            done += got
        }
        bytes.removeLast(count - done)
        return bytes
    }

    /// The last `count` bytes; all when there are fewer.
    func suffix(_ count: Int) throws(WorkerError) -> [UInt8] {
        var facts = picoml_facts()
        guard unsafe picoml_look(descriptor, "", 0, &facts) == 0 else {
            throw .system("look at", path)
        }
        return try read(count: count, at: UInt64(max(0, facts.size - Int64(count))))
    }

    func write(_ bytes: [UInt8], at offset: UInt64) throws(WorkerError) {
        var done = 0
        while done < bytes.count {
            let put = unsafe bytes.withUnsafeBytes { buffer in
                unsafe pwrite(
                    descriptor, buffer.baseAddress.map { unsafe $0 + done }, bytes.count - done,
                    off_t(offset) + off_t(done))
            }
            if put < 0, errno == EINTR { continue }
            guard put > 0 else { throw .system("write to", path) }
            done += put
        }
    }
}

/// Small files with one text, and what is known of any file.
extension LocalFile {
    private static let textBytes = 4096

    /// All bytes of the file at `path`, or its first `limit`.
    static func bytes(of path: String, atMost limit: Int) throws(WorkerError) -> [UInt8] {
        let count = min(UInt64(limit), byteCount(of: path) ?? 0)
        return try LocalFile(reading: path).read(count: Int(count), at: 0)
    }

    /// The text of the file at `path`, as `write(_:to:)` left it.
    static func text(of path: String) throws(WorkerError) -> String {
        String(
            decoding: try LocalFile(reading: path).read(count: textBytes, at: 0), as: UTF8.self)
    }

    /// Makes the file at `path` with `bytes`, durable before it has its name.
    static func write(_ bytes: [UInt8], to path: String) throws(WorkerError) {
        let temporary = path + ".new"
        let file = try LocalFile(writing: temporary)
        try file.write(bytes, at: 0)
        try file.synchronize()
        guard unsafe rename(temporary, path) == 0 else { throw .system("rename", temporary) }
    }

    /// The length of the file at `path`; nil when there is none.
    static func byteCount(of path: String) -> UInt64? {
        var facts = stat()
        guard unsafe lstat(path, &facts) == 0 else { return nil }
        return UInt64(max(0, facts.st_size))
    }

    /// When the file at `path` was changed, in seconds since 1970; nil when there is none.
    static func time(of path: String) -> Int64? {
        var facts = stat()
        guard unsafe lstat(path, &facts) == 0 else { return nil }
        return Int64(facts.st_mtim.tv_sec)
    }
}
