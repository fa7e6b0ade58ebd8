import Execution
import Glibc
import Logging
import Processes
import Vocabulary
import Wire
import ZeroMQ

/// The thread that moves files, one transfer at a time with several chunks under way.
struct TransferLoop: ~Copyable {
    private let context: Context
    private let whereabouts: Whereabouts
    private let identity: WorkerIdentity
    private var files: TransferFiles
    private let queue: TransferQueue
    private let inbox: WorkerInbox
    private let environments: EnvironmentQueue
    private let folder: WorkerFolder
    private let user: SystemUser?
    private let cache: WorkerCache
    private let sharing: DataSharing?
    private let logger: Logger

    /// Pause before a transfer is tried again.
    private static let pause = Duration.seconds(1)
    /// Failures after which a transfer that another host may manage is given up.
    private static let tries = 3
    /// Broken connections after which a fetch is given up: the port may be closed to this host.
    private static let connections = 6

    init(
        context: Context, whereabouts: Whereabouts, identity: WorkerIdentity, folder: WorkerFolder,
        user: SystemUser?, queue: TransferQueue, environments: EnvironmentQueue, inbox: WorkerInbox,
        cache: WorkerCache, sharing: DataSharing?, logger: Logger
    ) {
        self.context = context
        self.whereabouts = whereabouts
        self.identity = identity
        files = TransferFiles(folder: folder)
        self.folder = folder
        self.user = user
        self.environments = environments
        self.queue = queue
        self.inbox = inbox
        self.cache = cache
        self.sharing = sharing
        self.logger = logger
    }

    mutating func run() {
        var poller = Poller()
        _ = poller.add(queue.wakeUp)
        while !queue.isStopping {
            while let work = queue.next() { perform(work) }
            // A poll fails only when the process is leaving.
            guard !queue.isStopping, (try? poller.poll(timeout: nil)) != nil else { return }
            _ = queue.wakeUp.drain()
        }
    }

    private mutating func perform(_ work: Transfer.Work) {
        var failures = 0
        var brokenConnections = 0
        while !queue.isCurrentCancelled {
            do throws(Transfer.Problem) {
                inbox.push(contentsOf: try move(work))
                files.widen()
                return
            } catch {
                logger.warning("moving files of \(work.attempt): \(error)")
                if case .broken = error {
                    brokenConnections += 1
                    files.narrow()
                } else {
                    failures += 1
                }
                let isHopeless = failures >= Self.tries
                switch work {
                case .fetch(let lease):
                    guard case .unusable(let failure, let reason) = error else { break }
                    inbox.push(.inputsUnusable(lease.attempt, failure, reason: reason))
                    return
                // The next checkpoint may be stored; the trial goes on in any case.
                case .checkpoint where isHopeless: return
                case .checkpoint, .upload: break
                }
                switch work {
                case .fetch where isHopeless || brokenConnections >= Self.connections:
                    inbox.push(.inputsFailed(work.attempt, reason: "\(error)"))
                    return
                case .upload where isHopeless:
                    inbox.push(.uploadFailed(work.attempt, reason: "\(error)"))
                    return
                case .fetch, .checkpoint, .upload: break
                }
            }
            pause()
        }
    }

    private func pause() {
        var poller = Poller()
        _ = poller.add(queue.wakeUp)
        // A raised wake-up stays raised until it is drained, and would end every later pause.
        // Woken early by other work, it only tries again a little sooner.
        _ = try? poller.poll(timeout: Self.pause)
        _ = queue.wakeUp.drain()
    }

    /// Does all of a work over one connection and returns what to tell of it.
    private func move(_ work: Transfer.Work) throws(Transfer.Problem) -> [WorkerEvent] {
        switch work {
        case .fetch(let lease):
            let missing = lease.inputs.filter { !files.use($0) }
            if !missing.isEmpty {
                try cache.makeRoom(for: 0)
                var connection = try connect()
                for digest in missing { try files.fetch(digest, over: &connection) }
            }
            if let data = lease.dataSet { try bring(data) }
            try InputFolders(folder: folder, user: user).unpack(lease)
            switch lease.program?.environment {
            case nil, .system: return [.inputsReady(lease.attempt)]
            case .requirements, .image:
                environments.push(lease)
                // Given up a moment ago, when it was not yet there to be given up.
                if queue.isCurrentCancelled { environments.cancel(lease.attempt) }
                return []
            }
        case .checkpoint(let attempt, let step, let path):
            let artifact = try InputFolders(folder: folder, user: user)
                .pack(path, step: step, of: attempt)
            var connection = try connect()
            try files.upload(artifact, of: attempt, over: &connection)
            // The coordinator has it; what is here counts for nobody's share of the disk.
            unsafe unlink(
                TrialFile.keptPath(
                    of: artifact.digest, in: folder.trialPath(of: attempt)))
            let checkpoint = Checkpoint(
                step: step, digest: artifact.digest, byteCount: artifact.byteCount)
            return [.checkpointStored(attempt, checkpoint)]
        case .upload(let attempt, let artifacts):
            guard !artifacts.isEmpty else { return [.uploaded(attempt)] }
            var connection = try connect()
            for artifact in artifacts {
                try files.upload(artifact, of: attempt, over: &connection)
            }
            return [.uploaded(attempt)]
        }
    }

    private func bring(_ data: DataSet) throws(Transfer.Problem) {
        let shelf = folder.shelf(of: data.digest)
        if let location = data.location {
            let place = DataInPlace(
                data: data, location: location, manifest: try files.manifest(of: data),
                shelf: shelf, queue: queue, logger: logger)
            return try place.check()
        }
        defer { shelf.touch() }
        guard !shelf.isComplete else { return }
        let manifest = try files.manifest(of: data)
        if shelf.byteCount == nil { try cache.makeRoom(for: data.byteCount) }
        var sockets = try ChunkSockets(
            in: context, endpoint: whereabouts.place.artifacts, identity: identity,
            sharing: sharing?.identity)
        var transfer = try DataTransfer(
            data, manifest, on: shelf,
            parts: DataTransferParts(queue: queue, holdings: sharing?.holdings, logger: logger))
        try transfer.run(over: &sockets)
    }

    private func connect() throws(Transfer.Problem) -> ArtifactConnection {
        try ArtifactConnection(
            in: context, endpoint: whereabouts.place.artifacts,
            options: identity.options(maximum: Limits.artifactFrameBytes), queue: queue)
    }
}
