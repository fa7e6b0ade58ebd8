package import Vocabulary

/// The checkpoints of one trial that are kept.
package struct TrialCheckpoints: Hashable, Sendable {
    /// The last one, from which the next attempt goes on.
    package private(set) var latest: Checkpoint?
    /// The last step of the learning curve that `latest` covers: a trainer may count the steps of
    /// its checkpoints in another way than those of its reports.
    package private(set) var reportedStep: UInt64 = 0
    /// The one with the best objective, when there was one to compare.
    package private(set) var best: Checkpoint?
    init() {}

    /// Takes a later one.
    mutating func add(_ checkpoint: Checkpoint, reportedStep: UInt64, goal: Objective) {
        latest = checkpoint
        self.reportedStep = min(checkpoint.step, reportedStep)
        if isBest(checkpoint.objective, goal) { best = checkpoint }
    }

    private func isBest(_ objective: Double?, _ goal: Objective) -> Bool {
        guard let objective else { return false }
        return best?.objective.map { goal.isBetter(objective, than: $0) } ?? true
    }

    /// Forgets the one at `step`.
    mutating func release(_ step: UInt64) {
        if latest?.step == step { latest = nil }
        if best?.step == step { best = nil }
    }

    /// The steps of those that a later one with `objective` replaces.
    func replaced(by objective: Double?, goal: Objective) -> [UInt64] {
        steps.filter { $0 != best?.step || isBest(objective, goal) }
    }

    /// The steps of those that are not kept when the trial has ended.
    func unkept(_ kept: KeptCheckpoint) -> [UInt64] {
        // Without an objective to compare, the last one is the best guess.
        let best = kept.includesBest ? (best ?? latest)?.step : nil
        let latest = kept.includesLatest ? latest?.step : nil
        return steps.filter { $0 != best && $0 != latest }
    }

    /// The steps of all, ascending.
    var steps: [UInt64] {
        let steps = [best?.step, latest?.step].compactMap(\.self)
        return steps.first == steps.last ? Array(steps.prefix(1)) : steps
    }
}
