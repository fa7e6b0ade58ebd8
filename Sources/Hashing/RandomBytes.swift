import CSodium

/// Unpredictable bytes from the system, and secrets made of them.
package enum RandomBytes {
    /// Bytes of a secret: 256 bits, beyond guessing.
    package static let secretBytes = 32

    /// `count` unpredictable bytes.
    package static func make(count: Int) -> [UInt8] {
        Sodium.prepare()
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe randombytes_buf(&bytes, count)
        return bytes
    }

    /// A seed for a `RandomSource` when nobody chose one.
    package static func randomSeed() -> UInt64 {
        make(count: 8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A secret of 256 bits as 43 characters of base64url without padding (RFC 4648, section 5).
    package static func token() -> String { base64URL(make(count: secretBytes)) }

    /// A secret of 256 bits as 64 lower-case hexadecimal digits.
    package static func hexToken() -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = make(count: secretBytes).flatMap { byte in
            [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `bytes` as base64url without padding (RFC 4648, section 5).
    package static func base64URL(_ bytes: [UInt8]) -> String {
        let variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING
        let capacity = sodium_base64_encoded_len(bytes.count, variant)
        var text = [CChar](repeating: 0, count: capacity)
        _ = unsafe sodium_bin2base64(&text, capacity, bytes, bytes.count, variant)
        return String(decoding: text.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
