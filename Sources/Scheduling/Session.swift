import DequeModule
import Vocabulary

/// What the coordinator knows of a worker that is connected, or may come back.
struct Session: Hashable, Sendable {
    /// The connection; nil while the worker is away after a restart of the coordinator.
    var peer: PeerID?
    /// CPUs that trials may use; 0 while the worker is away.
    var cpus: UInt32 = 0
    /// CPUs worth of leases wanted beyond `cpus`.
    var prefetch: UInt32 = 0
    /// When every lease is over unless the worker is heard from.
    var deadline: Instant
    /// Whether it takes no further leases.
    var isDraining = false
    /// Whether it gets no further leases for a while.
    var isExcluded = false
    /// What it holds, in the order in which it was assigned.
    private(set) var leases: Deque<HeldLease> = []
    /// CPUs of everything it holds; kept beside the leases because placement asks for each trial.
    private(set) var heldCPUs: UInt32 = 0

    init(deadline: Instant) { self.deadline = deadline }

    /// The connection and the CPUs that one more trial may take; nil when there is no room.
    func vacancy(includesPrefetch: Bool) -> (peer: PeerID, room: UInt32)? {
        let capacity = cpus + (includesPrefetch ? prefetch : 0)
        guard let peer, !isDraining, !isExcluded, leases.count < Limits.leasesPerWorker,
            heldCPUs < capacity
        else { return nil }
        // A trial never gets more CPUs than the worker has, prefetched or not.
        return (peer, min(capacity - heldCPUs, cpus))
    }

    /// Takes a lease on.
    mutating func hold(_ lease: HeldLease) {
        leases.append(lease)
        heldCPUs += lease.cpus
    }

    /// Gives a lease up; trials end about in the order in which they were assigned, so it is
    /// found near the front.
    mutating func release(_ attempt: AttemptID) {
        guard let index = leases.firstIndex(where: { $0.attempt == attempt }) else { return }
        heldCPUs -= leases.remove(at: index).cpus
    }

    /// Gives up all leases that `isOver` holds for.
    mutating func release(where isOver: (HeldLease) -> Bool) {
        leases.removeAll(where: isOver)
        heldCPUs = leases.reduce(0) { $0 + $1.cpus }
    }
}

/// A lease as the coordinator keeps it in mind.
struct HeldLease: Hashable, Sendable {
    /// The execution.
    var attempt: AttemptID
    /// What it takes of the worker.
    var cpus: UInt32
    /// When it was sent.
    var assigned: Instant
}
