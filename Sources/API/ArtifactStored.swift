package import Vocabulary

/// The bytes of an artifact are stored, verified and durable.
package struct ArtifactStored: Hashable, Sendable, Codable {
    /// Their SHA-256.
    package var digest: Digest
    /// How many there are.
    package var byteCount: UInt64

    /// Says that `digest` is stored.
    package init(digest: Digest, byteCount: UInt64) {
        self.digest = digest
        self.byteCount = byteCount
    }
}
