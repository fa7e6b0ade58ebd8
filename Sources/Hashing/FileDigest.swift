import Glibc
package import Vocabulary

extension Digest {
    /// Bytes read at once.
    private static let chunkBytes = 256 * 1024

    /// The SHA-256 and the length of the file at `path`, read in chunks of constant size.
    package static func ofFile(
        _ path: String
    ) throws(HashingError) -> (digest: Digest, byteCount: UInt64) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        var hasher = SHA256()
        var byteCount: UInt64 = 0
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path) }
            guard count > 0 else { break }
            hasher.update(chunk.span.extracting(first: count))
            byteCount += UInt64(count)
        }
        return (hasher.finalize(), byteCount)
    }

    private static func unreadable(_ path: String) -> HashingError {
        let reason = unsafe String(cString: strerror(errno))
        return .unreadable(path: path, reason: reason)
    }
}
