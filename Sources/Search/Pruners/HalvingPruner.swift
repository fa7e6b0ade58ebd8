import Vocabulary

/// Asynchronous successive halving in its stopping form.
///
/// Rungs stand at `minimumStep` · `reductionFactor`^k. A trial that reaches one joins it with its
/// cost there and goes on when fewer than ⌊n / reductionFactor⌋ of the n costs in the rung, its own
/// included, are strictly better; the first `reductionFactor` − 1 to reach a rung always go on.
/// Equal costs go on together. A report that passes several rungs at once joins the highest.
/// Nothing waits for a rung to fill. Source: Li et al., "A System for Massively Parallel
/// Hyperparameter Tuning", MLSys 2020. The stopping form, in which trials are not paused, is the
/// one that Ray Tune and Syne Tune offer.
struct HalvingPruner: Hashable, Sendable {
    private struct Progress: Hashable, Sendable {
        struct Entry: Hashable, Sendable {
            let rung: Int
            let cost: Double
        }

        var entries: [Entry] = []
        var isStopped = false

        /// The lowest rung that the trial has not passed.
        var nextRung: Int { (entries.last?.rung ?? -1) + 1 }
    }

    private let reductionFactor: Int
    /// The step of each rung.
    private let levels: [UInt64]
    /// The costs in each rung.
    private var rungs: [OrderedValues]
    private var running: [UInt32: Progress] = [:]

    init(_ settings: HalvingRule) {
        let factor = max(2, settings.reductionFactor)
        var levels: [UInt64] = []
        var level = max(1, settings.minimumStep)
        while level <= settings.maximumStep ?? .max {
            levels.append(level)
            let (next, overflow) = level.multipliedReportingOverflow(by: UInt64(factor))
            if overflow { break }
            level = next
        }
        reductionFactor = Int(factor)
        self.levels = levels
        rungs = Array(repeating: OrderedValues(), count: levels.count)
    }

    mutating func observe(trial: UInt32, step: UInt64, cost: Double) -> Bool {
        var progress = running[trial] ?? Progress()
        guard !progress.isStopped else { return true }
        guard let rung = levels.lastIndex(where: { $0 <= step }), rung >= progress.nextRung
        else { return false }
        rungs[rung].insert(cost)
        let size = rungs[rung].count
        let better = rungs[rung].count(below: cost)
        progress.isStopped = size >= reductionFactor && better >= size / reductionFactor
        progress.entries.append(Progress.Entry(rung: rung, cost: cost))
        running[trial] = progress
        return progress.isStopped
    }

    /// The trial's costs stay in their rungs.
    mutating func finish(trial: UInt32) { running[trial] = nil }

    /// The trial's costs leave their rungs, so that its next attempt does not count twice.
    mutating func restart(trial: UInt32) {
        guard let progress = running.removeValue(forKey: trial) else { return }
        for entry in progress.entries { rungs[entry.rung].remove(entry.cost) }
    }
}
