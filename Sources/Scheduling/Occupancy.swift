import DequeModule
import Vocabulary

/// Which hosts are in use, for trials that want one for themselves.
///
/// Several workers may run on one host; hosts are told apart by their names.
struct Occupancy {
    private var counts: [String: Int] = [:]
    private var reserved: Set<String> = []

    /// What the workers of `all` hold.
    init(_ all: [Session]) {
        for session in all {
            for lease in session.leases { take(lease, on: session.host) }
        }
    }

    /// Takes a lease on a host into account.
    mutating func take(_ lease: HeldLease, on host: String) {
        counts[host, default: 0] += 1
        if lease.isExclusive { reserved.insert(host) }
    }

    /// Leases that workers of `host` hold together.
    func leases(on host: String) -> Int { counts[host] ?? 0 }

    /// Whether a trial has `host` for itself.
    func isReserved(_ host: String) -> Bool { reserved.contains(host) }
}

extension Coordinator {
    /// Which hosts are in use; nil while no trial wants one for itself, so that placement need not
    /// look.
    func occupancy() -> Occupancy? {
        let isWanted = durable.openSweeps.contains { sweep in
            durable.sweeps[Int(sweep.number) - 1]?.definition.spec.experiments
                .contains { $0.resources.isExclusive } ?? false
        }
        guard isWanted else { return nil }
        return Occupancy(sessions.keys.sorted().compactMap { sessions[$0] })
    }
}
