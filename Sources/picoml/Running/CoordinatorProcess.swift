import Client
import ConfigurationFiles
import CoordinatorDaemon
import Gateway
import Logging
import Scheduling
import Storage
import Supervision
import Synchronization
import Vocabulary
import ZeroMQ

/// A coordinator with its HTTP gateway, from the start to the signal that ends it.
struct CoordinatorProcess: Sendable {
    /// Where it keeps its state and listens.
    struct Settings: Sendable {
        var folder: String
        var control = Endpoint(host: "127.0.0.1", port: 7801)
        var artifacts = Endpoint(host: "127.0.0.1", port: 7802)
        var http = Endpoint(host: "127.0.0.1", port: 7800)
        var timing = Timing()
        var users = UserShares()
    }

    let daemon: CoordinatorDaemon
    private let published: PublishedFiles
    private let gateway: Gateway
    private let settings: Settings
    private let service: ServiceNotification?
    private let logger: Logger

    /// Opens the state folder and listens for workers; takes the supervisor's variables out of the
    /// environment, so call it before there are children.
    init(_ settings: Settings, logger: Logger) throws {
        OpenFiles.allowEnough()
        let service = ServiceNotification.take(logger: logger)
        self.settings = settings
        self.service = service
        self.logger = logger
        let daemon = try CoordinatorDaemon(
            CoordinatorSettings(
                stateFolder: settings.folder, controlEndpoint: settings.control.zeroMQ,
                artifactEndpoint: settings.artifacts.zeroMQ, timing: settings.timing,
                users: settings.users,
                service: service),
            logger: logger)
        self.daemon = daemon
        published = PublishedFiles(folder: settings.folder)
        gateway = try Gateway(
            configuration: GatewayConfiguration(
                host: settings.http.host, port: Int(settings.http.port),
                token: try published.token(),
                entrance: WorkerEntrance(
                    control: daemon.controlEndpoint, artifacts: daemon.artifactEndpoint,
                    serverKey: daemon.publicKey.text)),
            perform: { await daemon.plane.perform($0) }, catalogue: daemon.catalogue,
            artifacts: daemon.artifacts,
            dataShare: { daemon.dataProgress.share(of: $0, on: $1) }, logger: logger)
        try published.writeWorkerFile(
            control: daemon.controlEndpoint, artifacts: daemon.artifactEndpoint,
            serverKey: daemon.publicKey.text)
    }

    /// Serves until a signal arrives or the daemon ends by itself.
    ///
    /// - Parameters:
    ///   - signals: Becomes readable when the process is asked to end.
    ///   - preparing: Done before people and tools can ask.
    ///   - onReady: Called on the first thread once people and tools can ask.
    /// - Throws: What `preparing` or `onReady` throws, or why it cannot serve.
    @MainActor func run(
        until signals: Int32, preparing: @escaping @Sendable () async throws -> Void = {},
        onReady: @MainActor () throws -> Void = {}
    ) async throws {
        defer { daemon.stop() }
        let ended = try WakeUp()
        let ready = try WakeUp()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { ended.signal() }
                try await preparing()
                try await serve { ready.signal() }
            }
            try SignalWait.block(until: signals, or: [daemon.ending, ended], ready: ready) {
                service?.send(.ready, .status("serves workers at \(daemon.controlEndpoint)"))
                try onReady()
            }
            service?.send(.stopping)
            group.cancelAll()
            try await group.waitForAll()
        }
        if let failure = daemon.failure { throw ClientError(.failed, failure) }
        logger.notice("the coordinator ends; what runs on workers goes on")
    }

    private func serve(_ onListening: @escaping @Sendable () -> Void) async throws {
        let host = settings.http.host
        try await gateway.run { [published, logger] port in
            let address = "http://\(Endpoint(host: host, port: UInt16(clamping: port)))"
            published.writeAddress(address, logger: logger)
            logger.notice("serving at \(address)")
            onListening()
        }
    }
}
