import Vocabulary

/// Turns metrics that come one by one, as loggers send them, into a learning curve: one report
/// for each step, with growing steps.
///
/// The coordinator takes one report of a step, the first, so what comes of a step before the
/// objective waits for it.
struct Curve {
    /// A point of the curve.
    struct Report: Equatable {
        var step: UInt64
        var metrics: [Metric]
    }

    private let objective: String
    /// The last value of each metric.
    private(set) var last: [Metric] = []
    private var step: UInt64 = 0
    private var waiting: [Metric] = []
    private var waitingStep: UInt64?

    /// A curve without points.
    init(objective: String) { self.objective = objective }

    /// Takes metrics of a step from 1, or of no particular one, and gives the points that can be
    /// reported now.
    ///
    /// Without a step the next one begins with each new value of the objective.
    mutating func take(_ metrics: [Metric], step newStep: UInt64? = nil) -> [Report] {
        merge(metrics, into: &last)
        var reports: [Report] = []
        if let newStep, let waitingStep, waitingStep != newStep { flush(&reports) }
        merge(metrics, into: &waiting)
        if let newStep { waitingStep = newStep }
        if metrics.contains(where: { $0.name == objective }) {
            if waitingStep == nil, step < .max { waitingStep = step + 1 }
            flush(&reports)
        }
        return reports
    }

    /// Notes what was reported by other means.
    mutating func note(_ metrics: [Metric], step reported: UInt64) {
        merge(metrics, into: &last)
        step = max(step, reported)
    }

    private mutating func flush(_ reports: inout [Report]) {
        if let waitingStep, waitingStep > step {
            reports.append(Report(step: waitingStep, metrics: waiting))
            step = waitingStep
        }
        waiting = []
        waitingStep = nil
    }

    /// Metrics beyond the number that a message may have are left out, but never the objective.
    private func merge(_ metrics: [Metric], into merged: inout [Metric]) {
        for metric in metrics where (1...Limits.nameBytes).contains(metric.name.utf8.count) {
            if let index = merged.firstIndex(where: { $0.name == metric.name }) {
                merged[index] = metric
            } else if merged.count < Limits.metricsPerReport {
                merged.append(metric)
            } else if metric.name == objective {
                merged[merged.count - 1] = metric
            }
        }
    }
}
