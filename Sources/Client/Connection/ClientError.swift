package import Vocabulary

/// Why a command did not do what it was asked: one sentence and the next step.
package struct ClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What scripts tell errors apart by, through the exit code.
    package enum Kind: Hashable, Sendable {
        /// A file or an argument cannot be used.
        case badInput
        /// No coordinator answers.
        case unreachable
        /// The coordinator does not let this person in.
        case notPermitted
        /// Something else went wrong, or was refused.
        case failed
    }

    /// What kind of error it is.
    package var kind: Kind
    /// What is wrong, in one sentence.
    package var message: String
    /// What to do about it, in one sentence; empty when the message says it.
    package var fix: String
    /// The problems of a file, each with its place; empty when no file is at fault.
    package var diagnostics: [Diagnostic]

    /// Describes an error.
    package init(
        _ kind: Kind, _ message: String, fix: String = "", diagnostics: [Diagnostic] = []
    ) {
        self.kind = kind
        self.message = message
        self.fix = fix
        self.diagnostics = diagnostics
    }

    /// What is wrong with a file, all at once.
    package init(_ problems: Diagnostics) {
        let errors = problems.all.count { $0.severity == .error }
        let file = problems.all.first { !$0.file.isEmpty }?.file ?? "the file"
        self.init(
            .badInput, "\(file) has \(HumanForm.count(errors, "problem")).",
            fix: "Mend the file and try again.", diagnostics: problems.all)
    }

    /// The diagnostics, a harmless line each, then the summary.
    package var description: String { told(after: "") }

    /// The description with `mark` before the summary: the diagnostics have marks of their own.
    package func told(after mark: String) -> String {
        let summary = mark + (fix.isEmpty ? message : "\(message) \(fix)")
        return (diagnostics.map(\.description) + [summary]).map(Harmless.line)
            .joined(separator: "\n")
    }
}

/// Exit codes of `picoml`, for scripts.
package enum CommandStatus: Int32, Sendable, CaseIterable {
    /// It was done.
    case done = 0
    /// It was not done.
    case failed = 1
    /// A file or an argument cannot be used.
    case badInput = 2
    /// A sweep that was waited for finished without one usable trial.
    case noUsableTrial = 3
    /// A sweep that was waited for was cancelled.
    case cancelled = 4
    /// No coordinator answers (`EX_UNAVAILABLE` of sysexits.h).
    case unreachable = 69
    /// The coordinator refuses the token (`EX_NOPERM` of sysexits.h).
    case notPermitted = 77

    /// What it means, for the help.
    package var meaning: String {
        switch self {
        case .done: "done; for `--wait`: the sweep finished"
        case .failed: "failed or refused; the message says why"
        case .badInput: "an argument or a file cannot be used"
        case .noUsableTrial: "`--wait`: the sweep ended without one usable trial"
        case .cancelled: "`--wait`: the sweep was cancelled"
        case .unreachable: "no coordinator answers"
        case .notPermitted: "the coordinator refuses the token"
        }
    }
}

extension ClientError {
    /// The exit code that belongs to the kind.
    package var status: CommandStatus {
        switch kind {
        case .badInput: .badInput
        case .unreachable: .unreachable
        case .notPermitted: .notPermitted
        case .failed: .failed
        }
    }
}
