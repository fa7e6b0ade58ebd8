/// How long files, functions and lines may be.
enum SizeLints {
    static let all = [fileLength, functionLength, lineLength]

    static let fileLength = Lint(name: "a file has at most 500 lines", covers: Place.isSwift) {
        path, text in
        let count = text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
        guard count > 500 else { return [] }
        return [Violation(path: path, line: count, message: "the file has \(count) lines")]
    }

    static let lineLength = Lint(name: "a line has at most 100 columns", covers: Place.isSwift) {
        path, text in
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { $0.element.count > 100 }
            .map { number, line in
                Violation(
                    path: path, line: number + 1, message: "the line has \(line.count) columns")
            }
    }

    static let functionLength = Lint(
        name: "a function has fewer than 70 lines", covers: Place.isSwift
    ) { path, text in
        let code = Tokenizer.tokens(of: text).code
        return code.indices.compactMap { start -> Violation? in
            guard let open = body(in: code, of: start), let close = code.closing(open) else {
                return nil
            }
            let count = code[close].lastLine - code[start].line + 1
            guard count >= 70 else { return nil }
            return Violation(
                path: path, line: code[start].line, message: "the function has \(count) lines")
        }
    }

    /// The position of the brace that opens the body of what is declared at `start`; nil when no
    /// function, initializer, subscript or computed property is.
    private static func body(in code: [Token], of start: Int) -> Int? {
        let isMember = start > 0 && code[start - 1].is(".")
        let isFunction = ["func", "init", "deinit", "subscript"].contains(code[start].text)
        let isProperty = code[start].is("var")
        guard code[start].kind == .word, !isMember, isFunction || isProperty else { return nil }
        var position = start + 1
        while position < code.count {
            let token = code[position]
            switch token.text {
            case "{" where token.kind == .mark: return position
            case "(", "[":
                guard token.kind == .mark, let close = code.closing(position) else { return nil }
                position = close
            // What follows belongs to the next declaration: this one has no body.
            case "}", ")", "]", "func", "var", "let", "case", "init", "subscript", "import":
                return nil
            case "=" where isProperty: return nil
            default: break
            }
            position += 1
        }
        return nil
    }
}
