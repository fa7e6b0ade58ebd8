/// Gets past the library's refusal of duplicate keys, so that one of them does not hide every
/// other problem of the file.
///
/// The library names the first of the keys. It gets another first letter, which no file uses, and
/// the text is parsed again; the conversion to our nodes then gives the key its name back and
/// sees both.
struct DuplicateKeys {
    private static let limit = 8
    private static let firstReplacement: UInt32 = 0xE000

    private var originals: [Mark: Unicode.Scalar] = [:]

    /// The text in which the key at `mark` differs from its double; nil when that is not
    /// possible, or was done often enough.
    mutating func renamingKey(at mark: Mark, in text: String) -> String? {
        guard originals.count < Self.limit, originals[mark] == nil,
            let replacement = Unicode.Scalar(Self.firstReplacement + UInt32(originals.count))
        else { return nil }
        var scalars = Array(text.unicodeScalars)
        guard var position = Self.position(of: mark, in: scalars) else { return nil }
        if scalars[position] == "\"" || scalars[position] == "'" { position += 1 }
        guard position < scalars.count, Self.isWord(scalars[position]) else { return nil }
        originals[mark] = scalars[position]
        scalars[position] = replacement
        return String(String.UnicodeScalarView(scalars))
    }

    /// The name that the key at `mark` has in the file.
    func original(of key: String, at mark: Mark) -> String {
        guard let first = originals[mark] else { return key }
        var scalars = key.unicodeScalars
        scalars.removeFirst()
        return String(first) + String(scalars)
    }

    private static func position(of mark: Mark, in scalars: [Unicode.Scalar]) -> Int? {
        var start = 0
        for _ in 1..<max(mark.line, 1) {
            guard let end = scalars[start...].firstIndex(of: "\n") else { return nil }
            start = end + 1
        }
        let position = start + mark.column - 1
        return position < scalars.count ? position : nil
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
    }
}
