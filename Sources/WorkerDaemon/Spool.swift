import FoundationEssentials
import Glibc
import Vocabulary
import Wire

/// Results on the worker's disk until the coordinator has acknowledged them.
///
/// Entries are only appended; the file is written anew when it is long and emptied when nothing
/// waits. A result that was acknowledged and is still found after a restart does no harm: it is
/// sent again and acknowledged again. Bytes are handed to the kernel at once, so they outlive
/// the process; they are synchronised to the disk while the coordinator is away, when this copy
/// is the only one.
struct Spool: ~Copyable {
    private let path: String
    private var descriptor: Int32
    private var waiting: [AttemptID: [UInt8]]
    private var length = 0

    /// Length in bytes after which the file is written anew.
    private static let compactLength = 1 << 20

    /// Results that waited in the file when it was opened.
    let unacknowledged: [AttemptResult]

    /// Opens the spool at `path`, which is made when it is missing.
    init(_ path: String) throws(WorkerError) {
        let bytes = FileManager.default.contents(atPath: path).map { Array($0) } ?? []
        let descriptor = try Self.open(path, replacing: false)
        var results: [AttemptID: AttemptResult] = [:]
        var waiting: [AttemptID: [UInt8]] = [:]
        for entry in SpoolCodec.decode(bytes).entries {
            results[entry.result.attempt] = entry.result
            waiting[entry.result.attempt] = SpoolCodec.encode(entry)
        }
        unacknowledged = results.values.sorted { $0.attempt < $1.attempt }
        self.path = path
        self.waiting = waiting
        self.descriptor = descriptor
        length = bytes.count
    }

    deinit { close(descriptor) }

    /// Keeps results; those of `isAlone` are on the disk when this returns.
    mutating func append(_ results: [AttemptResult], isAlone: Bool) throws(WorkerError) {
        var bytes: [UInt8] = []
        for result in results {
            let entry = SpoolCodec.encode(SpoolEntry(result: result, directory: ""))
            waiting[result.attempt] = entry
            bytes += entry
        }
        try write(bytes)
        if isAlone, fdatasync(descriptor) != 0 { throw .system("synchronise", path) }
    }

    /// Forgets a result.
    mutating func settle(_ attempts: [AttemptID]) throws(WorkerError) {
        for attempt in attempts { waiting[attempt] = nil }
        if waiting.isEmpty, length > 0 {
            guard ftruncate(descriptor, 0) == 0 else { throw .system("empty", path) }
            length = 0
        } else if length > Self.compactLength {
            try rewrite()
        }
    }

    /// Replaces the file by one with just what waits; either file is there after a crash.
    private mutating func rewrite() throws(WorkerError) {
        let fresh = try Self.open(path + ".new", replacing: true)
        close(descriptor)
        descriptor = fresh
        length = 0
        let attempts = waiting.keys.sorted()
        try write(attempts.flatMap { waiting[$0] ?? [] })
        guard fdatasync(descriptor) == 0, unsafe rename(path + ".new", path) == 0 else {
            throw .system("replace", path)
        }
    }

    private static func open(_ path: String, replacing: Bool) throws(WorkerError) -> Int32 {
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (replacing ? O_TRUNC : 0)
        let descriptor = unsafe Glibc.open(path, flags, 0o600)
        guard descriptor >= 0 else { throw .system("open", path) }
        return descriptor
    }

    private mutating func write(_ bytes: [UInt8]) throws(WorkerError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system("write to", path) }
            done += count
        }
        length += done
    }
}
