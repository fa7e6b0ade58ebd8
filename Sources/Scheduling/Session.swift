import DequeModule
package import Vocabulary

/// What the coordinator knows of a worker that is connected, or may come back.
struct Session: Hashable, Sendable {
    /// The connection; nil while the worker is away after a restart of the coordinator.
    var peer: PeerID?
    /// The name of its host.
    var host = ""
    /// By which trials choose it; empty while it is away after a restart of the coordinator.
    var labels = Labels()
    /// CPUs that trials may use; 0 while the worker is away.
    var cpus: UInt32 = 0
    /// Memory of its host in bytes that trials may use together; 0 while the worker is away.
    var memoryBytes: UInt64 = 0
    /// CPUs worth of leases wanted beyond `cpus`.
    var prefetch: UInt32 = 0
    /// When it leaves by itself; nil when it does not.
    var leaving: Instant?
    /// When every lease is over unless the worker is heard from.
    var deadline: Instant
    /// Whether it can fetch data sets.
    var takesDataSets = true
    /// Whether it takes no further leases.
    var isDraining = false
    /// Whether it gets no further leases for a while.
    var isExcluded = false
    /// What it holds, in the order in which it was assigned.
    private(set) var leases: Deque<HeldLease> = []
    /// CPUs of everything it holds; kept beside the leases because placement asks for each trial.
    private(set) var heldCPUs: UInt32 = 0
    /// Memory in bytes that what it holds may use at most, kept for the same reason.
    private(set) var heldMemory: UInt64 = 0
    /// How much of each of its GPUs what it holds may use.
    private(set) var devices = DeviceUse()

    init(deadline: Instant) { self.deadline = deadline }

    /// The connection and what one more trial may take; nil when there is no room.
    ///
    /// Memory is counted for trials that say how much they need.
    func vacancy(includesPrefetch: Bool, at now: Instant) -> (peer: PeerID, room: Room)? {
        let capacity = cpus + (includesPrefetch ? prefetch : 0)
        guard let peer, !isDraining, !isExcluded, leases.count < Limits.leasesPerWorker,
            heldCPUs < capacity
        else { return nil }
        // A trial never gets more CPUs than the worker has, prefetched or not.
        let memory = memoryBytes - min(heldMemory, memoryBytes)
        var room = Room(
            cpus: min(capacity - heldCPUs, cpus), memoryBytes: memory, labels: labels,
            devices: devices, takesDataSets: takesDataSets)
        room.secondsLeft = leaving.map { ($0 - now).inSeconds }
        return (peer, room)
    }

    /// Whether a trial that needs `resources` fits once nothing else is held.
    func couldTake(_ resources: Resources, at now: Instant) -> Bool {
        var empty = self
        empty.release { _ in true }
        return empty.vacancy(includesPrefetch: false, at: now)?.room.fits(resources) ?? false
    }

    /// Remembers that the execution was told on the connection `peer` to make room.
    mutating func preempt(_ attempt: AttemptID, on peer: PeerID) {
        guard let index = leases.firstIndex(where: { $0.attempt == attempt }) else { return }
        leases[index].preempted = peer
    }

    /// Takes a lease on.
    mutating func hold(_ lease: HeldLease) {
        leases.append(lease)
        heldCPUs += lease.cpus
        heldMemory += lease.memoryBytes
        devices.take(lease.gpus, at: lease.devices)
    }

    /// Gives a lease up; trials end about in the order in which they were assigned, so it is
    /// found near the front.
    mutating func release(_ attempt: AttemptID) {
        guard let index = leases.firstIndex(where: { $0.attempt == attempt }) else { return }
        let lease = leases.remove(at: index)
        heldCPUs -= lease.cpus
        heldMemory -= lease.memoryBytes
        devices.release(lease.gpus, at: lease.devices)
    }

    /// Gives up all leases that `isOver` holds for.
    mutating func release(where isOver: (HeldLease) -> Bool) {
        leases.removeAll(where: isOver)
        heldCPUs = leases.reduce(0) { $0 + $1.cpus }
        heldMemory = leases.reduce(0) { $0 + $1.memoryBytes }
        offer(devices: devices.count)
    }

    /// Has `count` GPUs from now on.
    mutating func offer(devices count: Int) {
        devices = DeviceUse(count: count)
        for lease in leases { devices.take(lease.gpus, at: lease.devices) }
    }
}

/// What a worker has left for one more trial.
package struct Room: Hashable, Sendable {
    /// CPUs.
    package var cpus: UInt32
    /// Memory in bytes.
    package var memoryBytes: UInt64
    /// What its host is called by.
    package var labels: Labels
    /// Its GPUs.
    package var devices: DeviceUse
    /// Whether nothing else runs on its host.
    package var isHostFree = true
    /// Whether the worker can fetch data sets.
    package var takesDataSets: Bool
    /// Seconds until its worker leaves; nil when it does not.
    package var secondsLeft: Double?

    /// Room of `cpus`, `memoryBytes` and what is left of `devices`, on a host with `labels`.
    package init(
        cpus: UInt32, memoryBytes: UInt64, labels: Labels, devices: DeviceUse,
        takesDataSets: Bool = true
    ) {
        self.cpus = cpus
        self.memoryBytes = memoryBytes
        self.labels = labels
        self.devices = devices
        self.takesDataSets = takesDataSets
    }

    /// Whether a trial that needs `resources` fits.
    package func fits(_ resources: Resources) -> Bool {
        resources.cpus <= cpus && resources.memoryBytes ?? 0 <= memoryBytes
            && devices.places(for: resources.gpus) != nil
            && (isHostFree || !resources.isExclusive)
            && (resources.labels.isEmpty || labels.lacking(resources.labels).isEmpty)
    }
}

/// A lease as the coordinator keeps it in mind.
struct HeldLease: Hashable, Sendable {
    /// The execution.
    var attempt: AttemptID
    /// CPUs that it takes of the worker.
    var cpus: UInt32
    /// Memory in bytes that it may use at most; 0 when it does not say.
    var memoryBytes: UInt64
    /// How much of each of its GPUs it may use.
    var gpus: DeviceAmount
    /// The positions of its GPUs.
    var devices: [UInt32]
    /// Whether it has its host for itself.
    var isExclusive: Bool
    /// When it was sent.
    var assigned: Instant
    /// On which connection it was told to make room for others; nil when it was not.
    var preempted: PeerID?

    /// The lease of `attempt`, which needs `resources` and has `devices`, sent at `assigned`.
    init(
        _ attempt: AttemptID, needing resources: Resources, devices: [UInt32], assigned: Instant
    ) {
        self.attempt = attempt
        self.devices = devices
        self.assigned = assigned
        cpus = resources.cpus
        memoryBytes = resources.memoryBytes ?? 0
        gpus = resources.gpus
        isExclusive = resources.isExclusive
    }
}
