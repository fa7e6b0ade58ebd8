/// Lengths of time as people write them.
extension Kind where Value == Double {
    private static let longest = 365 * 86_400.0

    /// Seconds above zero, as a number or with units: `90`, `"90s"`, `10m`, `1h30m`.
    static let seconds = Kind("seconds, or a time such as `10m` or `1h30m`") { node, problems in
        let seconds: Double? =
            switch node.scalar {
            case .integer(let number): Double(number)
            case .float(let number): number
            case .text(let text): DurationText.seconds(text)
            default: nil
            }
        guard let seconds, seconds > 0, seconds <= longest else {
            problems.mismatch(
                node, expected: "a time above zero and up to 365 days",
                fix: "Write seconds, or a time such as `10m` or `1h30m`.")
            return nil
        }
        return seconds
    }
}

/// Lengths of time with units, as people write them.
package enum DurationText {
    private static let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]

    /// The seconds of `90s`, `10m`, `1h30m` or `7d`; nil for anything else.
    package static func seconds(_ text: String) -> Double? {
        var total = 0.0
        var digits = ""
        for character in text {
            if let unit = units[character] {
                guard let count = Double(digits), !digits.hasPrefix(".") else { return nil }
                total += count * unit
                digits = ""
            } else if character.isASCII, character.isNumber || character == "." {
                digits.append(character)
            } else {
                return nil
            }
        }
        return digits.isEmpty ? total : nil
    }
}
