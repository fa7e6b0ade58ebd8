package import Vocabulary

/// Why a trial is where it is.
package struct ExplanationDocument: Hashable, Sendable, Codable {
    /// The trial.
    package var trial: Written<TrialID>
    /// Where it stands.
    package var state: TrialStanding
    /// What happened and what it waits for, in the order of time.
    package var sentences: [String]

    /// An explanation.
    package init(trial: TrialID, state: TrialStanding, sentences: [String]) {
        self.trial = Written(trial)
        self.state = state
        self.sentences = sentences
    }
}
