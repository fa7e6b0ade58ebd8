import Execution
import Scheduling
import Vocabulary

/// One coordinator, some workers, the network between them, and people: everything simulated but
/// the two machines, the samplers, the gate and the registry, which are the real ones.
final class World {
    let seed: UInt64
    let options: SimulationOptions
    let faults: SwarmOptions
    var random: RandomSource
    var now = Instant.zero
    var queue = EventQueue()
    var trace = Trace()
    var isHealed = false
    /// When people come to rest too; nil while there is turmoil.
    var quiet: Instant?

    let coordinator = SimulatedCoordinator()
    let workers: [SimulatedWorker]
    var store = ArtifactStore()
    /// Mean length of a trial.
    let meanSeconds: Double

    var connections: [PeerID: Connection] = [:]
    var lastPeer: UInt64 = 0
    var partitions: [Partition?]

    var requests: [RequestID: Command] = [:]
    var lastRequest: UInt64 = 0
    /// Sweeps that people want, and how often one was accepted.
    let wanted: Int
    var accepted = 0
    /// Whether hosts enrol with join tokens; otherwise people let their keys in.
    let hasTokens: Bool
    var lastTokenKey = 0
    /// Workers that people were asked to approve.
    var approving: Set<WorkerID> = []
    /// Which host has which number.
    var hosts: [WorkerID: Int] = [:]

    let findings = Findings()
    let journalChecker: JournalChecker
    let registryChecker: RegistryChecker
    let promises: PromiseChecker
    let executionChecker: ExecutionChecker
    var faultCounts = Array(repeating: 0, count: Fault.allCases.count)
    var events = 0

    init(seed: UInt64, options: SimulationOptions) {
        self.seed = seed
        self.options = options
        random = RandomSource(seed: seed)
        let drawn = SwarmOptions.draw(from: &random)
        faults = options.hasFaults ? drawn : .none
        hasTokens = random.chance(0.5)
        meanSeconds = random.pick([0.05, 0.5, 3, 8])
        var widest: UInt32 = 1
        var workers: [SimulatedWorker] = []
        for index in 0..<random.number(2...6) {
            let cpus = UInt32(random.number(1...3))
            widest = max(widest, cpus)
            workers.append(SimulatedWorker(index: index, cpus: cpus))
        }
        self.workers = workers
        partitions = Array(repeating: nil, count: workers.count)
        wanted = random.number(2...5)
        let isHarsh = drawn.isHarsh && options.hasFaults
        journalChecker = JournalChecker(findings, isHarsh: isHarsh)
        registryChecker = RegistryChecker(findings)
        promises = PromiseChecker(findings)
        executionChecker = ExecutionChecker(findings, isHarsh: isHarsh)
        queue.schedule(.coordinatorStart, at: .zero)
        for worker in workers {
            queue.schedule(.workerStart(worker.index), at: .zero + random.span(upTo: .seconds(2)))
            letIn(worker, within: .seconds(1))
        }
        var draw = SweepDraw(random: RandomSource(seed: seed, stream: 1))
        for number in 1...wanted {
            ask(
                .submit(draw.sweep(number, widest: widest), source: "", seed: random.next()),
                after: .milliseconds(1) + random.span(upTo: .seconds(70)))
        }
        if options.hasFaults { scheduleFaults() }
    }

    /// Lets one thing take place; false when nothing will ever again.
    func advance() -> Bool {
        guard let (time, happening) = queue.next() else { return false }
        now = time
        findings.now = time
        events += 1
        trace.mix(UInt64(time.nanoseconds))
        trace.mix(happening.code)
        take(happening)
        return true
    }

    private func take(_ happening: Happening) {
        switch happening {
        case .coordinatorTurn(let ticket):
            if ticket == coordinator.ticket { coordinatorTurn() }
        case .coordinatorStart: startCoordinator()
        case .workerTurn(let index, let ticket):
            if ticket == workers[index].ticket { turn(workers[index]) }
        case .workerStart(let index): start(workers[index])
        case .link(let connection): link(connection)
        case .noticed(let connection):
            let worker = workers[connection.worker]
            guard worker.connection === connection, !connection.isClosed else { return }
            tell(worker, .disconnected(reason: "the connection broke"))
        case .up(let connection, let epoch, let message):
            arriveUp(message, on: connection, epoch: epoch)
        case .down(let connection, let epoch, let message):
            arriveDown(message, on: connection, epoch: epoch)
        case .toCoordinator(let incarnation, let event):
            if incarnation == coordinator.incarnation { takeIn(event) }
        case .ask(let command): submit(command)
        case .askAgain(let request): askAgain(request)
        case .knock(let index): knock(index)
        case .whim: whim()
        case .fault(let fault): strike(fault)
        case .fetched, .report, .processEnd, .upload, .checkpoint: takeTrial(happening)
        }
    }

    private func takeTrial(_ happening: Happening) {
        switch happening {
        case .fetched(let index, let incarnation, let attempt, let isUsable):
            guard let worker = alive(index, incarnation) else { return }
            tell(
                worker,
                isUsable ? .inputsReady(attempt) : .inputsFailed(attempt, reason: "no such file"))
        case .report(let index, let incarnation, let attempt):
            if let worker = alive(index, incarnation) { report(attempt, on: worker) }
        case .processEnd(let index, let incarnation, let attempt, let ticket):
            guard let worker = alive(index, incarnation) else { return }
            finish(attempt, on: worker, ticket: ticket)
        case .upload(let index, let incarnation, let attempt, let artifacts):
            if let worker = alive(index, incarnation) { upload(worker, attempt, artifacts) }
        case .checkpoint(let index, let incarnation, let attempt, let step):
            if let worker = alive(index, incarnation) { store(worker, attempt, step: step) }
        default: break
        }
    }

    private func alive(_ index: Int, _ incarnation: Int) -> SimulatedWorker? {
        let worker = workers[index]
        return worker.isUp && worker.incarnation == incarnation ? worker : nil
    }
}
