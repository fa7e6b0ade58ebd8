/// A piece of Swift code, as far as the lints need to tell pieces apart.
struct Token: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// A keyword or a name; of a raw identifier only the backticks.
        case word
        /// One character of punctuation.
        case mark
        /// The characters of a literal text, without quotes and interpolations.
        case text
        /// A comment that is not documentation.
        case comment
        /// A line that starts with three slashes.
        case documentation
    }

    var kind: Kind
    var text: String
    /// The line it starts on, from 1.
    var line: Int
    /// The line it ends on.
    var lastLine: Int

    /// Whether it is the word or the mark `text`.
    func `is`(_ text: String) -> Bool {
        (kind == .word || kind == .mark) && self.text == text
    }
}

extension [Token] {
    /// The tokens that a compiler acts on.
    var code: [Token] { filter { $0.kind != .comment && $0.kind != .documentation } }

    /// Whether the tokens from `position` on are these words and marks.
    func matches(_ texts: [String], at position: Int) -> Bool {
        guard position >= 0, position + texts.count <= count else { return false }
        return zip(self[position...], texts).allSatisfy { $0.is($1) }
    }

    /// The position of the bracket that closes the one at `position`; nil when none does.
    func closing(_ position: Int) -> Int? {
        var depth = 0
        for index in position..<count where self[index].kind == .mark {
            switch self[index].text {
            case "(", "[", "{": depth += 1
            case ")", "]", "}":
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
        }
        return nil
    }
}
