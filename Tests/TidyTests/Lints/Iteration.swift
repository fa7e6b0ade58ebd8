/// The order of a Dictionary or Set changes from run to run: no decision may depend on it.
///
/// A heuristic: it knows names that are declared as dictionaries and sets, with a type annotation
/// or from an empty literal, and not inferred types. A name after a full stop counts when no file
/// declares it as an array; one without, when its own file declares it, too. Where the order has
/// no effect, a comment just above says so with the word "order".
enum Iteration {
    /// The places in `files` that iterate in no certain order.
    static func violations(in files: [(path: String, text: String)]) -> [Violation] {
        let tokens = files.map { Tokenizer.tokens(of: $0.text) }
        let codes = tokens.map(\.code)
        let unordered = Set(codes.flatMap { unorderedNames(in: $0, locals: false) })
            .subtracting(codes.flatMap(orderedNames))
        return files.indices.flatMap { index in
            let code = codes[index]
            let own = unordered.union(unorderedNames(in: code, locals: true))
            let explained = explainedLines(tokens[index])
            return code.indices.compactMap { position -> Violation? in
                let names = code.matches(["."], at: position - 1) ? unordered : own
                guard isUnordered(code, position, names, own), isIterated(code, position),
                    !explained.contains(code[position].line)
                else { return nil }
                return Violation(
                    path: files[index].path, line: code[position].line,
                    message: "`\(code[position].text)` is iterated in no certain order")
            }
        }
    }

    /// The lines below a comment that speaks of order.
    private static func explainedLines(_ tokens: [Token]) -> Set<Int> {
        let comments = tokens.filter { $0.kind == .comment && $0.text.contains("order") }
        return Set(comments.flatMap { Array($0.line...($0.lastLine + 3)) })
    }

    private static func isUnordered(
        _ code: [Token], _ position: Int, _ names: Set<String>, _ own: Set<String>
    ) -> Bool {
        guard code[position].kind == .word else { return false }
        if names.contains(code[position].text) { return true }
        // The views of such a value: `counts.keys`.
        guard position > 1, code.matches(["."], at: position - 1),
            ["keys", "values"].contains(code[position].text)
        else { return false }
        let isMember = code.matches(["."], at: position - 3)
        return (isMember ? names : own).contains(code[position - 2].text)
    }

    /// Names declared as `[Element]`.
    private static func orderedNames(in code: [Token]) -> [String] {
        code.indices.compactMap { position in
            guard position > 0, code[position - 1].kind == .word,
                code.matches([":", "["], at: position), let close = code.closing(position + 1),
                !hasColon(code[(position + 2)..<close])
            else { return nil }
            return code[position - 1].text
        }
    }

    /// Names declared as `[Key: Value]`, `Dictionary<…>` or `Set<…>`, and, with `locals`, those
    /// that start as `[:]` or `Set(…)`.
    private static func unorderedNames(in code: [Token], locals: Bool) -> Set<String> {
        let annotations = [[":", "Set", "<"], [":", "Dictionary", "<"]]
        let values = [["=", "Set", "<"], ["=", "Set", "("], ["=", "[", ":", "]"]]
        let patterns = annotations + (locals ? values : [])
        var names: Set<String> = []
        for position in code.indices where position > 0 && code[position - 1].kind == .word {
            let isDictionary =
                code.matches([":", "["], at: position)
                && code.closing(position + 1).map { hasColon(code[(position + 2)..<$0]) } == true
            if isDictionary || patterns.contains(where: { code.matches($0, at: position) }) {
                names.insert(code[position - 1].text)
            }
        }
        return names
    }

    /// Whether a colon stands among `tokens` outside of brackets, as in a dictionary's type.
    private static func hasColon(_ tokens: ArraySlice<Token>) -> Bool {
        var depth = 0
        for token in tokens where token.kind == .mark {
            if ["(", "[", "{"].contains(token.text) { depth += 1 }
            if [")", "]", "}"].contains(token.text) { depth -= 1 }
            // `[name: value]` with a literal is no type, but iterating it is no better.
            if depth == 0, token.text == ":" { return true }
        }
        return false
    }

    private static let walks: Set<String> = [
        "map", "flatMap", "compactMap", "forEach", "reduce", "first", "enumerated", "joined",
        "min", "max", "prefix", "dropFirst", "popFirst", "lazy",
    ]

    private static func isIterated(_ code: [Token], _ position: Int) -> Bool {
        // A for loop over the plain name: the loop's body follows it at once.
        if code.matches(["{"], at: position + 1) || code.matches(["where"], at: position + 1) {
            return isLoopSource(code, position)
        }
        guard code.matches(["."], at: position + 1), position + 2 < code.count else { return false }
        return walks.contains(code[position + 2].text) && !isSortedLater(code, position)
    }

    /// Whether the expression that ends at `position` stands after `in` of a for loop.
    private static func isLoopSource(_ code: [Token], _ position: Int) -> Bool {
        var start = position
        while start > 1, code[start - 1].is(".") { start -= 2 }
        guard start > 0, code[start - 1].is("in") else { return false }
        return code[max(start - 12, 0)..<start].contains { $0.is("for") }
    }

    /// Whether the same chain of calls sorts what it took.
    private static func isSortedLater(_ code: [Token], _ position: Int) -> Bool {
        var index = position + 1
        while code.matches(["."], at: index), index + 1 < code.count {
            if code[index + 1].text == "sorted" { return true }
            index += 2
            while index < code.count, code[index].is("(") || code[index].is("{") {
                guard let close = code.closing(index) else { return false }
                index = close + 1
            }
        }
        return false
    }
}
