/// What may not be written at all, and what may only with its reason beside it.
enum BannedCalls {
    static let all = [impurity, danger, unexplained, output]

    /// What makes a decision depend on more than its arguments.
    static let impurity = Lint(
        name: "the pure ring has no clock, randomness, log or task", covers: Place.isPure
    ) { path, text in
        let code = Tokenizer.tokens(of: text).code
        return code.indices.compactMap { position in
            impurity(in: code, at: position).map {
                Violation(path: path, line: code[position].line, message: "\($0) in the pure ring")
            }
        }
    }

    private static let impureTypes: Set<String> = [
        "Date", "Logger", "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator",
        "Task", "TaskGroup", "Thread", "FileManager", "ProcessInfo", "Mutex",
    ]
    private static let draws: Set<String> = ["random", "randomElement", "shuffled", "shuffle"]

    private static func impurity(in code: [Token], at position: Int) -> String? {
        let token = code[position]
        guard token.kind == .word else { return nil }
        if impureTypes.contains(token.text), !(position > 0 && code[position - 1].is("case")) {
            return "`\(token.text)`"
        }
        let isMember = position > 0 && code[position - 1].is(".")
        if isMember, draws.contains(token.text), code.matches(["("], at: position + 1) {
            let close = code.closing(position + 1) ?? code.count - 1
            // With a source that was handed in, the draw is the caller's.
            return code[position...close].contains { $0.is("using") } ? nil : "`.\(token.text)(`"
        }
        // `.now` of a type or without one; `message.now` is a value that was handed in.
        if isMember, token.is("now"), position > 1 {
            let owner = code[position - 2]
            let isValue = owner.kind == .word && owner.text.first?.isLowercase == true
            let isKeyword = ["return", "in", "case", "else"].contains(owner.text)
            return isValue && !isKeyword ? nil : "`.now`"
        }
        return nil
    }

    /// What ends the process, hides an error or hopes that some time is enough.
    static let danger = Lint(
        name: "nothing traps on purpose, sleeps or starts a loose task",
        covers: Place.isSwift
    ) { path, text in
        let tokens = Tokenizer.tokens(of: text)
        let code = tokens.code
        // A test that waits for a condition must pause between two looks, and says so.
        let explained = path.hasPrefix("Tests/") ? explainedLines(tokens) : []
        return code.indices.compactMap { position in
            let line = code[position].line
            let found =
                banned.first { code.matches($0, at: position) }
                ?? sleeps.first { code.matches($0, at: position) && !explained.contains(line) }
            return found.map {
                Violation(path: path, line: line, message: "`\($0.joined())` is banned")
            }
        }
    }

    private static let banned = [
        ["try!"], ["fatalError", "("], ["Task", "{"], ["Task", ".", "detached"],
        ["import", "XCTest"], ["@", "testable"],
    ]
    private static let sleeps = [
        ["Task", ".", "sleep"], ["Thread", ".", "sleep"], ["usleep", "("], ["nanosleep", "("],
    ]

    /// Where something stands with its reason: the lines of a comment and the five below it.
    private static func explainedLines(_ tokens: [Token]) -> Set<Int> {
        Set(
            tokens.filter { $0.kind == .comment }.flatMap { Array($0.line...($0.lastLine + 5)) })
    }

    /// What is right only sometimes.
    static let unexplained = Lint(
        name: "try? and @unchecked have their reason beside them", covers: Place.isSource
    ) { path, text in
        let tokens = Tokenizer.tokens(of: text)
        let code = tokens.code
        let explained = explainedLines(tokens)
        return code.indices.compactMap { position in
            let token = code[position]
            let what =
                token.is("try?")
                ? "try?" : code.matches(["@", "unchecked"], at: position) ? "@unchecked" : nil
            guard let what, !explained.contains(token.line) else { return nil }
            return Violation(
                path: path, line: token.line, message: "`\(what)` without its reason in a comment")
        }
    }

    /// Standard output belongs to the commands.
    static let output = Lint(
        name: "only the commands print",
        covers: {
            Place.isSource($0) && !["picoml", "Client"].contains(Place.target(of: $0) ?? "")
        }
    ) { path, text in
        let code = Tokenizer.tokens(of: text).code
        return code.indices.compactMap { position in
            guard code.matches(["print", "("], at: position) else { return nil }
            let before = position > 0 ? code[position - 1].text : ""
            guard before != ".", before != "func" else { return nil }
            return Violation(path: path, line: code[position].line, message: "`print(`")
        }
    }
}
