import Dispatch
import Hashing
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// A small MLflow-compatible HTTP server for one trial, on a port of the loopback interface.
///
/// It understands the calls with which MLflow's client logs parameters, metrics and tags of a
/// run that exists already; everything else is answered with an error in MLflow's form. Only
/// requests with the token are heard, because every user of the host can reach the port.
package final class TrackingServer: Sendable {
    /// Takes the metrics of one step; called on the server's thread, in the order of arrival.
    package typealias Report = @Sendable (TrackedReport) -> Void

    /// The number of the one experiment, which is MLflow's number for its default experiment.
    package static let experimentID = "0"

    /// The port that it listens on.
    package let port: Int
    /// The secret that every request must carry as `Authorization: Bearer`.
    package let token: String
    /// The run's name on the wire, for the variable `MLFLOW_RUN_ID`.
    package let runID: String
    private let channel: any Channel

    /// Listens for a client of `run`; returns once connections are accepted.
    ///
    /// Blocks for some milliseconds: not to be called from asynchronous code.
    ///
    /// - Parameters:
    ///   - run: The run that is logged to.
    ///   - token: The secret; by default a new one.
    ///   - report: Takes the metrics.
    /// - Throws: `TrackingError` when it cannot listen.
    package init(
        _ run: TrackingRun, token: String = RandomBytes.token(),
        report: @escaping Report
    ) throws(TrackingError) {
        self.token = token
        runID = run.id
        // One thread is plenty for one client, and most trials never call.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let start = Start()
        let application = Application(
            responder: TrackingResponder(TrackingRoutes(run, report: report), token: token),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { start.settle(.success($0)) },
            eventLoopGroupProvider: .shared(group),
            // Standard output and error belong to the trial.
            logger: Logger(label: "tracking") { _ in SwiftLogNoOpLogHandler() })
        group.next().makeFutureWithTask { try await application.run() }.whenComplete { end in
            start.settle(.failure(TrackingError("the tracking server ended: \(end)")))
            group.shutdownGracefully { _ in }
        }
        channel = try start.wait()
        guard let port = channel.localAddress?.port else {
            channel.close(promise: nil)
            throw TrackingError("the tracking server has no port")
        }
        self.port = port
    }

    /// Stops listening, soon; requests under way are still answered.
    package func stop() {
        // Not waited for: the thread that would answer ends by itself once the port is closed.
        if channel.isActive { channel.close(promise: nil) }
    }

    /// How the start went.
    ///
    /// Not a future of the event loop, which never answers once it has ended.
    private final class Start: Sendable {
        // A host with many more trials than CPUs is slow, and nobody else waits for this.
        private static let patience = DispatchTimeInterval.seconds(60)
        private let result = Mutex<Result<any Channel, TrackingError>?>(nil)
        private let isSettled = DispatchSemaphore(value: 0)

        /// Only the first call counts.
        func settle(_ outcome: Result<any Channel, TrackingError>) {
            result.withLock { if $0 == nil { $0 = outcome } }
            isSettled.signal()
        }

        func wait() throws(TrackingError) -> any Channel {
            _ = isSettled.wait(timeout: .now() + Self.patience)
            guard let outcome = result.withLock({ $0 }) else {
                throw TrackingError("the tracking server does not start")
            }
            return try outcome.get()
        }
    }
}

/// Why a tracking server cannot be had.
package struct TrackingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package let message: String

    /// The message.
    package var description: String { message }

    init(_ message: String) { self.message = message }
}
