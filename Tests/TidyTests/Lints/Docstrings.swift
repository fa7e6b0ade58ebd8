/// Every declaration that other targets see says what it is.
///
/// Members of an extension that is itself `package` are not looked at: the repository writes the
/// access on each member.
enum Docstrings {
    static let all = [summaries]

    static let summaries = Lint(
        name: "every package declaration begins with a one-sentence summary",
        covers: Place.isSource
    ) { path, text in
        let tokens = Tokenizer.tokens(of: text)
        let code = tokens.code
        let documentation = Dictionary(
            tokens.filter { $0.kind == .documentation }.map { ($0.line, $0.text) }
        ) { first, _ in first }
        // A comment for the maintainer may stand between the two.
        let comments = Set(
            tokens.filter { $0.kind == .comment }.flatMap { Array($0.line...$0.lastLine) })
        var violations: [Violation] = []
        for position in declarations(in: code) {
            let line = firstLine(of: position, in: code)
            var end = line
            while comments.contains(end - 1) { end -= 1 }
            guard let summary = summary(endingAbove: end, documentation) else {
                violations.append(
                    Violation(path: path, line: line, message: "a declaration without a docstring"))
                continue
            }
            guard summary.hasSuffix(".") else {
                violations.append(
                    Violation(
                        path: path, line: line,
                        message: "the summary is no sentence that ends with a full stop"))
                continue
            }
        }
        return violations
    }

    /// The positions of `package` and of the cases of package enumerations.
    private static func declarations(in code: [Token]) -> [Int] {
        var found: [Int] = []
        // For each open brace: whether it is the body of a package enumeration.
        var bodies: [Bool] = []
        var opensEnumeration = false
        var isPackage = false
        for (position, token) in code.enumerated() where token.kind != .text {
            switch token.text {
            case "package" where isDeclaration(position, in: code):
                isPackage = true
                found.append(position)
            case "enum": opensEnumeration = isPackage
            case "struct", "class", "func", "var", "let", "init", "extension", "subscript":
                opensEnumeration = false
                isPackage = false
            case "case" where bodies.last == true: found.append(position)
            case "{":
                bodies.append(opensEnumeration)
                opensEnumeration = false
                isPackage = false
            case "}": _ = bodies.popLast()
            default: break
            }
        }
        return found
    }

    /// Whether the word `package` at `position` gives a declaration its access: not an import's,
    /// not only a setter's, and not the name of a value.
    private static func isDeclaration(_ position: Int, in code: [Token]) -> Bool {
        guard code[position].kind == .word, position + 1 < code.count else { return false }
        let next = code[position + 1].text
        return modifiers.contains(next) || declarators.contains(next)
    }

    private static let declarators: Set<String> = [
        "func", "var", "let", "init", "subscript", "struct", "class", "enum", "protocol",
        "typealias", "actor", "macro", "case", "private", "fileprivate",
    ]

    /// The line of the first attribute or modifier of the declaration at `position`.
    private static func firstLine(of position: Int, in code: [Token]) -> Int {
        var first = position
        while first > 0 {
            let before = code[first - 1]
            if modifiers.contains(before.text) {
                first -= 1
            } else if first > 1, code[first - 2].is("@"), before.kind == .word {
                first -= 2
            } else if before.is(")"), let open = opening(first - 1, in: code), open > 1,
                code[open - 2].is("@")
            {
                first = open - 2
            } else {
                break
            }
        }
        return code[first].line
    }

    private static let modifiers: Set<String> = [
        "static", "final", "mutating", "consuming", "borrowing", "nonisolated", "indirect",
        "override", "unsafe", "required", "convenience", "lazy", "weak", "async", "safe",
    ]

    private static func opening(_ position: Int, in code: [Token]) -> Int? {
        var depth = 0
        for index in stride(from: position, through: 0, by: -1) {
            if code[index].is(")") { depth += 1 }
            if code[index].is("(") { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    /// The first paragraph of the documentation that ends just above `line`; nil without one.
    private static func summary(
        endingAbove line: Int, _ documentation: [Int: String]
    ) -> String? {
        var start = line
        while documentation[start - 1] != nil { start -= 1 }
        guard start < line else { return nil }
        return (start..<line).map { documentation[$0] ?? "" }
            .map { String($0.drop { $0 == "/" || $0 == " " }) }
            .prefix { !$0.isEmpty }
            .joined(separator: " ")
    }
}
