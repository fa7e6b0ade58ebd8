package import Logging
import Hashing
import Scheduling
package import Storage
import Supervision
import Vocabulary
package import ZeroMQ

/// A running coordinator: its state folder, its sockets and its threads.
package final class CoordinatorDaemon: Sendable {
    /// How people and tools ask it for something.
    package let plane: ControlPlane
    /// What people and tools may read.
    package let catalogue: Catalogue
    /// The files of trials and models.
    package let artifacts: ArtifactStore
    /// How far workers have come with data sets.
    package let dataProgress = DataProgress()
    /// Where workers talk to it, with the real port.
    package let controlEndpoint: String
    /// Where workers store and fetch files, with the real port.
    package let artifactEndpoint: String
    /// The key that workers check it by.
    package let publicKey: CurveKey

    private let context: Context
    private let authenticator: Authenticator
    private let stopping: StopFlag
    private let pool: SearchPool
    private let threads: [DedicatedThread]
    private let journal: Journal

    /// The ZAP domain of both sockets.
    private static let zapDomain = "picoml"

    /// Opens the state folder, rebuilds the machine from it, and starts to listen.
    ///
    /// - Throws: `StorageError` when the folder is in use, was made by a newer version or cannot
    ///   be read; `ZeroMQError` when a port is in use.
    package init(_ settings: CoordinatorSettings, logger: Logger) throws {
        let folder = try StateFolder(settings.stateFolder)
        let journal = try Journal(folder)
        artifacts = try ArtifactStore(folder)
        let keys = try CoordinatorKeys.load(from: folder)
        publicKey = keys.publicKey
        self.journal = journal
        catalogue = journal.catalogue
        let machine = try Self.restore(journal, timing: settings.timing, users: settings.users)

        let context = try Context(ioThreads: 1)
        self.context = context
        let queue = try EventQueue()
        let stopping = try StopFlag()
        let admitted = AdmittedUsers()
        // A peer that does not read costs no more memory than its window.
        let bulkFramesPerPeer = 2 * Limits.artifactWindowChunks
        self.stopping = stopping
        plane = ControlPlane(queue)
        pool = try SearchPool(artifacts: artifacts, queue: queue)
        // Before anyone listens: while there is no authenticator, nobody gets in.
        authenticator = try Authenticator(in: context, domain: Self.zapDomain)
        let control = try Socket(
            .router, in: context,
            options: Self.options(keys, maximum: Limits.controlFrameBytes))
        controlEndpoint = try control.bind(settings.controlEndpoint)
        let bulk = try Socket(
            .router, in: context,
            options: Self.options(
                keys, maximum: Limits.artifactFrameBytes, framesPerPeer: bulkFramesPerPeer))
        artifactEndpoint = try bulk.bind(settings.artifactEndpoint)

        let parts = ControlParts(
            journal: journal, artifacts: artifacts, queue: queue, plane: plane, pool: pool,
            authenticator: authenticator, admitted: admitted, stopping: stopping,
            heartbeat: Heartbeat(settings.service), logger: logger)
        let loop = ControlLoop(socket: control, machine: machine, parts: parts)
        let artifactLoop = ArtifactLoop(
            socket: bulk, artifacts: artifacts, progress: dataProgress, admitted: admitted,
            stopping: stopping, logger: logger)
        threads = [
            try pool.start(),
            try DedicatedThread(named: "artifacts", owning: artifactLoop) { loop in
                var loop = loop
                loop.run()
            },
            try DedicatedThread(
                named: "removal",
                owning: RemovalLoop(
                    catalogue: catalogue, artifacts: artifacts, stopping: stopping,
                    logger: logger)
            ) { loop in
                var loop = loop
                loop.run()
            },
            try DedicatedThread(named: "control", owning: loop) { loop in
                var loop = loop
                loop.run()
            },
        ]
    }

    private static func restore(
        _ journal: Journal, timing: Timing, users: UserShares
    ) throws(StorageError) -> Coordinator {
        var records: [Record] = []
        try journal.replay { records += $0 }
        return Coordinator.replay(
            records, timing: timing, users: users, lastSweep: try journal.lastSweep)
    }

    private static func options(
        _ keys: CurveKeyPair, maximum: Int, framesPerPeer: Int = 1000
    ) -> SocketOptions {
        var options = SocketOptions()
        options.sendHighWaterMark = framesPerPeer
        options.maximumMessageSize = maximum
        options.security = .server(secretKey: keys.secretKey, zapDomain: zapDomain)
        options.heartbeat = SocketOptions.Heartbeat(
            interval: .seconds(2), timeout: .seconds(8))
        return options
    }

    /// Makes what a coordinator keeps in its folder before it first starts: its keys and an empty
    /// journal; what is there stays.
    ///
    /// - Returns: The key that workers check it by.
    /// - Throws: `StorageError` as `init` does.
    package static func prepare(_ path: String) throws -> CurveKey {
        let folder = try StateFolder(path)
        let journal = try Journal(folder)
        let keys = try CoordinatorKeys.load(from: folder)
        try journal.close()
        return keys.publicKey
    }

    /// Why the daemon ended by itself; nil while it runs or after `stop`.
    package var failure: String? { stopping.failure }

    /// Raised when the daemon ends by itself; for a caller that waits in a poll.
    package var ending: WakeUp { stopping.wakeUp }

    /// Ends all threads; what runs on workers goes on, and is adopted by the next start.
    package func stop() {
        stopping.set()
        pool.stop()
        context.shutdown()
        for thread in threads { thread.join() }
        authenticator.stop()
        // A journal that was not closed is as complete; there is nothing to do about a failure.
        try? journal.close()
    }
}
