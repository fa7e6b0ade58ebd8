/// Finds keys that are lists or mappings in a text before the library may compare them.
///
/// Such a key can hold another one, and the library would walk each of them once for every level
/// around it. A key is one if a question mark announces it or if a bracket or brace before its
/// colon ends it. The scan goes by lines and knows no quotes, so it may take a text for a key,
/// never a key for a text.
enum KeyScan {
    /// Brackets before a colon that are let pass: comments have some, and as keys, which have at
    /// most 1024 characters then (YAML 1.2.2, section 7.4.2), so few are quickly compared.
    private static let bracketLimit = 16

    /// Why the library must not see `text`, and where; nil when it may.
    static func refusal(of text: String) -> (message: String, mark: Mark)? {
        var mark = Mark.start
        // A key begins after nothing but indicators, or in brackets and braces after one of them.
        var hasOnlyIndicators = true
        var previous: Unicode.Scalar?
        var brackets = 0
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                // A line of Windows ends with both.
                if scalar != "\r" { mark.line += 1 }
                mark.column = 1
                hasOnlyIndicators = true
                previous = nil
                continue
            case " ", "\t", "\u{FEFF}": break
            case "?" where hasOnlyIndicators || isOpening(previous):
                return ("Explicit keys (?) are not supported", mark)
            case ":" where previous == "]" || previous == "}":
                brackets += 1
                guard brackets <= bracketLimit else {
                    return ("Lists and mappings as keys are not supported", mark)
                }
                previous = scalar
            case "-", "?", ":", ",", "[", "]", "{", "}": previous = scalar
            default:
                previous = scalar
                hasOnlyIndicators = false
            }
            mark.column += 1
        }
        return nil
    }

    private static func isOpening(_ scalar: Unicode.Scalar?) -> Bool {
        scalar == "[" || scalar == "{" || scalar == ","
    }
}
