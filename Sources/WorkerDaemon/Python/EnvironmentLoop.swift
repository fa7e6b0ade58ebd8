import Execution
import FoundationEssentials
import Logging
import Processes
import Vocabulary
import ZeroMQ

/// The thread that builds environments, one at a time: it takes minutes, and files move meanwhile.
struct EnvironmentLoop: ~Copyable {
    private let queue: WorkQueue<Lease>
    private let folder: WorkerFolder
    private let environments: EnvironmentFolder
    private let inbox: WorkerInbox
    private let user: SystemUser?
    private let logger: Logger

    init(
        queue: WorkQueue<Lease>, folder: WorkerFolder, environments: EnvironmentFolder,
        inbox: WorkerInbox, user: SystemUser?, logger: Logger
    ) {
        self.queue = queue
        self.folder = folder
        self.environments = environments
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
            while let lease = queue.next() { prepare(lease, &poller) }
            // A poll fails only when the process is leaving.
            guard !queue.isStopping, (try? poller.poll(timeout: nil)) != nil else { return }
            _ = queue.wakeUp.drain()
        }
    }

    private func prepare(_ lease: Lease, _ poller: inout Poller) {
        do throws(EnvironmentProblem) {
            try provide(for: lease, &poller)
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
    private func provide(
        for lease: Lease, _ poller: inout Poller
    ) throws(EnvironmentProblem) {
        let trial = folder.trialPath(of: lease.attempt)
        let log = trial + "/" + TrialChild.logName
        switch lease.program?.environment {
        case nil, .system: return
        case .requirements:
            guard let code = lease.code,
                let environment = try environments.environment(
                    for: lease, code: folder.codePath(of: code)),
                !environment.isComplete
            else { return }
            try make(trial)
            try build(environment, log: log, &poller)
        case .image(let name):
            // An engine keeps images for each user, and its rights do not pass to another.
            guard user == nil else {
                throw .here(
                    "this worker's trials run as a user of their own, for whom podman and docker "
                        + "start no containers: have a worker without trial_user for them")
            }
            guard let engine = ContainerEngine.find() else {
                throw .here("this host has neither podman nor docker, which the sweep asks for")
            }
            try make(trial)
            try engine.provide(name, log: log)
        }
    }

    /// Builds it, unless another worker of this host does; then waits for that one.
    private func build(
        _ environment: VirtualEnvironment, log: String, _ poller: inout Poller
    ) throws(EnvironmentProblem) {
        var isAlone = true
        while !queue.isStopping {
            if let lock = try Self.lock(environment) {
                defer { withExtendedLifetime(lock) {} }
                return try buildAlone(environment, log: log)
            }
            if isAlone {
                logger.notice("another worker of this host builds \(environment.path)")
                isAlone = false
            }
            // Also when a further lease comes: then the queue holds it, and this looks again.
            _ = try? poller.poll(timeout: .milliseconds(200))
            _ = queue.wakeUp.drain()
        }
    }

    private static func lock(
        _ environment: VirtualEnvironment
    ) throws(EnvironmentProblem) -> FileLock? {
        do throws(WorkerError) { return try FileLock(environment.lockPath) } catch {
            throw .here("\(error)")
        }
    }

    private func buildAlone(
        _ environment: VirtualEnvironment, log: String
    ) throws(EnvironmentProblem) {
        // Another worker may have built it in the meantime.
        guard !environment.isComplete else { return }
        logger.notice("building the environment \(environment.path)")
        try environment.build(log: log, as: user)
        logger.notice("the environment \(environment.path) is ready")
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
