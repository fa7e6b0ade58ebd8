/// The SHA-256 of some bytes: the name of an artifact (FIPS 180-4).
package struct Digest: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// Length in bytes.
    package static let byteCount = 32

    // Four plain words, no vector: Swift 6.3 makes the frame of an asynchronous function that
    // keeps a vector over an await too small, and the function then writes beyond it.
    private let first, second, third, fourth: UInt64

    /// Takes 32 bytes as they come from a hash function; nil for any other count.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        func word(_ index: Int) -> UInt64 {
            bytes[8 * index..<8 * index + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
        (first, second, third, fourth) = (word(0), word(1), word(2), word(3))
    }

    /// Takes 32 bytes as they come from a hash function; nil for any other count.
    package init?(bytes: some Collection<UInt8>) { self.init(bytes: Array(bytes)) }

    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    package init?(text: some StringProtocol) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        var high: UInt8?
        for character in text.utf8 {
            let value: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = character - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let upper = high {
                bytes.append(upper << 4 | value)
                high = nil
            } else {
                high = value
            }
            guard bytes.count <= Self.byteCount else { return nil }
        }
        guard high == nil else { return nil }
        self.init(bytes: bytes)
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        [first, second, third, fourth].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
        }
    }

    /// 64 lower-case hexadecimal digits.
    package var description: String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    /// Orders as the hexadecimal forms do.
    package static func < (left: Digest, right: Digest) -> Bool {
        (left.first, left.second, left.third, left.fourth)
            < (right.first, right.second, right.third, right.fourth)
    }

    /// Decodes the hexadecimal form.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(text: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text)\" is not a SHA-256 in hexadecimal")
        }
        self = digest
    }

    /// Encodes the hexadecimal form.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// A file that a trial made: its name within the attempt and where its bytes are.
package struct Artifact: Hashable, Sendable, Codable {
    /// A relative name for people and downloads, such as `model/MLmodel`; never used as a path
    /// on the coordinator.
    package var name: String
    /// The content's hash, under which the artifact store keeps it.
    package var digest: Digest
    /// The content's length in bytes.
    package var byteCount: UInt64

    /// Describes one file.
    package init(name: String, digest: Digest, byteCount: UInt64) {
        self.name = name
        self.digest = digest
        self.byteCount = byteCount
    }
}
