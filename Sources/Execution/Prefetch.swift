import Vocabulary

/// How many leases to hold beyond those that run, so that the next one is there when one ends.
///
/// A lease that waits behind a long trial could run on an idle worker instead, so only short
/// trials are prefetched: as many as end within `horizon`.
struct Prefetch: Hashable, Sendable {
    /// Time that the coordinator may take to answer without a worker running dry.
    static let horizon = 0.1
    /// Mean seconds of a trial above which nothing is held ahead.
    static let longest = 1.0

    private let isOn: Bool
    private var mean: Double?

    init(isOn: Bool) { self.isOn = isOn }

    /// Takes the length of an ended execution into account.
    mutating func observe(seconds: Double) {
        guard seconds.isFinite, seconds >= 0 else { return }
        mean = mean.map { $0 + (seconds - $0) / 8 } ?? seconds
    }

    /// CPUs worth of leases to hold beyond `cpus`, while the oldest execution has run for
    /// `running` seconds.
    func count(cpus: UInt32, running: Double?) -> UInt32 {
        guard isOn, running ?? 0 < Self.longest else { return 0 }
        // Until something has ended, nobody knows how long a lease would wait here.
        guard let mean, mean < Self.longest else { return 0 }
        let ending = Self.horizon / max(mean, 1e-6) * Double(cpus)
        return UInt32(min(max(ending.rounded(.up), 1), Double(Limits.leasesPerWorker / 4)))
    }
}
