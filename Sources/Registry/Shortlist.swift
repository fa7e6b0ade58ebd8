package import Vocabulary

/// One retraining of a finalist.
package struct Confirmation: Hashable, Sendable, Codable {
    /// The trial of the search that is confirmed.
    package var finalist: TrialID
    /// The retraining.
    package var trial: TrialID
    /// The objective that the retraining reached.
    package var value: Double

    /// The retraining `trial` of `finalist`.
    package init(finalist: TrialID, trial: TrialID, value: Double) {
        self.finalist = finalist
        self.trial = trial
        self.value = value
    }
}

/// Which trials are worth another look, and which of them wins.
///
/// The best of many trials owes part of its value to luck, so the best few are trained again with
/// fresh seeds and compared by what they reach then.
package enum Shortlist {
    /// The best `count` of `candidates`, the best first; the older trial first among equals.
    ///
    /// Candidates whose value is not finite are left out.
    package static func finalists(
        of candidates: [(trial: TrialID, value: Double)], goal: Objective.Goal, count: Int
    ) -> [TrialID] {
        candidates.filter { $0.value.isFinite }
            .sorted { isBefore(($0.value, $0.trial), ($1.value, $1.trial), goal: goal) }
            .prefix(max(0, count)).map(\.trial)
    }

    /// The finalist with the best mean over its retrainings, and the retraining to register.
    ///
    /// Only finalists with as many finite values as the one with the most compete: a mean over
    /// fewer seeds is the luckier one, and a retraining that failed is no recommendation.
    /// Among equal means the older finalist wins. The representative is the winner's retraining
    /// with the median value, the lower of the two in the middle for an even number (lower as a
    /// number, whatever the goal).
    ///
    /// - Returns: Nil when there is no finite value.
    package static func winner(
        confirmations: [Confirmation], goal: Objective.Goal
    ) -> (finalist: TrialID, representative: TrialID)? {
        let usable = confirmations.filter { $0.value.isFinite }
            .sorted { ($0.finalist, $0.value, $0.trial) < ($1.finalist, $1.value, $1.trial) }
        let groups = usable.reduce(into: [[Confirmation]]()) { groups, confirmation in
            if let last = groups.last?.last, last.finalist == confirmation.finalist {
                groups[groups.count - 1].append(confirmation)
            } else {
                groups.append([confirmation])
            }
        }
        let most = groups.map(\.count).max() ?? 0
        let best = groups.filter { $0.count == most }
            .map { (mean: mean($0), group: $0, finalist: $0[0].finalist) }
            .min { isBefore(($0.mean, $0.finalist), ($1.mean, $1.finalist), goal: goal) }
        guard let best else { return nil }
        return (best.finalist, best.group[(best.group.count - 1) / 2].trial)
    }

    private static func mean(_ group: [Confirmation]) -> Double {
        group.reduce(0) { $0 + $1.value / Double(group.count) }
    }

    private static func isBefore(
        _ left: (value: Double, trial: TrialID), _ right: (value: Double, trial: TrialID),
        goal: Objective.Goal
    ) -> Bool {
        guard left.value != right.value else { return left.trial < right.trial }
        return goal == .minimize ? left.value < right.value : left.value > right.value
    }
}
