/// One problem in something a person wrote, with the place and the fix.
package struct Diagnostic: Hashable, Sendable, Codable, CustomStringConvertible {
    /// How bad it is.
    package enum Severity: String, Sendable, Codable {
        /// What was written cannot be used.
        case error
        /// It can be used, but hardly means what its author thinks.
        case warning
    }

    /// How bad it is.
    package var severity: Severity
    /// The file as the person named it; empty when there is none.
    package var file: String
    /// The line from 1; 0 when unknown.
    package var line: Int
    /// The column from 1; 0 when unknown.
    package var column: Int
    /// The field as a path, such as `experiments.Exp1.parameters.eta`; empty when there is none.
    package var field: String
    /// What is wrong, in one sentence.
    package var message: String
    /// What to do about it, in one sentence; empty when the message says it.
    package var fix: String

    /// Describes one problem.
    package init(
        _ severity: Severity = .error, file: String = "", line: Int = 0, column: Int = 0,
        field: String = "", message: String, fix: String = ""
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.field = field
        self.message = message
        self.fix = fix
    }

    /// `file:line:column: error: message (field). fix`, the form that editors jump from.
    package var description: String {
        var place = file
        if line > 0 { place += "\(place.isEmpty ? "line " : ":")\(line)" }
        if line > 0, column > 0 { place += ":\(column)" }
        let subject = field.isEmpty ? "" : "\(field): "
        let remedy = fix.isEmpty ? "" : " \(fix)"
        return (place.isEmpty ? "" : place + ": ") + "\(severity.rawValue): \(subject)\(message)"
            + remedy
    }
}

/// Problems collected while something was read; at least one is an error.
package struct Diagnostics: Error, Sendable, CustomStringConvertible {
    /// The problems in the order in which they stand in the file.
    package let all: [Diagnostic]

    /// Wraps `all`.
    package init(_ all: [Diagnostic]) { self.all = all }

    /// A line for each problem.
    package var description: String { all.map(\.description).joined(separator: "\n") }
}
