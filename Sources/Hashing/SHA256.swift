import CSodium
package import Vocabulary

/// SHA-256 of bytes that arrive in parts (FIPS 180-4).
@safe package struct SHA256: ~Copyable {
    private var state: crypto_hash_sha256_state

    /// The hash of nothing so far.
    package init() {
        state = crypto_hash_sha256_state()
        _ = unsafe crypto_hash_sha256_init(&state)
    }

    /// Appends `bytes`.
    package mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            _ = unsafe crypto_hash_sha256_update(
                &state, buffer.baseAddress, UInt64(buffer.count))
        }
    }

    /// Appends `bytes`.
    package mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

    /// The hash of everything appended.
    package consuming func finalize() -> Digest {
        var bytes = [UInt8](repeating: 0, count: Digest.byteCount)
        _ = unsafe crypto_hash_sha256_final(&state, &bytes)
        guard let digest = Digest(bytes: bytes) else {
            preconditionFailure("SHA-256 has \(Digest.byteCount) bytes")
        }
        return digest
    }
}

extension Digest {
    /// The SHA-256 of `bytes`.
    package static func of(_ bytes: [UInt8]) -> Digest {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// The SHA-256 of a text's UTF-8.
    package static func of(_ text: String) -> Digest { of(Array(text.utf8)) }
}
