package import Vocabulary

/// What the promotion gate is asked.
package struct GateQuestion: Hashable, Sendable {
    /// Loss of the challenger on each row of the gate; smaller is better.
    package var challenger: [Double]
    /// Loss of the champion on the same rows in the same order; nil when there is no champion.
    package var champion: [Double]?
    /// How sure the gate has to be.
    package var policy: PromotionPolicy
    /// Seed of the resampling.
    package var seed: UInt64

    /// Asks whether `challenger` is really better than `champion`.
    package init(
        challenger: [Double], champion: [Double]?, policy: PromotionPolicy, seed: UInt64
    ) {
        self.challenger = challenger
        self.champion = champion
        self.policy = policy
        self.seed = seed
    }
}

/// What the promotion gate answered, with its evidence.
package struct GateReport: Hashable, Sendable, Codable {
    /// What becomes of the challenger.
    package enum Verdict: String, Hashable, Sendable, Codable {
        /// It becomes the champion.
        case promote
        /// The champion stays.
        case keep
    }

    /// What becomes of the challenger.
    package var verdict: Verdict
    /// Rows on which both were scored.
    package var rows: Int
    /// Mean loss of the challenger.
    package var challengerLoss: Double
    /// Mean loss of the champion; nil when there is none.
    package var championLoss: Double?
    /// Mean of champion minus challenger: above zero when the challenger is better; nil when
    /// there is no champion.
    package var difference: Double?
    /// Lower end of the interval on the difference; nil when none was computed.
    package var lower: Double?
    /// Upper end of the interval on the difference; nil when none was computed.
    package var upper: Double?
    /// Confidence of the interval, between 0 and 1.
    package var confidence: Double
    /// The verdict in one or two sentences for people, with the numbers.
    package var reason: String

    /// Describes an answer; see the properties.
    package init(
        verdict: Verdict, rows: Int, challengerLoss: Double, championLoss: Double?,
        difference: Double?, lower: Double?, upper: Double?, confidence: Double, reason: String
    ) {
        self.verdict = verdict
        self.rows = rows
        self.challengerLoss = challengerLoss
        self.championLoss = championLoss
        self.difference = difference
        self.lower = lower
        self.upper = upper
        self.confidence = confidence
        self.reason = reason
    }
}

/// Why the promotion gate cannot answer; `description` is a sentence for people.
package enum GateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is not one row to compare on.
    case noRows
    /// The two were not scored on the same rows.
    case rowCountMismatch(challenger: Int, champion: Int)
    /// A loss is NaN or infinite, or so large that means are.
    case nonFiniteLoss(row: Int)
    /// The policy's numbers are out of their ranges (see `PromotionPolicy`).
    case invalidPolicy

    /// What is wrong and what to do about it.
    package var description: String {
        switch self {
        case .noRows:
            "The gate has no rows: keep some rows back for it in the sweep's data."
        case .rowCountMismatch(let challenger, let champion):
            "The challenger was scored on \(challenger) rows and the champion on \(champion): "
                + "score both on the same rows."
        case .nonFiniteLoss(let row):
            "The loss on gate row \(row) is not a finite number of reasonable size: look at "
                + "what the model predicts there."
        case .invalidPolicy:
            "The promotion policy is out of range: confidence is between 0.5 and 1, resamples "
                + "100 to 100,000, rows of a block at least 1, margin at least 0."
        }
    }
}
