import ArgumentParser
import CLinux
import Client
import ConfigurationFiles
import Foundation
import Glibc
import Supervision
import Vocabulary
import WorkerDaemon
import ZeroMQ

/// `picoml worker run`: runs a worker until it is told to leave.
struct WorkerRunCommand: DaemonCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a worker on this host.",
        discussion: """
            The worker makes a key of its own at the first start; the coordinator must know it: \
            `picoml worker key` prints it, `picoml worker authorize` lets it in. Trials run in \
            child processes that end with the worker. SIGTERM or Ctrl-C once: leave when what \
            runs has ended; twice: leave at once.

            Examples:
              picoml worker --state /var/lib/picoml/worker --coordinator worker.json
              picoml worker --config configs/worker.yaml --cpus 8
            """)

    @OptionGroup var place: WorkerPlace

    @Option(help: "CPUs that trials may use; by default all that this process may use.")
    var cpus: UInt32?

    @Option(help: "User that trials run as; only where the worker runs as root.")
    var trialUser: String?

    @Flag(help: "Hold no trial ahead of the ones that run.")
    var noPrefetch = false

    @Option(help: ArgumentHelp("Write a line for each trial's start and end.", visibility: .hidden))
    var trace: String?

    @Flag(help: ArgumentHelp("Leave when the process that started it ends.", visibility: .hidden))
    var withParent = false

    @OptionGroup var log: LogOptions

    func validate() throws {
        if let cpus, !(1...Limits.cpusPerWorker).contains(cpus) {
            throw ValidationError("--cpus is 1 to \(Limits.cpusPerWorker).")
        }
    }

    func serve(signals: Int32) async throws {
        if withParent { _ = picoml_set_parent_death_signal(SIGTERM) }
        var settings = try place.settings()
        if let cpus { settings.cpus = cpus }
        if let name = try trialUser ?? place.trialUser() {
            settings.trialUser = try TrialUser(named: name)
        }
        settings.prefetches = !noPrefetch
        settings.tracePath = trace
        let logger = log.logger("worker")
        settings.service = ServiceNotification.take(logger: logger)
        try WorkerDaemon.run(settings, signals: signals, logger: logger)
    }
}

/// Where a worker keeps its state and whom it works for.
struct WorkerPlace: ParsableArguments {
    @Option(help: "File with settings; options here outweigh it.", completion: .file())
    var config: String?

    @Option(help: "The worker's own folder.", completion: .directory)
    var state: String?

    @Option(help: "The coordinator's worker.json.", completion: .file())
    var coordinator: String?

    private static let defaultFolder = ".picoml/worker"
    private static let defaultCoordinator = ".picoml/coordinator/worker.json"

    /// The worker's folder.
    func folder() throws -> String {
        if let state { return state }
        return try file()?.folder ?? Self.defaultFolder
    }

    /// The user that the file names for trials.
    func trialUser() throws -> String? { try file()?.configuration.trialUser }

    /// What a worker runs with.
    func settings() throws -> WorkerSettings {
        let file = try file()
        let cpus = file?.configuration.cpus ?? HostFacts.usableCPUs
        if coordinator == nil, let configuration = file?.configuration,
            let key = configuration.serverKey
        {
            return WorkerSettings(
                stateFolder: try folder(), controlEndpoint: configuration.control.zeroMQ,
                artifactEndpoint: configuration.artifacts.zeroMQ, serverKey: try CurveKey(key),
                cpus: cpus)
        }
        let known = try PublishedFiles.workerFile(coordinator ?? Self.defaultCoordinator)
        return WorkerSettings(
            stateFolder: try folder(), controlEndpoint: known.control,
            artifactEndpoint: known.artifacts, serverKey: try CurveKey(known.serverKey),
            cpus: cpus)
    }

    private func file() throws -> (configuration: WorkerConfiguration, folder: String)? {
        guard let config else { return nil }
        let url = URL(filePath: config)
        // Whatever the reason, the person must name another file.
        guard let bytes = try? Data(contentsOf: url) else {
            throw ClientError(
                .badInput, "There is no file \(config).", fix: "Give --config an existing file.")
        }
        do throws(Diagnostics) {
            let configuration = try WorkerConfiguration.parse(bytes: bytes, file: config)
            let folder = URL(filePath: configuration.state, relativeTo: url)
            return (configuration, folder.standardizedFileURL.path)
        } catch {
            throw ClientError(error)
        }
    }
}
