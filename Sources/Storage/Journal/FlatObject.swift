import Vocabulary

/// Parameters and metrics as the JSON text of their columns: one object of plain values, in
/// their own order, so that `json_extract` finds them.
///
/// A generic encoder would cost several times as much for each trial, lose the order, and read
/// `1.0` back as a whole number.
enum FlatObject {
    /// The object with a member for each assignment.
    static func text(_ assignments: [Assignment]) -> String {
        object(assignments.count) { index, text in
            append(assignments[index].name, to: &text)
            text.append(UInt8(ascii: ":"))
            switch assignments[index].value {
            case .float(let value): append(value, to: &text)
            case .integer(let value): text += "\(value)".utf8
            case .string(let value): append(value, to: &text)
            case .boolean(let value): text += "\(value)".utf8
            }
        }
    }

    /// The object with a member for each metric; NaN becomes null, an infinity a number beyond
    /// what fits.
    static func text(_ metrics: [Metric]) -> String {
        object(metrics.count) { index, text in
            append(metrics[index].name, to: &text)
            text.append(UInt8(ascii: ":"))
            append(metrics[index].value, to: &text)
        }
    }

    /// The assignments of a text that `text(_:)` made; empty for any other text.
    static func assignments(_ text: String) -> [Assignment] {
        var reader = FlatObjectReader(text)
        return reader.members()?.compactMap { name, value in
            value.map { Assignment(name, $0) }
        } ?? []
    }

    /// The metrics of a text that `text(_:)` made; empty for any other text.
    static func metrics(_ text: String) -> [Metric] {
        var reader = FlatObjectReader(text)
        return reader.members()?.map { name, value in Metric(name, value?.number ?? .nan) } ?? []
    }

    private static func object(_ count: Int, _ member: (Int, inout [UInt8]) -> Void) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 + 24 * count)
        text.append(UInt8(ascii: "{"))
        for index in 0..<count {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            member(index, &text)
        }
        text.append(UInt8(ascii: "}"))
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ value: Double, to text: inout [UInt8]) {
        if value.isFinite {
            text += "\(value)".utf8
        } else {
            text += (value.isNaN ? "null" : value < 0 ? "-9e999" : "9e999").utf8
        }
    }

    // RFC 8259, section 7: the quote, the backslash and control characters are escaped.
    private static func append(_ value: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                text.append(UInt8(ascii: "\\"))
                text.append(byte)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                text += "\\u00".utf8
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }
}
