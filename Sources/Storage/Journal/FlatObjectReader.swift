import Vocabulary

/// Reads the texts that `FlatObject` writes.
struct FlatObjectReader {
    private let bytes: [UInt8]
    private var position = 0

    /// A reader at the start of `text`.
    init(_ text: String) { bytes = Array(text.utf8) }

    /// The members in their order, nil for null; nil when the text is something else.
    mutating func members() -> [(name: String, value: ParameterValue?)]? {
        guard take(UInt8(ascii: "{")) else { return nil }
        var members: [(name: String, value: ParameterValue?)] = []
        while !take(UInt8(ascii: "}")) {
            guard members.isEmpty || take(UInt8(ascii: ",")), let name = string(),
                take(UInt8(ascii: ":"))
            else { return nil }
            if bytes[position...].first == UInt8(ascii: "\"") {
                guard let value = string() else { return nil }
                members.append((name, .string(value)))
            } else {
                guard let value = scalar() else { return nil }
                members.append((name, value.value))
            }
        }
        return members
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func scalar() -> (value: ParameterValue?, Void)? {
        let ends = [UInt8(ascii: ","), UInt8(ascii: "}")]
        let token = bytes[position...].prefix { !ends.contains($0) }
        position = token.endIndex
        let text = String(decoding: token, as: UTF8.self)
        switch text {
        case "null": return (nil, ())
        case "true": return (.boolean(true), ())
        case "false": return (.boolean(false), ())
        default:
            if let value = Int64(text) { return (.integer(value), ()) }
            return Double(text).map { (.float($0), ()) }
        }
    }

    private mutating func string() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = escape() else { return nil }
                text.append(escaped)
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape() -> UInt8? {
        guard position < bytes.count else { return nil }
        let byte = bytes[position]
        position += 1
        guard byte == UInt8(ascii: "u") else { return byte }
        guard position + 4 <= bytes.count else { return nil }
        let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
        position += 4
        return UInt8(digits, radix: 16)
    }
}
