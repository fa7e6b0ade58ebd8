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
    /// What it holds, in the order in which it was assigned.
    var leases: [HeldLease] = []

    /// CPUs of everything it holds.
    var heldCPUs: UInt32 { leases.reduce(0) { $0 + $1.cpus } }
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
