/// What may name a model or an alias.
package enum NameRule {
    /// Whether `text` can name a model: 1 to 128 of A–Z, a–z, 0–9, full stop, hyphen and
    /// underscore, of which the first is a letter or digit.
    package static func isModelName(_ text: String) -> Bool {
        guard (1...128).contains(text.utf8.count), let first = text.utf8.first else { return false }
        return isLetterOrDigit(first)
            && text.utf8.allSatisfy { byte in
                isLetterOrDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_")
            }
    }

    /// Whether `text` can name an alias: as a model, but not `latest` or `v` with digits, which
    /// MLflow keeps for versions.
    package static func isAlias(_ text: String) -> Bool {
        guard isModelName(text), text != "latest" else { return false }
        let rest = text.utf8.dropFirst()
        let isVersion =
            text.utf8.first == UInt8(ascii: "v") && !rest.isEmpty && rest.allSatisfy(isDigit)
        return !isVersion
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
