import Vocabulary

/// Collects the problems of one file up to a limit, so that a person fixes many in one go.
struct ProblemList {
    /// Problems that are shown at once.
    static let limit = 20

    private let file: String
    private var all: [Diagnostic] = []

    init(file: String) { self.file = file }

    /// Whether looking for more is pointless.
    var isFull: Bool { all.count >= Self.limit }

    mutating func add(
        line: Int = 0, column: Int = 0, field: String = "", _ message: String, fix: String = ""
    ) {
        guard !isFull else { return }
        all.append(
            Diagnostic(
                file: file, line: line, column: column, field: field, message: message, fix: fix))
    }

    /// Throws what was collected, if anything was.
    func check() throws(Diagnostics) {
        if !all.isEmpty { throw Diagnostics(all) }
    }
}
