import Glibc
import Hashing
import Vocabulary

/// The two directions of a transfer: what is asked and answered, chunk by chunk.
///
/// A window of chunks is under way at once (ZeroMQ guide, chapter 7: credit-based flow control),
/// and both directions resume where the other side already is.
struct TransferFiles: Sendable {
    let folder: WorkerFolder
    // A chunk that a slow link does not carry while a connection waits for its answer would be sent
    // again and again for nothing.
    private var sentBytes = Limits.artifactChunkBytes

    private static let smallest = 16 * 1024
    private static let window = UInt64(Limits.artifactWindowChunks * Limits.artifactChunkBytes)

    init(folder: WorkerFolder) { self.folder = folder }

    /// Sends less at once after a connection was of no use.
    mutating func narrow() { sentBytes = max(Self.smallest, sentBytes / 2) }

    /// Sends more at once after a transfer.
    mutating func widen() { sentBytes = min(Limits.artifactChunkBytes, sentBytes * 2) }

    /// Notes that an artifact is used now; false when it is not here.
    func use(_ digest: Digest) -> Bool {
        unsafe utimensat(AT_FDCWD, folder.cachePath(of: digest), nil, 0) == 0
    }

    /// The manifest of a data set, which is here.
    func manifest(of data: DataSet) throws(Transfer.Problem) -> DataManifest {
        let bytes = try local { () throws(WorkerError) in
            try LocalFile.bytes(
                of: folder.cachePath(of: data.digest), atMost: Limits.manifestBytes)
        }
        do throws(DataManifest.Problem) {
            let manifest = try DataManifest(bytes: bytes)
            guard manifest.payload == data.payload, manifest.byteCount == data.byteCount else {
                throw DataManifest.Problem(description: "it lists other bytes")
            }
            return manifest
        } catch {
            throw .refused("the manifest of the data set \(data.name) is of no use: \(error)")
        }
    }

    /// Stores a file on the coordinator.
    func upload(
        _ artifact: Artifact, of attempt: AttemptID, over connection: inout ArtifactConnection
    ) throws(Transfer.Problem) {
        let path = TrialFile.keptPath(of: artifact.digest, in: folder.trialPath(of: attempt))
        let file = try local { () throws(WorkerError) in try LocalFile(reading: path) }
        try connection.send(.offer(artifact.digest, byteCount: artifact.byteCount))
        let window = UInt64(Limits.artifactWindowChunks * sentBytes)
        var sent: UInt64 = 0
        while case .send(_, let received) = try connection.answer(about: artifact.digest) {
            sent = max(sent, received)
            repeat {
                let place = sent
                let bytes = try local { () throws(WorkerError) in
                    try file.read(count: sentBytes, at: place)
                }
                if bytes.isEmpty, sent < artifact.byteCount {
                    throw .local(WorkerError("\(path) is shorter than it was"))
                }
                // An empty artifact is one empty chunk.
                guard !bytes.isEmpty || artifact.byteCount == 0 else { break }
                try connection.send(
                    .chunk(artifact.digest, offset: sent, bytes: bytes))
                sent += UInt64(bytes.count)
            } while sent < min(received + window, artifact.byteCount)
        }
    }

    /// Brings an artifact here; it is visible in the cache only when its hash was checked.
    ///
    /// What an earlier try left of it is not fetched again.
    func fetch(
        _ digest: Digest, over connection: inout ArtifactConnection
    ) throws(Transfer.Problem) {
        let path = folder.cachePath(of: digest)
        let temporary = path + ".part"
        let file = try local { () throws(WorkerError) in try LocalFile(resuming: temporary) }
        var hasher = SHA256()
        let chunk = UInt64(Limits.artifactChunkBytes)
        var received = try resume(file, &hasher)
        var asked = received
        // Not known before the first answer, which may be that there is nothing more.
        var total = received + chunk
        repeat {
            while asked < min(received + Self.window, total) {
                try connection.send(
                    .fetch(digest, offset: asked, byteCount: UInt32(chunk)))
                asked += chunk
            }
            guard
                case .bytes(_, let offset, let byteCount, let bytes) =
                    try connection.answer(about: digest), offset == received,
                byteCount == received || !bytes.isEmpty
            else { throw .broken("the coordinator sent other bytes than it was asked for") }
            let place = received
            try local { () throws(WorkerError) in try file.write(bytes, at: place) }
            hasher.update(bytes)
            received += UInt64(bytes.count)
            total = byteCount
        } while received < total
        guard hasher.finalize() == digest else {
            // What is wrong in it is not known: the next try starts afresh.
            unsafe unlink(temporary)
            throw .refused("the bytes that came for artifact \(digest) have another hash")
        }
        guard unsafe rename(temporary, path) == 0 else {
            throw .local(.system("rename", temporary))
        }
    }

    /// Hashes the whole chunks of an earlier try, and returns how many bytes those are.
    private func resume(
        _ file: borrowing LocalFile, _ hasher: inout SHA256
    ) throws(Transfer.Problem) -> UInt64 {
        var present: UInt64 = 0
        do throws(WorkerError) {
            while case let bytes = try file.read(count: Limits.artifactChunkBytes, at: present),
                bytes.count == Limits.artifactChunkBytes
            {
                hasher.update(bytes)
                present += UInt64(bytes.count)
            }
            try file.truncate(to: present)
        } catch {
            throw .local(error)
        }
        return present
    }

    private func local<Value: ~Copyable>(
        _ body: () throws(WorkerError) -> Value
    ) throws(Transfer.Problem) -> Value {
        do throws(WorkerError) { return try body() } catch { throw .local(error) }
    }
}
