/// Amounts of memory and disk as people write them.
extension Kind where Value == UInt64 {
    private static let units: [(name: String, bytes: UInt64)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
        ("kB", 1000), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
    ]

    /// Bytes within `range`, with a unit: `512 MiB`, `2GB`.
    static func bytes(_ range: ClosedRange<UInt64>) -> Kind {
        Kind("a size such as `512 MiB` or `2 GB`") { node, problems in
            guard case .text(let text) = node.scalar, let bytes = parse(text),
                range.contains(bytes)
            else {
                problems.mismatch(
                    node,
                    expected: "a size with its unit, from \(name(of: range.lowerBound)) to "
                        + name(of: range.upperBound),
                    fix: "Write a number and KiB, MiB, GiB, kB, MB or GB, such as `512 MiB`.")
                return nil
            }
            return bytes
        }
    }

    private static func parse(_ text: String) -> UInt64? {
        guard let unit = units.first(where: { text.hasSuffix($0.name) }) else { return nil }
        var digits = text.dropLast(unit.name.count)
        while digits.last == " " { digits.removeLast() }
        guard let first = digits.first, first.isASCII, first.isNumber,
            let count = Double(digits), count.isFinite
        else { return nil }
        return UInt64(exactly: (count * Double(unit.bytes)).rounded())
    }

    private static func name(of bytes: UInt64) -> String {
        let unit = units.prefix(4).last { bytes >= $0.bytes && bytes % $0.bytes == 0 }
        return unit.map { "\(bytes / $0.bytes) \($0.name)" } ?? "\(bytes) bytes"
    }
}
