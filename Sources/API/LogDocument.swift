package import FoundationEssentials
package import Vocabulary

/// A part of what one execution of a trial printed.
package struct LogDocument: Hashable, Sendable, Codable {
    /// The trial.
    package var trial: Written<TrialID>
    /// The number of the execution, from 1; 0 before the first.
    package var attempt: UInt32
    /// The position of the first byte; after the one asked for when that is no longer kept.
    package var offset: UInt64
    /// The bytes, in base 64; empty when there are no more for now.
    package var content: Data
    /// Whether the execution may print more.
    package var isRunning: Bool
    /// Whether the trial has ended, so that no further execution follows.
    package var isFinal: Bool

    /// Describes a part of a log; see the properties.
    package init(
        trial: TrialID, attempt: UInt32, offset: UInt64, content: [UInt8], isRunning: Bool,
        isFinal: Bool
    ) {
        self.trial = Written(trial)
        self.attempt = attempt
        self.offset = offset
        self.content = Data(content)
        self.isRunning = isRunning
        self.isFinal = isFinal
    }
}
