import Execution
import FoundationEssentials
import Logging
import Processes
import Vocabulary
import ZeroMQ

/// The thread that builds environments, one at a time: it takes minutes, and files move meanwhile.
struct EnvironmentLoop: ~Copyable {
    private let queue: EnvironmentQueue
    private let folder: WorkerFolder
    private let environments: EnvironmentFolder
    private let uses: EnvironmentUses
    private let limit: UInt64
    private let inbox: WorkerInbox
    private let user: SystemUser?
    private let logger: Logger

    init(
        queue: EnvironmentQueue, folder: WorkerFolder, environments: EnvironmentFolder,
        uses: EnvironmentUses, limit: UInt64, inbox: WorkerInbox, user: SystemUser?, logger: Logger
    ) {
        self.queue = queue
        self.folder = folder
        self.environments = environments
        self.uses = uses
        self.limit = limit
        self.inbox = inbox
        self.user = user
        self.logger = logger
    }

    mutating func run() {
        // What a killed worker left running has nobody to work for.
        ContainerEngine.find()?.removeAll(labelled: folder.containerLabel) { [queue] in
            !queue.isStopping
        }
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
            case .unwanted: break
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
                    for: lease, code: folder.codePath(of: code))
            else { return }
            try make(trial)
            try build(environment, for: lease.attempt, log: log, &poller)
        case .image(let name):
            // An engine keeps images for each user, and its rights do not pass to another.
            guard user == nil else {
                throw .unusable(
                    "this worker's trials run as a user of their own, for whom podman and docker "
                        + "start no containers: start a worker without trial_user and with a label,"
                        + " and ask for that label (`resources: {labels: {engine: podman}}`)")
            }
            guard let engine = ContainerEngine.find() else {
                throw .here("this host has neither podman nor docker, which the sweep asks for")
            }
            try make(trial)
            try engine.provide(name, log: log, for: patience)
        }
    }

    /// Builds it unless it is there, or waits for another worker of this host that builds it.
    ///
    /// What is there in the end stays until the execution is over.
    private func build(
        _ environment: VirtualEnvironment, for attempt: AttemptID, log: String,
        _ poller: inout Poller
    ) throws(EnvironmentProblem) {
        var isAlone = true
        while queue.isCurrentWanted {
            if try hold(environment, for: attempt) {
                // Given up while it was built for another one.
                if queue.isCurrentCancelled { uses.release(attempt) }
                return
            }
            if try buildAlone(environment, log: log) { continue }
            if isAlone {
                logger.notice("another worker of this host builds \(environment.path)")
                isAlone = false
            }
            // Also when a further lease comes: then the queue holds it, and this looks again.
            _ = try? poller.poll(timeout: .milliseconds(200))
            _ = queue.wakeUp.drain()
        }
        throw .unwanted
    }

    private func hold(
        _ environment: VirtualEnvironment, for attempt: AttemptID
    ) throws(EnvironmentProblem) -> Bool {
        do throws(WorkerError) { return try uses.hold(environment, for: attempt) } catch {
            throw .here("\(error)")
        }
    }

    /// For as long as an environment may take, while somebody wants it.
    private var patience: Patience {
        Patience(Limits.environmentTime) { [queue] in queue.isCurrentWanted }
    }

    /// Returns whether it is there now; false while another worker has its lock.
    private func buildAlone(
        _ environment: VirtualEnvironment, log: String
    ) throws(EnvironmentProblem) -> Bool {
        do {
            guard let lock = try Self.lock(environment) else { return false }
            defer { withExtendedLifetime(lock) {} }
            // Another worker may have built it in the meantime.
            guard !environment.isComplete else { return true }
            logger.notice("building the environment \(environment.path)")
            try environment.build(log: log, as: user, for: patience)
            // Before somebody else looks for what was not used for longest.
            environment.touch()
            logger.notice("the environment \(environment.path) is ready")
        }
        for path in environments.makeRoom(limit: limit, keeping: environment.path) {
            logger.info("removed \(path): it was not used for longest")
        }
        return true
    }

    private static func lock(
        _ environment: VirtualEnvironment
    ) throws(EnvironmentProblem) -> FileLock? {
        do throws(WorkerError) { return try FileLock(environment.lockPath) } catch {
            throw .here("\(error)")
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
