/// A defect that the simulated world puts in on purpose, to prove that the checkers would see it.
package enum Sabotage: String, CaseIterable, Sendable {
    /// No defect.
    case none
    /// A late result is passed on as if it came from the newest attempt.
    case noFence
    /// Directives are performed before their records are durable, and then the power fails.
    case acknowledgeBeforeCommit
    /// Recovery overlooks a result in the journal.
    case replaySkipsRecord
    /// A lease is also sent to a worker it was not recorded for.
    case doubleLease
}
