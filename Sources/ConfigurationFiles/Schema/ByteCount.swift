/// An amount of memory or disk as people write it: `512 MiB`, `2GB`.
package struct ByteCount: Hashable, Sendable {
    /// The amount in bytes.
    package let bytes: UInt64

    static let units: [(name: String, bytes: UInt64)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
        ("kB", 1000), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
    ]

    /// Reads a number with a unit; nil for anything else.
    package init?(text: String) {
        guard let unit = Self.units.first(where: { text.hasSuffix($0.name) }) else { return nil }
        var digits = text.dropLast(unit.name.count)
        while digits.last == " " { digits.removeLast() }
        guard let first = digits.first, first.isASCII, first.isNumber,
            let count = Double(digits), count.isFinite,
            let bytes = UInt64(exactly: (count * Double(unit.bytes)).rounded())
        else { return nil }
        self.bytes = bytes
    }
}
