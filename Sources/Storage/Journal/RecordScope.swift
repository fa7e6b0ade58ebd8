import Scheduling
import Vocabulary

// GRDB has a class of this name, too.
typealias Record = Scheduling.Record

/// What records are about, so that those of ended sweeps can be skipped.
struct RecordScope: Hashable {
    /// The lowest and the highest number of a sweep; nil when there is none.
    private(set) var sweeps: ClosedRange<UInt32>?
    /// Whether a worker or the registry is concerned.
    private(set) var isShared = false

    /// What `records` are about.
    init(_ records: [Record]) {
        for record in records {
            guard let number = record.sweep?.number else {
                isShared = true
                continue
            }
            guard let range = sweeps else {
                sweeps = number...number
                continue
            }
            if !range.contains(number) {
                sweeps = min(range.lowerBound, number)...max(range.upperBound, number)
            }
        }
    }
}

extension Record {
    /// The sweep that the record belongs to; nil for workers and the registry.
    var sweep: SweepID? {
        switch self {
        case .workerAuthorized, .workerRevoked, .workerJoined, .workerLeft, .registryChanged: nil
        case .sweepSubmitted(let sweep, _, _, _), .sweepEntered(let sweep, _, _),
            .sweepPaused(let sweep, _), .experimentExhausted(let sweep, _),
            .gateJudged(let sweep, _, _):
            sweep
        case .trialCreated(let creation): creation.trial.sweep
        case .attemptStarted(let attempt, _), .pruneDecided(let attempt): attempt.trial.sweep
        case .reported(let report): report.attempt.trial.sweep
        case .attemptEnded(let result, _, _): result.attempt.trial.sweep
        }
    }
}
