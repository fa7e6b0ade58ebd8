import Registry
import Scheduling
import Vocabulary

/// The host of the coordinator with the real machine and a simulated shell around it.
final class SimulatedCoordinator {
    var machine: Coordinator
    /// The disk: survives crashes.
    var journal: [Record] = []
    var isUp = false
    var incarnation = 0
    var pausedUntil = Instant.zero
    var diskFullUntil = Instant.zero
    var inbox: [Event] = []
    var wakeAt: Instant?
    var ticket: UInt64 = 0
    /// Steps whose records could not be written yet.
    var unwritten: Step?
    /// The keys let in, from the last `Directive.admit`.
    var users: [String: AdmittedUser] = [:]

    /// The worker whose key is let in; nil for other keys.
    func worker(with key: String) -> WorkerID? {
        if case .worker(let worker, _) = users[key] { worker } else { nil }
    }
    /// The state when the last process died, if all of it had been written.
    var lastWords: DurableState?
    var turns = 0

    static let timing = Timing()

    init() { machine = Coordinator(timing: Self.timing) }

    /// The records that a real journal would be read for: those of open sweeps, of workers and of
    /// the registry.
    func openRecords(isOpen: (SweepID) -> Bool) -> [Record] {
        journal.filter { record in record.sweep.map(isOpen) ?? true }
    }

    /// The process dies: everything but the disk is gone.
    func die() {
        isUp = false
        inbox = []
        wakeAt = nil
        ticket += 1
        unwritten = nil
        users = [:]
    }
}

extension Record {
    /// A number for the trace.
    var code: UInt64 {
        switch self {
        case .workerAuthorized(let worker, _, _): 1 | UInt64(worker.number) << 8
        case .workerRevoked(let worker): 2 | UInt64(worker.number) << 8
        case .workerJoined(let worker, _): 3 | UInt64(worker.number) << 8
        case .workerLeft(let worker, _): 4 | UInt64(worker.number) << 8
        case .sweepSubmitted: 5
        case .sweepEntered(let sweep, _, let reason):
            6 | UInt64(sweep.number) << 8 | UInt64(reason.utf8.count) << 32
        case .sweepPaused(let sweep, let isPaused):
            (isPaused ? 7 : 8) | UInt64(sweep.number) << 8
        case .experimentExhausted(let sweep, let experiment):
            9 | UInt64(sweep.number) << 8 | UInt64(experiment) << 32
        case .trialCreated(let creation): 10 | creation.seed << 8
        case .attemptStarted(let attempt, let worker, _): attempt.code(11, Int(worker.number))
        case .reported(let report): report.attempt.code(12, 0) ^ report.step << 12
        case .pruneDecided(let attempt): attempt.code(13, 0)
        case .attemptEnded(let result, _, let objective):
            result.attempt.code(14, 0) ^ (objective?.bitPattern ?? 0)
        case .gateJudged(let sweep, let report, _):
            15 | UInt64(sweep.number) << 8 ^ report.challengerLoss.bitPattern
        case .registryChanged: 16
        case .checkpointed(let attempt, let checkpoint):
            attempt.code(17, 0) ^ checkpoint.step << 12
        case .checkpointReleased(let trial, let step):
            18 | UInt64(trial.number) << 8 ^ step << 40
        case .workerExcluded(let worker, _, _): 19 | UInt64(worker.number) << 8
        case .workerReadmitted(let worker): 20 | UInt64(worker.number) << 8
        case .workerPending(let worker, _, _, _): 21 | UInt64(worker.number) << 8
        case .workerApproved(let worker): 22 | UInt64(worker.number) << 8
        case .workerKeyOffered(let worker, _): 23 | UInt64(worker.number) << 8
        case .workerKeyReplaced(let worker): 24 | UInt64(worker.number) << 8
        case .tokenCreated(let token, let terms):
            25 | UInt64(token.number) << 8 ^ UInt64(terms.uses) << 40
        case .tokenUsed(let token, let worker):
            26 | UInt64(token.number) << 8 ^ UInt64(worker.number) << 40
        case .tokenEnded(let token, _): 27 | UInt64(token.number) << 8
        case .dataAdded(let data): 28 | data.byteCount << 8
        }
    }
}
