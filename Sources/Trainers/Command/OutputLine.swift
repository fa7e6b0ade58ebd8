import FoundationEssentials
import Vocabulary

/// The metrics in a line that a program printed.
///
/// Either a JSON object, of which the numbers count, or any text with pairs such as `rmse=12.5`,
/// `loss: 1e-3` or `acc = nan`. A number ends at a space, a comma, a semicolon, a closing bracket
/// or the end of the line; `12:30`, `5s` and `3/10` are no numbers. `step`, `epoch` and
/// `iteration` (also with a capital) give the step.
struct OutputLine {
    /// The metrics in the order in which they were printed.
    private(set) var metrics: [Metric] = []
    /// The step as it was printed.
    private(set) var step: UInt64?

    /// Reads a line without its line feed.
    init(_ line: [UInt8]) {
        let start = line.firstIndex { !Self.isSpace($0) } ?? line.endIndex
        if start < line.endIndex, line[start] == UInt8(ascii: "{") {
            for (name, value) in Self.object(line) { take(name, value) }
            return
        }
        var position = start
        while position < line.endIndex {
            guard let pair = Self.pair(in: line, from: &position) else { continue }
            take(pair.name, pair.value)
        }
    }

    private mutating func take(_ name: String, _ value: Double) {
        if ["step", "epoch", "iteration"].contains(name.lowercased()) {
            step = UInt64(exactly: value)
        } else {
            metrics.append(Metric(name, value))
        }
    }

    /// The numbers of a JSON object by name; nothing when it is none.
    ///
    /// NaN and Infinity, which Python's `json` writes although JSON lacks them, are read too.
    private static func object(_ line: [UInt8]) -> [(String, Double)] {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        // Whatever else a program prints is none of our business.
        let values = try? decoder.decode([String: Number].self, from: Data(line))
        return (values ?? [:]).sorted { $0.key < $1.key }.compactMap { name, number in
            number.value.map { (name, $0) }
        }
    }

    private struct Number: Decodable {
        var value: Double?

        init(from decoder: any Decoder) throws {
            // A decoder says only by throwing that a value is no number.
            value = try? decoder.singleValueContainer().decode(Double.self)
        }
    }

    /// The pair whose name begins at `position`, which is moved beyond what was looked at.
    private static func pair(
        in line: [UInt8], from position: inout Int
    ) -> (name: String, value: Double)? {
        let start = position
        guard isLetter(line[start]) else {
            // A word that begins otherwise, such as 2nd=1, has no pair.
            while position < line.endIndex, isInName(line[position]) { position += 1 }
            position = max(position, start + 1)
            return nil
        }
        while position < line.endIndex, isInName(line[position]) { position += 1 }
        let name = line[start..<position]
        var sign = position
        while sign < line.endIndex, isSpace(line[sign]) { sign += 1 }
        guard sign < line.endIndex, line[sign] == UInt8(ascii: "=") || line[sign] == colon else {
            return nil
        }
        var first = sign + 1
        while first < line.endIndex, isSpace(line[first]) { first += 1 }
        var end = first
        while end < line.endIndex, !isDelimiter(line[end]) { end += 1 }
        guard let value = number(line[first..<end]) else { return nil }
        position = end
        return (String(decoding: name, as: UTF8.self), value)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Double? {
        var bytes = bytes
        // A full stop that ends a sentence.
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        guard let last = bytes.last, bytes.count <= 64 else { return nil }
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        switch text {
        case "nan", "+nan", "-nan": return .nan
        case "inf", "+inf", "infinity", "+infinity": return .infinity
        case "-inf", "-infinity": return -.infinity
        default:
            // Swift would also read hexadecimal numbers and NaN with a payload.
            let isDecimal = bytes.allSatisfy { "0123456789.eE+-".utf8.contains($0) }
            return isDecimal && (isDigit(last)) ? Double(text) : nil
        }
    }

    private static let colon = UInt8(ascii: ":")

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private static func isInName(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || "./-@".utf8.contains(byte)
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        isSpace(byte) || ",;)]}|".utf8.contains(byte)
    }
}
