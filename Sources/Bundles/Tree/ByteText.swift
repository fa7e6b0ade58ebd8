/// Sizes and names as people read them.
package enum ByteText {
    /// `count` bytes in the largest binary unit below it, with one decimal, rounded down.
    package static func text(_ count: UInt64) -> String {
        var unit: UInt64 = 1
        for name in ["bytes", "KiB", "MiB", "GiB", "TiB"] {
            if count / unit < 1024 || name == "TiB" {
                let tenths = UInt64(Double(count % unit) / Double(unit) * 10)
                return tenths == 0 ? "\(count / unit) \(name)" : "\(count / unit).\(tenths) \(name)"
            }
            unit <<= 10
        }
        return "\(count) bytes"
    }

    /// A name that may come from a stranger, without what would steer a terminal and not endless.
    static func printable(_ name: [UInt8]) -> String {
        let text = String(decoding: name.prefix(200), as: UTF8.self)
        let scalars = text.unicodeScalars.map { scalar -> Character in
            let isControl = scalar.properties.generalCategory == .control
            let isFormat = scalar.properties.generalCategory == .format
            return isControl || isFormat ? "?" : Character(scalar)
        }
        return name.isEmpty ? "a file without a name" : String(scalars)
    }
}
