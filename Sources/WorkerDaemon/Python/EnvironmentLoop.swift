import Execution
import FoundationEssentials
import Logging
import Synchronization
import Vocabulary
import ZeroMQ

/// The thread that builds environments, one at a time: it takes minutes, and files move meanwhile.
struct EnvironmentLoop: ~Copyable {
    private let queue: EnvironmentQueue
    private let folder: WorkerFolder
    private let inbox: WorkerInbox
    private let user: TrialUser?
    private let logger: Logger

    init(
        queue: EnvironmentQueue, folder: WorkerFolder, inbox: WorkerInbox, user: TrialUser?,
        logger: Logger
    ) {
        self.queue = queue
        self.folder = folder
        self.inbox = inbox
        self.user = user
        self.logger = logger
    }

    mutating func run() {
        // What a killed worker left running has nobody to work for.
        ContainerEngine.find()?.removeAll(labelled: folder.containerLabel)
        var poller = Poller()
        _ = poller.add(queue.wakeUp)
        while !queue.isStopping {
            while let lease = queue.next() { prepare(lease) }
            // A poll fails only when the process is leaving.
            guard !queue.isStopping, (try? poller.poll(timeout: nil)) != nil else { return }
            _ = queue.wakeUp.drain()
        }
    }

    private func prepare(_ lease: Lease) {
        do throws(EnvironmentProblem) {
            try provide(for: lease)
            inbox.push(.inputsReady(lease.attempt))
        } catch {
            switch error {
            case .unusable(let reason):
                inbox.push(.inputsUnusable(lease.attempt, .badCode, reason: reason))
            case .here(let reason): inbox.push(.inputsFailed(lease.attempt, reason: reason))
            }
        }
    }

    /// Makes what the trial runs in; whoever follows the trial's log sees how far it is.
    private func provide(for lease: Lease) throws(EnvironmentProblem) {
        let trial = folder.trialPath(of: lease.attempt)
        let log = trial + "/" + TrialChild.logName
        switch lease.program?.environment {
        case nil, .system: return
        case .requirements:
            guard let environment = try folder.environment(for: lease), !environment.isComplete
            else { return }
            try make(trial)
            logger.notice("building the environment \(environment.path)")
            try environment.build(log: log, as: user)
            logger.notice("the environment \(environment.path) is ready")
        case .image(let name):
            guard let engine = ContainerEngine.find() else {
                throw .here("this host has neither podman nor docker, which the sweep asks for")
            }
            try make(trial)
            try engine.provide(name, log: log)
        }
    }

    private func make(_ trial: String) throws(EnvironmentProblem) {
        do {
            try FileManager.default.createDirectory(
                atPath: trial, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .here("cannot make \(trial): \(error)")
        }
    }
}

/// Leases that wait for their environments.
final class EnvironmentQueue: Sendable {
    private struct State {
        var leases: [Lease] = []
        var isStopping = false
    }

    /// Raised when there is something to do.
    let wakeUp: WakeUp
    private let state = Mutex(State())

    init() throws(ZeroMQError) { wakeUp = try WakeUp() }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    func push(_ lease: Lease) {
        state.withLock { $0.leases.append(lease) }
        wakeUp.signal()
    }

    func next() -> Lease? {
        state.withLock { state in
            state.isStopping || state.leases.isEmpty ? nil : state.leases.removeFirst()
        }
    }

    func stop() {
        state.withLock { $0.isStopping = true }
        wakeUp.signal()
    }
}
