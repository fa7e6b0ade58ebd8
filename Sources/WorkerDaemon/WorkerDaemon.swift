import Execution
import Glibc
import Hashing
package import Logging
import Processes
import Supervision
import Vocabulary
import ZeroMQ

/// A running worker.
package enum WorkerDaemon {
    /// Works for the coordinator until it is drained or told to end by a signal; one asks it to
    /// leave when what runs has ended, two to leave at once.
    ///
    /// Blocks the calling thread, which must live as long as the process: trials end with the
    /// thread that started them.
    ///
    /// - Parameters:
    ///   - settings: Where it lives and whom it works for.
    ///   - signals: A signal descriptor with SIGTERM and SIGINT.
    ///   - logger: Takes what a person may want to know.
    /// - Throws: `WorkerError` when the folder is in use or cannot be written.
    package static func run(
        _ settings: WorkerSettings, signals: Int32, logger: Logger
    ) throws {
        let folder = try WorkerFolder(settings.stateFolder)
        try folder.lock()
        let limits = try LimitsQueue()
        let environments = try EnvironmentFolder(cache: settings.cacheFolder)
        let confinement = try confinement(settings, folder, environments, limits, logger)
        defer { confinement.groups?.removeAll() }
        let identity = try WorkerIdentity(folder, serverKey: settings.serverKey)
        let spool = try Spool(folder.spoolPath(for: settings.serverKey))
        let results = spool.unacknowledged
        folder.clearTrials(keeping: results.map(\.attempt))
        TrialLog.cut(WorkerFolder.warmLogName, in: folder.path)

        let context = try Context(ioThreads: 1)
        let inbox = try WorkerInbox()
        let transfers = try TransferQueue()
        let builds = try EnvironmentQueue()
        let files = try WorkQueue<FileWork>()
        let whereabouts = Whereabouts(settings.places)
        let sharing = try DataSharing(settings, folder)
        let cache = WorkerCache(
            folder, limit: settings.cacheBytes, holdings: sharing?.holdings, logger: logger)
        let parts = WorkerParts(
            context: context, folder: folder, environments: environments, uses: EnvironmentUses(),
            inbox: inbox, transfers: transfers, builds: builds, files: files, signals: signals,
            whereabouts: whereabouts, identity: identity, cache: cache, confinement: confinement,
            limits: limits, devices: settings.facts.devices,
            trace: try settings.tracePath.map(TrialTrace.init), service: settings.service,
            logger: logger)
        let mover = TransferLoop(
            context: context, whereabouts: whereabouts, identity: identity, folder: folder,
            user: confinement.user, queue: transfers, environments: builds, inbox: inbox,
            cache: cache, sharing: sharing, logger: logger)
        let builder = EnvironmentLoop(
            queue: builds, folder: folder, environments: environments, uses: parts.uses,
            limit: settings.cacheBytes, inbox: inbox, user: confinement.user, logger: logger)
        try startUnawaited(FileLoop(queue: files, folder: folder, inbox: inbox))
        let preparation = try start(builder)
        let thread = try DedicatedThread(named: "transfers", owning: mover) { mover in
            var mover = mover
            mover.run()
        }
        let watch = try start(
            LimitsLoop(queue: limits, folder: folder, inbox: inbox, logger: logger))
        let sharer = sharing?.start(
            settings, in: context, whereabouts, folder, identity, transfers, logger)
        defer {
            limits.stop()
            watch.join()
            transfers.stop()
            builds.stop()
            files.stop()
            context.shutdown()
            thread.join()
            // What it started has ended, with all that pip and its like had started.
            preparation.join()
            sharer?.join()
        }
        let offer = "\(settings.facts.cpus) CPUs, \(settings.facts.devices.count) GPUs"
        logger.notice("worker key \(identity.keys.publicKey), \(offer), \(folder.path)")
        let machine = Worker(
            facts: settings.facts, seed: RandomBytes.randomSeed(), prefetches: settings.prefetches,
            places: whereabouts.count, cores: cores(settings), lifetime: settings.lifetime)
        var loop = WorkerLoop(parts, machine: machine, spool: spool)
        try loop.run(unacknowledged: results)
    }

    private static func start(
        _ builder: consuming sending EnvironmentLoop
    ) throws(ZeroMQError) -> DedicatedThread {
        try DedicatedThread(named: "environments", owning: builder) { builder in
            var builder = builder
            builder.run()
        }
    }

    private static func start(
        _ watch: consuming sending LimitsLoop
    ) throws(ZeroMQError) -> DedicatedThread {
        try DedicatedThread(named: "limits", owning: watch) { watch in
            var watch = watch
            watch.run()
        }
    }

    /// Starts the thread that nobody waits for at the end: it may be in the middle of minutes of
    /// work, which the next start does again.
    private static func startUnawaited(_ keeper: consuming sending FileLoop) throws {
        _ = try DedicatedThread(named: "files", owning: keeper) { keeper in
            var keeper = keeper
            keeper.run()
        }
    }

    /// The CPUs that trials are pinned to; nil for no pinning.
    private static func cores(_ settings: WorkerSettings) -> CoreMap? {
        let allowed = HostCores.allowed
        // A worker that offers fewer than it may run on shares them with others, which would pin
        // their trials to the very same.
        guard settings.pinsTrials, settings.facts.cpus == allowed.count else { return nil }
        return HostCores.map(of: allowed)
    }

    /// What the host offers to hold trials within their limits.
    private static func confinement(
        _ settings: WorkerSettings, _ folder: WorkerFolder, _ environments: EnvironmentFolder,
        _ limits: LimitsQueue, _ logger: Logger
    ) throws(WorkerError) -> Confinement {
        var user = settings.trialUser
        if let named = user {
            try Privilege.check(Privilege.held)
            try folder.handOver(to: named)
            try environments.handOver(to: named)
            if named.home == nil {
                user?.home = try CacheFolder.home(of: named, in: settings.cacheFolder)
            }
        }
        var confinement = Confinement(user: user) { limits.abandon($0) }
        do throws(WorkerError) {
            confinement.groups = try ControlGroups(
                named: "\(Digest.of(folder.path).description.prefix(16))",
                notePath: folder.groupNotePath, user: user)
        } catch {
            logger.notice("trials run without control groups: \(error)")
        }
        return confinement
    }
}

/// What the worker's loop works with.
struct WorkerParts: Sendable {
    let context: Context
    let folder: WorkerFolder
    let environments: EnvironmentFolder
    let uses: EnvironmentUses
    let inbox: WorkerInbox
    let transfers: TransferQueue
    let builds: EnvironmentQueue
    let files: WorkQueue<FileWork>
    let signals: Int32
    let whereabouts: Whereabouts
    let identity: WorkerIdentity
    let cache: WorkerCache
    let confinement: Confinement
    let limits: LimitsQueue
    let devices: [Device]
    let trace: TrialTrace?
    let service: ServiceNotification?
    let logger: Logger
}
