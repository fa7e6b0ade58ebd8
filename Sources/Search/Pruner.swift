package import Vocabulary

/// Decides from learning curves which trials to stop early.
///
/// One value serves one experiment. It is a pure fold over the calls made to it: the same calls
/// in the same order give the same decisions and an equal value.
package struct Pruner: Hashable, Sendable {
    private enum Rule: Hashable, Sendable {
        case none
        case median(MedianPruner)
        case halving(HalvingPruner)
    }

    private var rule: Rule
    private let goal: Objective.Goal

    /// A pruner without curves that follows `spec` for an objective with `goal`.
    package init(_ spec: PrunerSpec, goal: Objective.Goal) {
        self.goal = goal
        switch spec {
        case .none: rule = .none
        case .median(let settings): rule = .median(MedianPruner(settings))
        case .asha(let settings): rule = .halving(HalvingPruner(settings))
        }
    }

    /// Takes a point of a learning curve and says whether the trial should stop.
    ///
    /// A value that is not finite is ignored.
    ///
    /// - Parameters:
    ///   - trial: The trial's number in its sweep.
    ///   - step: The resource spent, growing within a trial.
    ///   - value: The objective at that step.
    /// - Returns: Whether to stop it; once true, true until `finish` or `restart`.
    package mutating func observe(trial: UInt32, step: UInt64, value: Double) -> Bool {
        guard value.isFinite else { return false }
        // Both rules are written for costs, so that each exists once.
        let cost = goal == .minimize ? value : -value
        switch rule {
        case .none:
            return false
        case .median(var median):
            // Emptied while it is changed, so that the tables are not copied.
            rule = .none
            defer { rule = .median(median) }
            return median.observe(trial: trial, step: step, cost: cost)
        case .halving(var halving):
            rule = .none
            defer { rule = .halving(halving) }
            return halving.observe(trial: trial, step: step, cost: cost)
        }
    }

    /// Takes that the trial ended: it counts as finished for the median rule unless it was told
    /// to stop, and what was only needed while it ran is released.
    package mutating func finish(trial: UInt32) {
        switch rule {
        case .none:
            break
        case .median(var median):
            rule = .none
            median.finish(trial: trial)
            rule = .median(median)
        case .halving(var halving):
            rule = .none
            halving.finish(trial: trial)
            rule = .halving(halving)
        }
    }

    /// Forgets a trial's curve because another attempt starts from step 1, or because it failed
    /// for good.
    package mutating func restart(trial: UInt32) {
        switch rule {
        case .none:
            break
        case .median(var median):
            rule = .none
            median.restart(trial: trial)
            rule = .median(median)
        case .halving(var halving):
            rule = .none
            halving.restart(trial: trial)
            rule = .halving(halving)
        }
    }
}
