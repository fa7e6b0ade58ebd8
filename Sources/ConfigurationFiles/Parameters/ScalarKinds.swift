import Vocabulary

/// A number with the form in which it was written: whole ones make a range whole.
enum Bound: Hashable, Sendable {
    /// A whole number.
    case integer(Int64)
    /// A number with a fraction or an exponent.
    case float(Double)

    /// The number as a real one.
    var number: Double {
        switch self {
        case .integer(let value): Double(value)
        case .float(let value): value
        }
    }

    /// The number as a whole one; nil when it has a fraction or is too large.
    var whole: Int64? {
        switch self {
        case .integer(let value): value
        case .float(let value): Int64(exactly: value)
        }
    }
}

extension Kind where Value == Bound {
    /// A finite number.
    static let bound = Kind("a number") { node, problems in
        switch node.scalar {
        case .integer(let value): return .integer(value)
        case .float(let value): return .float(value)
        default:
            problems.mismatch(node, expected: "a number", fix: numberAdvice(for: node))
            return nil
        }
    }
}

extension Kind where Value == ParameterValue {
    /// A number, a switch or a text.
    static let parameterValue = Kind("a number, a text, true or false") { node, problems in
        guard case .scalar(let scalar) = node.content else {
            problems.mismatch(node, expected: "a number, a text, true or false")
            return nil
        }
        switch scalar.value {
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return .integer(value)
        case .float(let value): return .float(value)
        case .null, .notFinite, .tooLarge:
            problems.mismatch(node, expected: "a finite number, a text, true or false")
            return nil
        case .text(let text):
            guard text.utf8.count <= Limits.messageBytes else {
                problems.error(
                    "The text has more than \(Limits.messageBytes) bytes", in: node,
                    fix: "Shorten it.")
                return nil
            }
            if scalar.isPlain, ScalarValue.formerSwitches.contains(text) {
                problems.warn(
                    "`\(text)` is the text \"\(text)\" in YAML 1.2, not a switch", in: node,
                    fix: "Write true or false, or quote the text.")
            }
            return .string(text)
        }
    }
}
