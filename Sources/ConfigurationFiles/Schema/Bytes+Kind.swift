/// Amounts of memory and disk as people write them.
extension Kind where Value == UInt64 {
    /// Bytes within `range`, with a unit: `512 MiB`, `2GB`.
    static func bytes(_ range: ClosedRange<UInt64>) -> Kind {
        Kind("a size such as `512 MiB` or `2 GB`") { node, problems in
            guard case .text(let text) = node.scalar, let bytes = ByteCount(text: text)?.bytes,
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

    private static func name(of bytes: UInt64) -> String {
        let unit = ByteCount.units.prefix(4).last { bytes >= $0.bytes && bytes % $0.bytes == 0 }
        return unit.map { "\(bytes / $0.bytes) \($0.name)" } ?? "\(bytes) bytes"
    }
}
