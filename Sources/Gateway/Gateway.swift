import API
import Glibc
package import Logging
import Hummingbird
import HummingbirdCore
import NIOCore
package import Scheduling
package import Storage
package import Vocabulary

/// The coordinator's HTTP API.
///
/// It translates requests to commands and queries, and what they give to answers; it decides
/// nothing.
package struct Gateway: Sendable {
    /// Asks the coordinator for something; returns once the answer's records are durable.
    package typealias Perform = @Sendable (Command) async -> Answer

    /// The share of a data set, by its manifest, that a worker has; nil when it fetches none.
    package typealias DataShare = @Sendable (Digest, WorkerID) -> Double?

    private let configuration: GatewayConfiguration
    private let routes: Routes
    private let logger: Logger

    /// Prepares a gateway; nothing listens before `run`.
    ///
    /// - Parameters:
    ///   - configuration: Where it listens and whom it lets in.
    ///   - perform: Hands a command to the coordinator.
    ///   - catalogue: What is read of the state folder.
    ///   - artifacts: Where uploaded files go.
    ///   - dataShare: How far workers have come with data sets.
    ///   - logger: Takes a line for each request, without secrets.
    /// - Throws: `GatewayError.remoteAddress`, `.weakToken` or `.invalidPort`.
    package init(
        configuration: GatewayConfiguration, perform: @escaping Perform, catalogue: Catalogue,
        artifacts: ArtifactStore, dataShare: @escaping DataShare = { _, _ in nil },
        logger: Logger
    ) throws(GatewayError) {
        try configuration.validate()
        self.configuration = configuration
        self.logger = logger
        routes = Routes(
            perform: perform, catalogue: catalogue, artifacts: artifacts,
            dataShare: dataShare, started: .now, entrance: configuration.entrance,
            bodyBytes: configuration.limits.bodyBytes)
    }

    /// Listens until the task is cancelled; requests under way are ended then.
    ///
    /// - Parameter onListening: Called with the bound port once connections are accepted.
    /// - Throws: `GatewayError` when it cannot listen, or stops by itself.
    package func run(
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws(GatewayError) {
        let application = Application(
            responder: Responder(configuration: configuration, routes: routes),
            server: .http1(configuration: channelConfiguration),
            configuration: ApplicationConfiguration(
                address: .hostname(
                    HostName.canonical(configuration.host), port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    configuration.limits.connections, logger: logger)),
            onServerRunning: { channel in
                await onListening(channel.localAddress?.port ?? configuration.port)
            },
            logger: logger)
        do {
            try await application.run()
        } catch {
            guard !Task.isCancelled else { return }
            throw listenError(error)
        }
        guard Task.isCancelled else {
            throw .stopped(reason: "its listening socket was closed")
        }
    }

    private var channelConfiguration: HTTP1Channel.Configuration {
        let limits = configuration.limits
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [PaceHandler(limits)],
            idleTimeout: .nanoseconds(limits.idle.nanoseconds),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 32 * 1024,
                maxHeaderFieldCount: 100))
    }

    private func listenError(_ error: any Error) -> GatewayError {
        let host = configuration.host
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE: return .portInUse(host: host, port: configuration.port)
        case EADDRNOTAVAIL: return .unknownAddress(host: host)
        case EACCES: return .portNotPermitted(port: configuration.port)
        default: break
        }
        if error is SocketAddressError { return .unknownAddress(host: host) }
        return .stopped(reason: "\(error)")
    }
}
