import Yams

/// Why a text is no YAML document that could be read.
enum SyntaxProblem: Error {
    /// There is nothing in it.
    case empty
    /// A key stands twice in one mapping; the first one's place.
    case duplicateKey(Mark)
    /// Anything else that libYAML says, where it says it, and where what it was reading began.
    case syntax(String, Mark, context: String, from: Mark?)
    /// A byte that YAML does not allow, counted from the start in characters.
    case character(String, offset: Int?)
    /// A failure without a place.
    case other(String, Mark)

    /// Sorts an error of the library.
    init(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, yaml: _),
            .parser(let context, let problem, let mark, yaml: _),
            .composer(let context, let problem, let mark, yaml: _):
            self = .syntax(
                problem, Mark(mark), context: context?.text ?? "",
                from: context.map { Mark($0.mark) })
        case .duplicatedKeysInMapping(duplicates: _, let context):
            self = .duplicateKey(Mark(context.mark))
        case .reader(let problem, let offset, value: _, yaml: _):
            self = .character(problem, offset: offset)
        case .memory:
            self = .other("The file is nested too deeply", .start)
        default:
            self = .other("\(error)", .start)
        }
    }

    /// Says in words what is wrong with `text`.
    func report(text: String, into problems: inout Problems) {
        switch self {
        case .empty:
            problems.error(
                "The file is empty", at: .start,
                fix: "The examples in configs/ show what stands in one.")
        case .duplicateKey(let mark):
            problems.error("A key stands twice in one mapping", at: mark, fix: "Delete one.")
        case .character(let problem, let offset):
            problems.error(
                "A character that YAML does not allow stands here (\(problem))",
                at: Self.mark(ofCharacter: offset ?? 0, in: text), fix: "Delete it.")
        case .other(let message, let mark):
            problems.error(message, at: mark)
        case .syntax(let problem, let mark, let context, let start):
            let line = Self.line(at: mark, in: text)
            let advice = Self.advice(
                problem: problem, context: context,
                character: line.dropFirst(mark.column - 1).first,
                isMacro: line.prefix(mark.column).hasSuffix("${"),
                beginsLine: line.prefix(mark.column - 1).allSatisfy { $0 == " " })
            let place = advice.isAtStart ? start ?? mark : mark
            problems.error(advice.message, at: place, fix: advice.fix)
        }
    }

    private typealias Advice = (message: String, fix: String, isAtStart: Bool)

    private static func advice(
        problem: String, context: String, character: Character?, isMacro: Bool,
        beginsLine: Bool
    ) -> Advice {
        if character == "\t" {
            return ("A tab is used for indentation", "Use spaces.", false)
        }
        if context.contains("quoted scalar"), problem.contains("end of stream") {
            return ("The quote that opens here is never closed", "Close it.", true)
        }
        if isMacro {
            return (
                "A brace within brackets begins a mapping",
                "Quote the word, as in `\"${args}\"`, or use a line with `- ` for each.", false
            )
        }
        if context.contains("flow sequence") {
            return ("The list that opens here is not closed", "Close it with `]`.", true)
        }
        if context.contains("flow mapping") {
            return ("The mapping that opens here is not closed", "Close it with `}`.", true)
        }
        if problem.contains("mapping values are not allowed") {
            return (
                "A colon stands where no key can be",
                "Check the indentation, or quote the text.", false
            )
        }
        if problem.contains("could not find expected ':'") {
            return ("A line has no colon after its key", "Write `key: value`.", true)
        }
        if problem.contains("another document") {
            return ("A second document begins here", "Use one file for each.", false)
        }
        if problem.contains("nesting level") {
            return ("Mappings and lists are nested too deep", "Flatten the file.", false)
        }
        if problem.contains("did not find expected") {
            guard beginsLine else {
                return ("Something follows a value that has ended", "Quote the text.", false)
            }
            return (
                "The indentation does not fit the lines before",
                "Begin the keys of one mapping in one column.", false
            )
        }
        if problem.contains("cannot start any token") {
            let sign = character.map { "`\($0)`" } ?? "This character"
            return ("\(sign) cannot begin a value", "Quote the text.", false)
        }
        let clause = context.isEmpty ? "" : " \(context)"
        return ("The text is not YAML: \(problem)\(clause)", "", false)
    }

    private static func line(at mark: Mark, in text: String) -> Substring {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : ""
    }

    private static func mark(ofCharacter offset: Int, in text: String) -> Mark {
        let before = text.prefix(offset)
        let line = before.count { $0.isNewline } + 1
        let start = before.lastIndex { $0.isNewline }.map(before.index(after:))
        let column = before[(start ?? before.startIndex)...].unicodeScalars.count + 1
        return Mark(line: line, column: column)
    }
}
