import FoundationEssentials
import Glibc
import Hashing
import Synchronization
package import Vocabulary

/// Files by the hash of their content, received in parts.
///
/// A file is visible under its hash only after the hash was checked and the bytes are durable,
/// and never changes afterwards. No text of a client becomes part of a path.
package final class ArtifactStore: Sendable {
    /// What the sender of an artifact is to do next.
    package enum Progress: Hashable, Sendable {
        /// Send the bytes from `offset` on; earlier ones are here.
        case send(offset: UInt64)
        /// Nothing: all is here, checked and durable.
        case stored
    }

    private struct Uploads {
        var byDigest: [Digest: Upload] = [:]
        // Least recently used first.
        var order: [Digest] = []

        /// The upload of `digest`, which is the most recently used one then.
        mutating func use(_ digest: Digest) -> Upload? {
            guard let upload = byDigest[digest] else { return nil }
            order.removeAll { $0 == digest }
            order.append(digest)
            return upload
        }

        /// Ends the upload of `digest`, if there is one.
        mutating func close(_ digest: Digest) {
            byDigest.removeValue(forKey: digest)?.close()
            order.removeAll { $0 == digest }
        }
    }

    /// Uploads that are open at once; the one unused for longest is closed for another.
    package static let openUploads = 256

    private let root: String
    private let keepFree: UInt64
    private let uploads = Mutex(Uploads())

    /// The store in `folder`.
    ///
    /// - Parameters:
    ///   - folder: Where it lives.
    ///   - keepFree: Bytes of the disk that artifacts leave free, for the journal.
    /// - Throws: `StorageError` when its folders cannot be made.
    package init(_ folder: StateFolder, keepFree: UInt64 = 256 << 20) throws(StorageError) {
        root = folder.artifactsPath
        self.keepFree = keepFree
        try FileAccess.makeFolder(incoming)
    }

    private var incoming: String { root + "/incoming" }

    private func partPath(of digest: Digest) -> String { incoming + "/" + digest.description }

    /// The path of the stored artifact, for reading on this host; nothing is there before it is
    /// stored.
    package func path(of digest: Digest) -> String {
        let text = digest.description
        return "\(root)/\(text.prefix(2))/\(text.dropFirst(2).prefix(2))/\(text)"
    }

    /// The length of a stored artifact in bytes; nil when it is not stored.
    package func byteCount(of digest: Digest) throws(StorageError) -> UInt64? {
        try FileAccess.status(of: path(of: digest)).map { UInt64(max(0, $0.st_size)) }
    }

    /// Whether all bytes of the artifact are here, checked and durable.
    package func contains(_ digest: Digest) throws(StorageError) -> Bool {
        try byteCount(of: digest) != nil
    }

    /// Up to `count` bytes of a stored artifact from `offset`; fewer only at its end.
    ///
    /// - Throws: `StorageError.unknownArtifact` when it is not stored.
    package func read(
        _ digest: Digest, offset: UInt64, count: Int
    ) throws(StorageError) -> [UInt8] {
        guard let byteCount = try byteCount(of: digest) else { throw .unknownArtifact(digest) }
        guard offset < byteCount, count > 0 else { return [] }
        let file = try OpenFile(path(of: digest), O_RDONLY)
        return try file.read(
            count: Int(clamping: min(UInt64(count), byteCount - offset)), at: offset)
    }

    /// Starts or resumes an upload of `byteCount` bytes.
    ///
    /// - Throws: `StorageError.artifactTooLarge`, `.diskFull` when the bytes would not fit, or
    ///   what `write` throws when a resumed upload turns out to be complete.
    package func begin(
        _ digest: Digest, byteCount: UInt64
    ) throws(StorageError) -> Progress {
        guard byteCount <= Limits.artifactBytes else {
            throw .artifactTooLarge(digest, byteCount: byteCount)
        }
        if try touch(digest) { return .stored }
        let part = try FileAccess.status(of: partPath(of: digest))
        let present = min(UInt64(max(0, part?.st_size ?? 0)), byteCount)
        let free = FileAccess.freeBytes(at: root)
        guard free >= byteCount - present + keepFree else {
            throw .diskFull(path: root, freeBytes: free)
        }
        let upload = open(digest, byteCount: byteCount)
        guard let offset = try upload.resume(byteCount: byteCount) else {
            // Another uploader of the same bytes may have ended it in between.
            if try contains(digest) { return .stored }
            throw .noUpload(digest)
        }
        return try progress(of: upload, offset: offset)
    }

    /// Takes the bytes at `offset` of an upload that `begin` has started.
    ///
    /// Bytes that are here already are skipped. With the last byte the hash is checked and the
    /// artifact becomes visible and durable.
    ///
    /// - Throws: `StorageError.noUpload`, `.wrongLength` for bytes beyond the end, `.wrongHash`
    ///   (the bytes are gone and the upload has ended), `.diskFull` (may be tried again).
    package func write(
        _ digest: Digest, offset: UInt64, bytes: [UInt8]
    ) throws(StorageError) -> Progress {
        guard let upload = uploads.withLock({ $0.use(digest) }),
            let received = try upload.append(bytes, at: offset)
        else {
            if try contains(digest) { return .stored }
            throw .noUpload(digest)
        }
        return try progress(of: upload, offset: received)
    }

    /// Stores bytes that are all at hand.
    package func store(_ bytes: [UInt8]) throws(StorageError) -> Digest {
        let digest = Digest.of(bytes)
        var progress = try begin(digest, byteCount: UInt64(bytes.count))
        while case .send(let offset) = progress {
            let rest = bytes[Int(offset)...].prefix(Limits.artifactChunkBytes)
            progress = try write(digest, offset: offset, bytes: Array(rest))
        }
        return digest
    }

    /// Removes the parts of uploads that nobody went on with since `time`, in seconds since
    /// 1970, and returns how many there were.
    package func removeLeftovers(untouchedSince time: Int64) throws(StorageError) -> Int {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: incoming)
        } catch {
            throw .inputOutput(path: incoming, operation: "list", reason: "\(error)")
        }
        var removed = 0
        for name in names.sorted() {
            let path = incoming + "/" + name
            guard let facts = try FileAccess.status(of: path), facts.st_mtim.tv_sec < time else {
                continue
            }
            if let digest = Digest(text: name) { close(digest) }
            try FileAccess.remove(path)
            removed += 1
        }
        return removed
    }

    /// Removes an artifact that nobody offered since `time`, in seconds since 1970; whether it was
    /// there and is gone.
    ///
    /// The caller knows that nothing refers to it. One that was offered lately stays: its sender
    /// was told that it is stored, and is about to refer to it.
    package func remove(
        _ digest: Digest, unofferedSince time: Int64
    ) throws(StorageError) -> Bool {
        // No offer comes between the look and the removal.
        try uploads.withLock { _ throws(StorageError) in
            let path = path(of: digest)
            guard let facts = try FileAccess.status(of: path), facts.st_mtim.tv_sec < time else {
                return false
            }
            try FileAccess.remove(path)
            return true
        }
    }

    /// Whether the artifact is stored; if so, it was offered now.
    private func touch(_ digest: Digest) throws(StorageError) -> Bool {
        try uploads.withLock { _ throws(StorageError) in
            guard try contains(digest) else { return false }
            // A time that cannot be set shortens the protection from `remove`, and no more.
            _ = unsafe utimensat(AT_FDCWD, path(of: digest), nil, 0)
            return true
        }
    }

    private func progress(of upload: Upload, offset: UInt64) throws(StorageError) -> Progress {
        guard upload.isComplete else {
            return try contains(upload.digest) ? .stored : .send(offset: offset)
        }
        defer { close(upload.digest) }
        try upload.finish(as: path(of: upload.digest))
        return .stored
    }

    private func open(_ digest: Digest, byteCount: UInt64) -> Upload {
        uploads.withLock { uploads in
            if let upload = uploads.use(digest) { return upload }
            if uploads.order.count >= Self.openUploads { uploads.close(uploads.order[0]) }
            let upload = Upload(digest, path: partPath(of: digest), byteCount: byteCount)
            uploads.byDigest[digest] = upload
            uploads.order.append(digest)
            return upload
        }
    }

    private func close(_ digest: Digest) { uploads.withLock { $0.close(digest) } }
}
