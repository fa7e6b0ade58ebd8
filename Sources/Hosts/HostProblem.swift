import Client

/// Why something could not be done on a host, and what to do about it.
package struct HostProblem: Error, Hashable, Sendable {
    /// What is wrong, in one sentence.
    package var message: String
    /// What to do about it, in one sentence; empty when the message says it.
    package var fix: String

    /// Describes a problem.
    package init(_ message: String, fix: String = "") {
        self.message = message
        self.fix = fix
    }

    /// What went wrong between the command and the coordinator.
    init(_ error: ClientError) {
        self.init(error.message, fix: error.fix)
    }
}
