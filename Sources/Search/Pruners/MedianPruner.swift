import Vocabulary

/// The median rule: stops a trial whose best value so far is worse than what the typical finished
/// trial had on average by then.
///
/// At step s a trial stops when its best cost up to s is strictly above the median, over the
/// finished trials, of the running average of their costs up to s. A finished trial without a
/// report up to s is left out; one that ended before s counts with its last average. Source:
/// Golovin et al., "Google Vizier: A Service for Black-Box Optimization", KDD 2017, section 3.2.1.
///
/// Two bounds keep memory and time independent of the sweep's length: the median is over the
/// `window` trials that finished last, and steps from 128 on are compared by their seven leading
/// bits, less than two percent apart.
struct MedianPruner: Hashable, Sendable {
    /// The finished trials that the median is over.
    private static let window = 1000

    /// A trial's costs up to each step, as a running average.
    private struct Curve: Hashable, Sendable {
        struct Point: Hashable, Sendable {
            let step: UInt64
            var average: Double
        }

        var points: [Point] = []
        var reports = 0.0
        var best = Double.infinity
        var isStopped = false

        mutating func append(_ cost: Double, at step: UInt64) {
            best = min(best, cost)
            reports += 1
            // Not a sum divided by its length: that may overflow.
            let previous = points.last?.average ?? 0
            let average = previous * ((reports - 1) / reports) + cost / reports
            if let last = points.indices.last, points[last].step >= step {
                points[last].average = average
            } else {
                points.append(Point(step: step, average: average))
            }
        }

        /// The running average up to `step`; nil before the first report.
        func average(upTo step: UInt64) -> Double? {
            let later = points.partitioningIndex { $0.step > step }
            return later > 0 ? points[later - 1].average : nil
        }
    }

    /// The averages of the finished trials up to one step.
    private struct Table: Hashable, Sendable {
        let step: UInt64
        var averages: OrderedValues
    }

    private let settings: MedianRule
    private var running: [UInt32: Curve] = [:]
    /// The last finished trials; a ring once it is full.
    private var finished: [Curve] = []
    private var finishedCount = 0
    /// A table for each step that was asked about, in the order of steps.
    private var tables: [Table] = []

    init(_ settings: MedianRule) { self.settings = settings }

    mutating func observe(trial: UInt32, step: UInt64, cost: Double) -> Bool {
        let place = Self.place(of: step)
        running[trial, default: Curve()].append(cost, at: place)
        guard let curve = running[trial], !curve.isStopped else { return true }
        guard finishedCount >= max(1, Int(settings.startupTrials)), step > settings.warmupSteps,
            let median = median(upTo: place), curve.best > median
        else { return false }
        running[trial] = Curve(isStopped: true)
        return true
    }

    mutating func finish(trial: UInt32) {
        guard let curve = running.removeValue(forKey: trial), !curve.isStopped else { return }
        for index in tables.indices {
            guard let average = curve.average(upTo: tables[index].step) else { continue }
            tables[index].averages.insert(average)
        }
        if finished.count < Self.window {
            finished.append(curve)
        } else {
            let oldest = finishedCount % Self.window
            for index in tables.indices {
                guard let average = finished[oldest].average(upTo: tables[index].step)
                else { continue }
                tables[index].averages.remove(average)
            }
            finished[oldest] = curve
        }
        finishedCount += 1
    }

    mutating func restart(trial: UInt32) { running[trial] = nil }

    private mutating func median(upTo step: UInt64) -> Double? {
        let index = tables.partitioningIndex { $0.step >= step }
        if index == tables.count || tables[index].step != step {
            let averages = finished.compactMap { $0.average(upTo: step) }
            tables.insert(Table(step: step, averages: OrderedValues(averages)), at: index)
        }
        return tables[index].averages.median
    }

    /// `step` with all but its seven leading bits cleared.
    private static func place(of step: UInt64) -> UInt64 {
        let excess = max(0, 57 - step.leadingZeroBitCount)
        return (step >> excess) << excess
    }
}
