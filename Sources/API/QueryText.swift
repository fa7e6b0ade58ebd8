/// The part of a request after the question mark: `key=value` pairs, percent-encoded.
package struct QueryText: Hashable, Sendable {
    /// The values by key.
    package let values: [String: String]

    /// Reads `text`; throws a `Problem` for keys other than `keys`, for keys that come twice and
    /// for broken percent-encoding.
    package init(_ text: String, keys: [String]) throws(Problem) {
        var values: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = Self.decoded(parts[0]),
                let value = Self.decoded(parts.count == 2 ? parts[1] : "")
            else {
                throw Problem(
                    .malformed, "The query \"\(text)\" has broken percent-encoding.",
                    fix: "Encode each byte as % and two hexadecimal digits.")
            }
            guard keys.contains(key) else { throw Self.unknown(key, keys: keys) }
            guard values.updateValue(value, forKey: key) == nil else {
                throw Problem(.malformed, "The query key \"\(key)\" is there twice.")
            }
        }
        self.values = values
    }

    /// The whole number under `key`; nil when it is not there, a `Problem` outside `range`.
    func integer(_ key: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        try value(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// The choice under `key`; nil when it is not there, a `Problem` when there is no such choice.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String
    ) throws(Problem) -> Choice? {
        let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return try value(key, "one of \(choices)") { Choice(rawValue: $0) }
    }

    /// What `read` makes of the value under `key`; nil when it is not there.
    func value<Value>(
        _ key: String, _ expected: String, _ read: (String) -> Value?
    ) throws(Problem) -> Value? {
        guard let text = values[key] else { return nil }
        guard let value = read(text) else {
            throw Problem(
                .malformed, "The query key \"\(key)\" is \"\(text)\".", fix: "Give \(expected).")
        }
        return value
    }

    /// Writes the pairs that have a value, in their order.
    static func write(_ pairs: [(key: String, value: String?)]) -> String {
        pairs.compactMap { pair in pair.value.map { "\(pair.key)=\(encoded($0))" } }
            .joined(separator: "&")
    }

    private static func unknown(_ key: String, keys: [String]) -> Problem {
        let fix =
            if keys.isEmpty {
                "This path takes no query."
            } else if let nearest = nearest(to: key, in: keys) {
                "Did you mean \"\(nearest)\"?"
            } else {
                "The keys are \(keys.joined(separator: ", "))."
            }
        return Problem(.malformed, "The query key \"\(key)\" is not known here.", fix: fix)
    }

    /// The key with the fewest insertions, deletions and replacements of a character
    /// (Levenshtein 1966), when they are at most half of its length.
    private static func nearest(to text: String, in keys: [String]) -> String? {
        guard text.utf8.count <= 64 else { return nil }
        let ranked = keys.map { (distance: distance(text, $0), key: $0) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }),
            best.distance <= max(1, best.key.utf8.count / 2)
        else { return nil }
        return best.key
    }

    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for (index, byte) in left.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let replaced = diagonal + (byte == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }

    /// Encodes all but the unreserved characters (RFC 3986, section 2.3).
    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let unreserved = Set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        let bytes = text.utf8.flatMap { byte in
            unreserved.contains(byte)
                ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit),
                let low = rest.popFirst().flatMap(digit)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
