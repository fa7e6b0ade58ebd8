import Vocabulary

/// What a trial process is going to do, drawn from the seed, the trial and the attempt.
struct SimulatedTrial {
    /// How it ends unless it is stopped.
    enum Ending {
        case success(value: Double?)
        case notFinite
        case failure
    }

    /// Values of the objective at steps 1, 2, 3 ….
    var curve: [Double]
    /// Time between two steps.
    var pace: Duration
    var ending: Ending
    /// How good the model is: the mean of its losses.
    var quality: Double

    init(_ lease: Lease, options: SwarmOptions, seconds: Double, quality: Double, seed: UInt64) {
        var random = RandomSource(
            seed: seed,
            stream: UInt64(lease.attempt.trial.sweep.number) << 48
                | UInt64(lease.attempt.trial.number) << 16 | UInt64(lease.attempt.number))
        let steps = random.number(1...8)
        var length = seconds * (0.5 + random.nextUnit())
        if random.chance(options.slowShare) { length *= 20 }
        pace = .nanoseconds(Int64(length * 1e9) / Int64(steps + 1))
        self.quality = quality
        curve = (1...steps).map { quality * (1 + 1 / Double($0)) }
        if random.chance(options.failureShare) {
            ending = .failure
        } else if random.chance(options.notFiniteShare) {
            ending = .notFinite
        } else {
            ending = .success(value: random.chance(options.missingShare) ? nil : quality)
        }
    }

    /// Loss on each row of the gate: the same rows are hard for every model.
    static func losses(quality: Double, seed: UInt64) -> [Double] {
        var random = RandomSource(seed: seed, stream: quality.bitPattern)
        return (0..<30).map { 1 + quality + Double($0 % 5) * 0.1 + random.nextUnit() * 0.2 }
    }
}

/// A trial process on a simulated host.
struct SimulatedProcess {
    let lease: Lease
    /// The CPUs that it is pinned to.
    let cores: [UInt32]
    let trial: SimulatedTrial
    /// Steps done before the checkpoint that it started from.
    let firstStep: Int
    /// Steps done so far.
    var steps: Int
    /// Only the end with this ticket takes place.
    var ticket: UInt64 = 0
    /// Whether it was asked to end or killed.
    var isStopped = false
    var isKilled = false

    init(lease: Lease, cores: [UInt32], trial: SimulatedTrial) {
        self.lease = lease
        self.cores = cores
        self.trial = trial
        firstStep = lease.checkpoint.map { Int($0.step) } ?? 0
        steps = firstStep
    }
}

/// What the coordinator's artifact store holds: it survives crashes.
struct ArtifactStore {
    private var stored: Set<Digest> = []
    /// What lies in the files of losses.
    private var losses: [Digest: [Double]] = [:]
    /// How good the models are.
    private var qualities: [Digest: Double] = [:]
    /// Which version was scored to make a file of losses.
    private var versions: [Digest: UInt32] = [:]

    func contains(_ digest: Digest) -> Bool { stored.contains(digest) }
    func losses(_ digest: Digest) -> [Double]? { stored.contains(digest) ? losses[digest] : nil }
    func quality(_ digest: Digest) -> Double? { qualities[digest] }
    func version(scoredIn digest: Digest) -> UInt32? { versions[digest] }

    /// A file of losses comes into being on a host.
    mutating func make(losses values: [Double], of version: UInt32?, as digest: Digest) {
        losses[digest] = values
        versions[digest] = version
    }

    /// A model comes into being on a host.
    mutating func make(quality: Double, as digest: Digest) { qualities[digest] = quality }

    mutating func store(_ artifacts: [Artifact]) {
        for artifact in artifacts { stored.insert(artifact.digest) }
    }
}
