import Vocabulary

/// What is wrong with one file, gathered while it is read to its end.
struct Problems {
    /// Problems that are kept; a file that has more is not helped by a longer list.
    static let limit = 200

    /// The file as the person named it.
    let file: String
    private var found: [Diagnostic] = []
    private var seen: Set<Diagnostic> = []

    /// Nothing found yet in `file`.
    init(file: String) { self.file = file }

    /// Whether the file cannot be used.
    var hasErrors: Bool { found.contains { $0.severity == .error } }

    /// Whether further problems are dropped.
    var isFull: Bool { found.count >= Self.limit }

    /// All problems in the order of the text, each once.
    var all: [Diagnostic] {
        // The position in the list keeps problems of one place in the order in which they arose.
        found.enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset)
                < ($1.element.line, $1.element.column, $1.offset)
        }.map(\.element)
    }

    /// Adds an error.
    mutating func error(
        _ message: String, at mark: Mark, _ path: FieldPath = .root, fix: String = ""
    ) {
        add(.error, message, at: mark, path, fix: fix)
    }

    /// Adds an error in a value.
    mutating func error(_ message: String, in node: Node, fix: String = "") {
        add(.error, message, at: node.mark, node.path, fix: fix)
    }

    /// Adds a warning about a value.
    mutating func warn(_ message: String, in node: Node, fix: String = "") {
        add(.warning, message, at: node.mark, node.path, fix: fix)
    }

    /// Adds the error that `node` is not what stands in `expected`.
    mutating func mismatch(_ node: Node, expected: String, fix: String = "") {
        error("Expected \(expected), found \(node.summary)", in: node, fix: fix)
    }

    /// Adds a problem of either severity.
    mutating func add(
        _ severity: Diagnostic.Severity, _ message: String, at mark: Mark, _ path: FieldPath,
        fix: String
    ) {
        // Warnings give way to errors, so a file with an error never looks like one without.
        guard !isFull || (severity == .error && !hasErrors) else { return }
        let problem = Diagnostic(
            severity, file: file, line: mark.line, column: mark.column,
            field: path.description, message: message + ".", fix: fix)
        if seen.insert(problem).inserted { found.append(problem) }
    }

    /// Ends a reading: `value`, unless there is an error.
    func finish<Value>(_ value: Value?) throws(Diagnostics) -> Value {
        guard !hasErrors, let value else { throw Diagnostics(all) }
        return value
    }
}
