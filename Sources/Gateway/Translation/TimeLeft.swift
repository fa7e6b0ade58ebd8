import API
import Scheduling
import Storage
import Vocabulary

/// How long a sweep's phase still takes, if it goes on at the pace so far.
enum TimeLeft {
    /// The seconds that the phase still takes.
    ///
    /// - Parameters:
    ///   - sweep: The sweep with its experiments.
    ///   - confirmations: The trials that prove the winner.
    ///   - now: What the clock shows.
    /// - Returns: Nil when the sweep has ended, is paused, or nothing of the phase has ended yet.
    static func seconds(
        of sweep: SweepRow, confirmations: [TrialRow], now: Timestamp
    ) -> Double? {
        guard !sweep.isPaused else { return nil }
        switch sweep.phase {
        case .searching:
            let total = sweep.experiments.reduce(0) { sum, experiment in
                sum + (experiment.isExhausted ? experiment.created : experiment.planned)
            }
            let ended = sweep.experiments.map(TrialCounts.init).reduce(0) { $0 + $1.ended }
            return seconds(
                ended: ended, left: total - ended, since: sweep.submitted, now: now)
        case .confirming:
            let counts = TrialCounts(confirmations)
            guard let first = confirmations.map(\.created).min() else { return nil }
            return seconds(
                ended: counts.ended, left: counts.waiting + counts.running, since: first,
                now: now)
        case .judging, .finished, .failed, .cancelled: return nil
        }
    }

    private static func seconds(
        ended: Int, left: Int, since start: Int64, now: Timestamp
    ) -> Double? {
        guard ended > 0 else { return nil }
        let elapsed = Double(max(0, now.milliseconds - start)) / 1000
        return elapsed / Double(ended) * Double(max(0, left))
    }
}
