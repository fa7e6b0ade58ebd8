/// The order of a Dictionary or Set changes from run to run: no decision may depend on it.
///
/// A heuristic: it knows the names that the files of a target declare as dictionaries and sets
/// (with a type annotation or an empty literal), not inferred types. A name that is an array
/// elsewhere in the target counts only in the file that declares it unordered.
enum Iteration {
    /// The places in `files`, which are those of one target, that iterate in no certain order.
    static func violations(in files: [(path: String, text: String)]) -> [Violation] {
        let codes = files.map { Tokenizer.tokens(of: $0.text).code }
        let ordered = Set(codes.flatMap(orderedNames))
        let everywhere = Set(codes.flatMap(unorderedNames)).subtracting(ordered)
        return zip(files, codes).flatMap { file, code in
            let unordered = everywhere.union(unorderedNames(in: code))
            return code.indices.compactMap { position -> Violation? in
                guard isUnordered(code, position, unordered), isIterated(code, position) else {
                    return nil
                }
                return Violation(
                    path: file.path, line: code[position].line,
                    message: "`\(code[position].text)` is iterated in no certain order")
            }
        }
    }

    private static func isUnordered(
        _ code: [Token], _ position: Int, _ names: Set<String>
    ) -> Bool {
        guard code[position].kind == .word else { return false }
        if names.contains(code[position].text) { return true }
        // The views of such a value: `counts.keys`.
        guard position > 1, code.matches(["."], at: position - 1) else { return false }
        return ["keys", "values"].contains(code[position].text)
            && names.contains(code[position - 2].text)
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

    /// Names declared as `[Key: Value]`, `Dictionary<…>`, `Set<…>` or `= [:]`.
    private static func unorderedNames(in code: [Token]) -> Set<String> {
        var names: Set<String> = []
        for position in code.indices where position > 0 {
            let name = code[position - 1]
            guard name.kind == .word else { continue }
            let isDictionary =
                code.matches([":", "["], at: position)
                && code.closing(position + 1).map { close in
                    hasColon(code[(position + 2)..<close])
                } == true
            let isNamed =
                code.matches([":", "Set", "<"], at: position)
                || code.matches([":", "Dictionary", "<"], at: position)
                || code.matches(["=", "Set", "<"], at: position)
                || code.matches(["=", "Set", "("], at: position)
                || code.matches(["=", "[", ":", "]"], at: position)
            if isDictionary || isNamed { names.insert(name.text) }
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
