import Logging
import Storage
import Vocabulary
import ZeroMQ

/// The thread that removes the files of checkpoints which are no longer kept.
struct RemovalLoop: ~Copyable {
    private let catalogue: Catalogue
    private let artifacts: ArtifactStore
    private let stopping: StopFlag
    private let logger: Logger
    // What was given up before has been looked at.
    private var lookedUntil: Int64 = 0

    /// How often it looks.
    private static let pause = Duration.seconds(60)
    /// How long a file stays after it was given up or last offered: a worker may be fetching it,
    /// or may have been told that it need not be sent.
    private static let patienceSeconds: Int64 = 600

    init(
        catalogue: Catalogue, artifacts: ArtifactStore, stopping: StopFlag, logger: Logger
    ) {
        self.catalogue = catalogue
        self.artifacts = artifacts
        self.stopping = stopping
        self.logger = logger
    }

    mutating func run() {
        var poller = Poller()
        _ = poller.add(stopping.wakeUp)
        while !stopping.isSet {
            do throws(StorageError) { try look() } catch {
                logger.warning("files of old checkpoints could not be removed: \(error)")
            }
            // A poll fails only when the process is leaving.
            guard (try? poller.poll(timeout: Self.pause)) != nil else { return }
        }
    }

    private mutating func look() throws(StorageError) {
        let end = Clock.wallMilliseconds() - Self.patienceSeconds * 1000
        guard end > lookedUntil else { return }
        var removed = 0
        for digest in try catalogue.unreferencedCheckpoints(releasedIn: lookedUntil..<end)
        where try artifacts.remove(digest, unofferedSince: end / 1000) {
            removed += 1
        }
        lookedUntil = end
        if removed > 0 { logger.info("removed \(removed) checkpoints that are no longer kept") }
    }
}
