/// A named data set as it was when it was added: a file or a folder, by the hash of its content.
package struct DataSet: Hashable, Sendable, Codable {
    /// The name that sweep files use; the one added last under it counts unless a digest is given.
    package var name: String
    /// The hash of its manifest, which names the content; see ``DataManifest``.
    package var digest: Digest
    /// The hash of the bytes of all its files, laid end to end.
    package var payload: Digest
    /// Bytes of all its files.
    package var byteCount: UInt64
    /// Files in it.
    package var fileCount: UInt32
    /// The path on storage that all hosts share, where it is used in place; nil for one that
    /// the coordinator keeps.
    package var location: String?

    /// Describes a data set; see the properties.
    package init(
        name: String, digest: Digest, payload: Digest, byteCount: UInt64, fileCount: UInt32,
        location: String? = nil
    ) {
        self.name = name
        self.digest = digest
        self.payload = payload
        self.byteCount = byteCount
        self.fileCount = fileCount
        self.location = location
    }

    /// Describes the content that `manifest`, whose hash is `digest`, lists.
    package init(name: String, digest: Digest, _ manifest: DataManifest, location: String?) {
        self.init(
            name: name, digest: digest, payload: manifest.payload,
            byteCount: manifest.byteCount, fileCount: UInt32(clamping: manifest.files.count),
            location: location)
    }

    /// How a name is written, for messages.
    package static let nameForm =
        "1 to 128 letters, digits, dots, hyphens and underscores, the first a letter or digit"

    /// Whether `name` is one that a data set can have.
    package static func isName(_ name: some StringProtocol) -> Bool {
        guard (1...128).contains(name.utf8.count), let first = name.utf8.first,
            isAlphanumeric(first)
        else { return false }
        return name.utf8.allSatisfy { isAlphanumeric($0) || "._-".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}

/// How a person names a data set: `digits`, or `digits@` and the beginning of a digest.
package struct DataReference: Hashable, Sendable, CustomStringConvertible {
    /// The data set's name.
    package let name: String
    /// How its digest begins, 8 to 64 hexadecimal digits; empty for the one added last.
    package let prefix: String

    /// Reads the form that `description` writes; nil for anything else.
    package init?(text: some StringProtocol) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, DataSet.isName(first) else { return nil }
        name = String(first)
        guard parts.count == 2 else {
            prefix = ""
            return
        }
        guard (8...2 * Digest.byteCount).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) })
        else { return nil }
        prefix = String(parts[1])
    }

    /// The form that is written: `digits`, or `digits@3f2a91c0`.
    package var description: String { prefix.isEmpty ? name : "\(name)@\(prefix)" }

    /// Whether `data` is one that is meant.
    package func matches(_ data: DataSet) -> Bool {
        data.name == name && data.digest.description.hasPrefix(prefix)
    }
}
