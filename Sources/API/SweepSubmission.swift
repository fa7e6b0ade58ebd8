package import Vocabulary

/// A sweep to run.
package struct SweepSubmission: Hashable, Sendable, Codable {
    /// The file's name as the person wrote it, for diagnostics.
    package var file: String
    /// The file's text.
    package var text: String
    /// The prepared data, already stored as artifacts; nil when the file has no `data:`.
    package var data: PreparedData?
    /// The packed code, already stored as an artifact; nil when no trainer runs the user's own.
    package var code: CodeBundle?
    /// Who submits it, with whom the workers are shared; nil when the client does not say.
    package var user: String?

    /// Submits `text`.
    package init(
        file: String, text: String, data: PreparedData? = nil, code: CodeBundle? = nil,
        user: String? = nil
    ) {
        self.file = file
        self.text = text
        self.data = data
        self.code = code
        self.user = user
    }
}

/// A sweep was accepted.
package struct SweepAccepted: Hashable, Sendable, Codable {
    /// Its number.
    package var sweep: Written<SweepID>
    /// What its author hardly meant.
    package var warnings: [Diagnostic]

    /// Says that `sweep` was accepted.
    package init(sweep: SweepID, warnings: [Diagnostic]) {
        self.sweep = Written(sweep)
        self.warnings = warnings
    }
}
