/// A single value as it was written.
struct Scalar: Hashable, Sendable {
    /// The characters, without quotes and escapes.
    let text: String
    /// Whether it was written without quotes and so may be a number or a switch.
    let isPlain: Bool

    /// What the text stands for.
    var value: ScalarValue { isPlain ? ScalarValue(plain: text) : .text(text) }

    /// What stands here, as it is named in a message.
    var summary: String {
        switch value {
        case .null: "nothing"
        case .boolean(let value): "the switch \(value)"
        case .integer, .float: "the number \(text.clipped)"
        case .notFinite: "\(text.clipped), which is not a finite number"
        case .tooLarge: "\(text.clipped), which is too large a number"
        case .text: "the text \"\(text.clipped)\""
        }
    }
}

/// What a scalar stands for under the core schema of YAML 1.2.2, section 10.3.
///
/// libYAML's own rules are those of YAML 1.1, under which `1e-3` is a text and `no` a switch.
enum ScalarValue: Hashable, Sendable {
    /// Nothing, `~` or `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A whole number.
    case integer(Int64)
    /// A number with a fraction or an exponent; finite.
    case float(Double)
    /// `.nan` or `.inf`.
    case notFinite
    /// A number that neither `Int64` nor `Double` can hold.
    case tooLarge
    /// Anything else.
    case text(String)

    /// Resolves a scalar that was written without quotes.
    init(plain text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .boolean(true)
        case "false", "False", "FALSE": self = .boolean(false)
        default: self = Self.number(text) ?? .text(text)
        }
    }

    /// Words that were switches in YAML 1.1, and that many people still take for such.
    static let formerSwitches: Set<String> = [
        "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF",
        "y", "Y", "n", "N",
    ]

    private static func number(_ text: String) -> ScalarValue? {
        var characters = Substring(text)
        if characters.first == "-" || characters.first == "+" { characters.removeFirst() }
        switch characters {
        case ".inf", ".Inf", ".INF": return .notFinite
        case ".nan", ".NaN", ".NAN": return characters.count == text.count ? .notFinite : nil
        default: break
        }
        for (prefix, radix) in [("0x", 16), ("0o", 8)] where text.hasPrefix(prefix) {
            let digits = text.dropFirst(2)
            guard !digits.isEmpty, digits.allSatisfy({ isDigit($0, radix: radix) }) else {
                return nil
            }
            return Int64(digits, radix: radix).map(ScalarValue.integer) ?? .tooLarge
        }
        return decimal(text, unsigned: characters)
    }

    private static func decimal(_ text: String, unsigned: Substring) -> ScalarValue? {
        let whole = unsigned.prefix { isDigit($0, radix: 10) }
        var rest = unsigned[whole.endIndex...]
        var fraction = Substring()
        let hasPoint = rest.first == "."
        if hasPoint {
            fraction = rest.dropFirst().prefix { isDigit($0, radix: 10) }
            rest = rest[fraction.endIndex...]
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        if !hasPoint, rest.isEmpty { return Int64(text).map(ScalarValue.integer) ?? .tooLarge }
        if rest.first == "e" || rest.first == "E" {
            var exponent = rest.dropFirst()
            if exponent.first == "-" || exponent.first == "+" { exponent.removeFirst() }
            guard !exponent.isEmpty, exponent.allSatisfy({ isDigit($0, radix: 10) }) else {
                return nil
            }
        } else if !rest.isEmpty {
            return nil
        }
        guard let value = Double(text), value.isFinite else { return .tooLarge }
        return .float(value)
    }

    private static func isDigit(_ character: Character, radix: Int) -> Bool {
        character.isASCII && character.hexDigitValue.map { $0 < radix } ?? false
    }
}
