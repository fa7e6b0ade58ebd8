import Logging
import Vocabulary
import Wire
import ZeroMQ

/// What a worker needs to get data sets from other workers and to give them to others.
struct DataSharing: Sendable {
    /// The key by which others know this worker.
    let identity: SharingIdentity
    /// What it has.
    let holdings: DataHoldings
    /// Where others ask it; 0 for any port.
    private let port: UInt16

    /// Nil where `settings` keep the worker from sharing.
    init?(_ settings: WorkerSettings, _ folder: WorkerFolder) throws(ZeroMQError) {
        guard let port = settings.sharePort else { return nil }
        self.port = port
        identity = try SharingIdentity()
        holdings = try DataHoldings(complete: folder.completeDataSets())
    }

    /// Starts the thread that gives to others; nil when it cannot listen, which the log says.
    func start(
        _ settings: WorkerSettings, in context: Context, _ whereabouts: Whereabouts,
        _ folder: WorkerFolder,
        _ worker: WorkerIdentity, _ transfers: TransferQueue, _ logger: Logger
    ) -> DedicatedThread? {
        let isLocal = settings.places.allSatisfy { place in
            ["tcp://127.", "tcp://[::1]", "tcp://localhost"].contains(
                where: place.artifacts.hasPrefix)
        }
        let parts = SharingParts(
            context: context, whereabouts: whereabouts,
            address: isLocal ? "127.0.0.1" : "*", port: port, identity: worker,
            sharing: identity, holdings: holdings, folder: folder, queue: transfers,
            logger: logger)
        do {
            let loop = try SharingLoop.listen(parts)
            return try DedicatedThread(named: "sharing", owning: loop) { loop in
                var loop = loop
                loop.run()
            }
        } catch {
            logger.warning("data sets are not given to other workers: \(error)")
            return nil
        }
    }
}
