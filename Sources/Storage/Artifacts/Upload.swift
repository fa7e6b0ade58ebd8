import Glibc
import Hashing
import Synchronization
import Vocabulary

/// One artifact on its way in: bytes are appended in order and hashed as they come.
///
/// Everyone who uploads the same artifact shares one of these, so the same bytes arrive once.
final class Upload: Sendable {
    private struct State: ~Copyable {
        var byteCount: UInt64
        var received: UInt64 = 0
        var file: OpenFile?
        var hasher: SHA256?
        var isClosed = false
    }

    let digest: Digest
    /// Where the bytes are collected.
    let path: String
    private let state: Mutex<State>

    /// An upload of `byteCount` bytes; the file is opened with the first call.
    init(_ digest: Digest, path: String, byteCount: UInt64) {
        self.digest = digest
        self.path = path
        state = Mutex(State(byteCount: byteCount))
    }

    /// How many bytes are here, including those of earlier processes; nil when it was closed.
    ///
    /// It starts again when `byteCount` is not what was said before.
    func resume(byteCount: UInt64) throws(StorageError) -> UInt64? {
        try state.withLock { state throws(StorageError) in
            guard !state.isClosed else { return nil }
            if state.byteCount != byteCount {
                state.byteCount = byteCount
                state.file = nil
            }
            if state.file == nil { try Self.open(&state, path) }
            return state.received
        }
    }

    /// Appends what is new of `bytes`, which belong at `offset`.
    ///
    /// A gap before `offset` leaves all as it was. The result is how many bytes are here then; nil
    /// when the upload was closed.
    func append(_ bytes: [UInt8], at offset: UInt64) throws(StorageError) -> UInt64? {
        try state.withLock { state throws(StorageError) in
            guard !state.isClosed, state.hasher != nil else { return nil }
            let (end, overflow) = offset.addingReportingOverflow(UInt64(bytes.count))
            guard !overflow, end <= state.byteCount else {
                throw .wrongLength(
                    digest, expected: state.byteCount, actual: overflow ? .max : end)
            }
            guard offset <= state.received, end > state.received else { return state.received }
            let new = Array(bytes.dropFirst(Int(state.received - offset)))
            do throws(StorageError) {
                try state.file?.write(new, at: state.received)
            } catch {
                try state.file?.truncate(to: state.received)
                throw error
            }
            state.hasher?.update(new)
            state.received = end
            return end
        }
    }

    /// Whether all bytes are here.
    var isComplete: Bool {
        state.withLock { !$0.isClosed && $0.file != nil && $0.received == $0.byteCount }
    }

    /// Checks the hash, makes the bytes durable and gives the file the name `target`.
    ///
    /// The upload is closed then. Whatever fails, the collected bytes are removed, so that the next
    /// upload starts afresh: after a failed fsync nobody knows what is on the disk.
    func finish(as target: String) throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            guard !state.isClosed, let hasher = state.hasher.take() else { return }
            state.isClosed = true
            do throws(StorageError) {
                let actual = hasher.finalize()
                guard actual == digest else {
                    throw .wrongHash(expected: digest, actual: actual)
                }
                try state.file?.synchronize()
                try FileAccess.makeFolder(FileAccess.parent(of: target))
                try FileAccess.rename(path, to: target)
            } catch {
                try FileAccess.remove(path)
                throw error
            }
            state.file = nil
        }
    }

    /// Closes the file; its bytes stay for a later upload to resume from.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.file = nil
        }
    }

    private static func open(_ state: inout State, _ path: String) throws(StorageError) {
        let chunkBytes = Limits.artifactChunkBytes
        let file = try OpenFile(path, O_RDWR | O_CREAT)
        var hasher = SHA256()
        var received: UInt64 = 0
        if try file.byteCount() > state.byteCount { try file.truncate(to: 0) }
        while true {
            let bytes = try file.read(count: chunkBytes, at: received)
            hasher.update(bytes)
            received += UInt64(bytes.count)
            guard bytes.count == chunkBytes else { break }
        }
        state.received = received
        state.hasher = consume hasher
        state.file = consume file
    }
}
