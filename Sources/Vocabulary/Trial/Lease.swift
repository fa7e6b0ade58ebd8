/// One execution as it is handed to a worker: all that the worker needs to know.
package struct Lease: Hashable, Sendable, Codable {
    /// The execution.
    package var attempt: AttemptID
    /// What it is to do.
    package var task: TrialTask
    /// The experiment's name.
    package var experiment: String
    /// The code that trains.
    package var trainer: Trainer
    /// The point of the search space.
    package var parameters: [Assignment]
    /// Seed of the trainer's own random choices.
    package var seed: UInt64
    /// CPUs that it may use.
    package var cpus: UInt32
    /// The most memory in bytes that all of its processes may use together; nil for no limit.
    package var memoryBytes: UInt64?
    /// The most bytes that its files may take; nil for no limit.
    package var diskBytes: UInt64?
    /// How much of each GPU that it gets it may use.
    package var gpus: DeviceAmount
    /// The positions of its GPUs among those that the worker offers.
    package var devices: [UInt32]
    /// Whether nothing else may run beside it.
    package var isExclusive: Bool
    /// Seconds after which it is ended; nil for no limit.
    package var timeLimit: Double?
    /// What is optimised.
    package var objective: Objective
    /// The data, fetched by digest; nil for trainers that need none.
    package var data: PreparedData?
    /// The data set that a program gets, fetched in chunks; nil for none.
    package var dataSet: DataSet?
    /// The files of the version to score; empty for other tasks.
    package var model: [Artifact]
    /// What the trainers `python` and `command` execute; nil for the built-in ones.
    package var program: Program?
    /// The archive of the code; nil for built-in trainers.
    package var code: Digest?
    /// Where an earlier attempt left off; nil to begin at the beginning.
    package var checkpoint: Checkpoint?

    /// Describes an execution; see the properties.
    package init(
        attempt: AttemptID, task: TrialTask, experiment: String, trainer: Trainer,
        parameters: [Assignment], seed: UInt64, cpus: UInt32, memoryBytes: UInt64? = nil,
        diskBytes: UInt64? = nil, gpus: DeviceAmount = .none, devices: [UInt32] = [],
        isExclusive: Bool = false, timeLimit: Double?, objective: Objective, data: PreparedData?,
        dataSet: DataSet? = nil, model: [Artifact] = [], program: Program? = nil,
        code: Digest? = nil, checkpoint: Checkpoint? = nil
    ) {
        self.attempt = attempt
        self.task = task
        self.experiment = experiment
        self.trainer = trainer
        self.parameters = parameters
        self.seed = seed
        self.cpus = cpus
        self.memoryBytes = memoryBytes
        self.diskBytes = diskBytes
        self.gpus = gpus
        self.devices = devices
        self.isExclusive = isExclusive
        self.timeLimit = timeLimit
        self.objective = objective
        self.data = data
        self.dataSet = dataSet
        self.model = model
        self.program = program
        self.code = code
        self.checkpoint = checkpoint
    }

    /// The artifacts that must be on the worker before it can start; of a data set, its manifest.
    package var inputs: [Digest] {
        var digests = model.map(\.digest)
        if let code { digests.append(code) }
        if let checkpoint { digests.append(checkpoint.digest) }
        if let dataSet { digests.append(dataSet.digest) }
        guard let data else { return digests }
        switch task {
        case .search: digests.append(data.search)
        case .confirm: digests += [data.search] + (data.gate.map { [$0] } ?? [])
        case .score: digests += data.gate.map { [$0] } ?? []
        }
        return digests
    }
}

/// Why a worker is told to end an execution.
package enum StopReason: String, Hashable, Sendable, Codable {
    /// The pruner gave up on it; its last report is its result.
    case pruned
    /// A person or the sweep's end cancelled it.
    case cancelled
    /// It is no longer the newest attempt of its trial, or the trial has ended.
    case fenced
    /// A sweep with a higher priority needs its place; it goes on later.
    case preempted
}
