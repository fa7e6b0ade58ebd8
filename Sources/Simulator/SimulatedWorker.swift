import Execution
import Vocabulary

/// A host with the real worker machine and a simulated shell around it.
final class SimulatedWorker {
    let index: Int
    let cpus: UInt32
    /// Survives crashes: results without a `settled`, oldest first.
    var spool: [AttemptResult] = []
    private var keyGeneration = 0
    private var lastGeneration = 0
    /// The key that it offered and does not use yet; nil when there is none.
    private(set) var offeredKey: String?
    var incarnation = 0
    var machine: Worker
    var isUp = false
    var pausedUntil = Instant.zero
    var inbox: [WorkerEvent] = []
    var wakeAt: Instant?
    var ticket: UInt64 = 0
    var connection: Connection?
    var processes: [SimulatedProcess] = []

    init(index: Int, cpus: UInt32) {
        self.index = index
        self.cpus = cpus
        machine = Worker(
            facts: Self.facts(index, cpus, 0), seed: 0, cores: Self.cores(cpus))
    }

    var name: String { "host-\(index)" }
    var key: String { "key-\(index)-\(keyGeneration)" }

    /// Forgets the key and makes another.
    func takeFreshKey() {
        lastGeneration += 1
        keyGeneration = lastGeneration
        offeredKey = nil
    }

    /// Makes another key to offer, unless there is one.
    func offerKey() -> String {
        if let offeredKey { return offeredKey }
        lastGeneration += 1
        let key = "key-\(index)-\(lastGeneration)"
        offeredKey = key
        return key
    }

    /// Uses the key that it offered.
    func takeOfferedKey() {
        keyGeneration = lastGeneration
        offeredKey = nil
    }

    /// Whether nothing is left to do or to deliver.
    var isSettled: Bool {
        isUp && inbox.isEmpty && processes.isEmpty && spool.isEmpty && machine.held.isEmpty
            && machine.isJoined
    }

    /// A new process on the same host.
    func restart(seed: UInt64, lifetime: WorkerLifetime) {
        incarnation += 1
        machine = Worker(
            facts: Self.facts(index, cpus, incarnation), seed: seed, cores: Self.cores(cpus),
            lifetime: lifetime)
        isUp = true
        inbox = [.started(unacknowledged: spool)]
    }

    /// The process dies and its trials with it.
    func die() {
        isUp = false
        inbox = []
        processes = []
        wakeAt = nil
        ticket += 1
    }

    private static func facts(_ index: Int, _ cpus: UInt32, _ process: Int) -> WorkerFacts {
        WorkerFacts(
            host: "host-\(index)", process: UInt32(process), cpus: cpus, memoryBytes: 1 << 30,
            software: Software.version, devices: devices(index))
    }

    /// Two nodes, as far as there are CPUs for them.
    private static func cores(_ cpus: UInt32) -> CoreMap {
        CoreMap(nodes: [Array(0..<cpus / 2), Array(cpus / 2..<cpus)])
    }

    /// One or two GPUs.
    private static func devices(_ index: Int) -> [Device] {
        (0...(index % 2)).map {
            Device(maker: .nvidia, identifier: "GPU-\($0)", name: "H200", memoryBytes: 1 << 37)
        }
    }
}
