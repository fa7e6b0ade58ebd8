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
