/// What a worker asks on the artifact socket, and of other workers, which know only `fetch`.
package enum ArtifactRequest: Hashable, Sendable {
    /// Wants to store `byteCount` bytes with this hash; the answer says from where to send.
    case offer(Digest, byteCount: UInt64)
    /// Bytes of an offered artifact at `offset`, at most `Limits.artifactChunkBytes`.
    case chunk(Digest, offset: UInt64, bytes: [UInt8])
    /// Wants up to `byteCount` bytes from `offset`, at most `Limits.artifactChunkBytes`.
    case fetch(Digest, offset: UInt64, byteCount: UInt32)
    /// Says what it has of a data set, and asks where to get more.
    case want(DataWant)
    /// Says that other workers may fetch chunks of data sets from it.
    case share(DataShare)
}

/// What the coordinator answers on the artifact socket, and workers that are asked for chunks.
package enum ArtifactReply: Hashable, Sendable {
    /// Send chunks from `offset` on; earlier ones are already here.
    case send(Digest, offset: UInt64)
    /// All bytes are here, their hash was checked and they are durable.
    case stored(Digest)
    /// Bytes at `offset` of an artifact of `byteCount` bytes.
    case bytes(Digest, offset: UInt64, byteCount: UInt64, bytes: [UInt8])
    /// The request cannot be met: unknown digest, wrong hash, no space.
    case refused(Digest, reason: String)
    /// Where to get chunks of a data set.
    case orders(DataOrders)
    /// Workers may fetch chunks from the receiver with these CURVE public keys.
    case guests([String])
}
