import ArgumentParser
import CLinux
import Client
import ConfigurationFiles
import Foundation
import Glibc
import Logging
import Supervision
import Vocabulary
import Wire
import WorkerDaemon
import ZeroMQ

/// `picoml worker run`: runs a worker until it is told to leave.
struct WorkerRunCommand: DaemonCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a worker on this host.",
        discussion: """
            The worker makes a key of its own at the first start, and enrols it with a join \
            token, which it does not need again. Without one, `picoml worker key` prints the key \
            and `picoml worker authorize` lets it in. Trials run in child processes that end \
            with the worker. SIGTERM or Ctrl-C once: leave when what runs has ended; twice: \
            leave at once.

            Examples:
              picoml worker --join TOKEN
              picoml worker --join-file token --state /var/lib/picoml/worker --name oven-2
              picoml worker --config configs/worker.yaml --cpus 8
            """)

    @OptionGroup var place: WorkerPlace
    @OptionGroup var join: JoinOptions

    @Option(help: "CPUs that trials may use; by default all that this process may use.")
    var cpus: UInt32?

    @Option(help: "CPUs that the worker keeps to, by number, such as 0-3,8.")
    var cores: CoreList?

    @Flag(help: "Let trials share CPUs, rather than give each its own.")
    var noPinning = false

    @Option(help: "GPUs that trials may use: all, none, or positions such as 0,2.")
    var gpus: DeviceChoice?

    @Option(
        name: .customLong("label"),
        help: ArgumentHelp(
            "What trials can choose this host by, such as zone=b; may stand several times.",
            valueName: "name=value"), transform: Self.label)
    var labels: [Label] = []

    @Option(
        help: ArgumentHelp(
            "What may be kept of artifacts and data sets, and as much again of environments, such "
                + "as 200GiB; 100 GiB by default."))
    var cache: ByteCount?

    @Option(help: "Port at which other workers fetch data sets; any by default.")
    var sharePort: UInt16?

    @Flag(help: "Give data sets to no other worker, and fetch all from the coordinator.")
    var noSharing = false

    @Option(help: "User that trials run as; the worker must be root, or may change its user.")
    var trialUser: String?

    @OptionGroup var lifetime: LifetimeOptions

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
        guard !join.isGiven || place.coordinator == nil else {
            throw ValidationError("A join token says where the coordinator is: no --coordinator.")
        }
    }

    func serve(signals: Int32) async throws {
        if withParent { _ = picoml_set_parent_death_signal(SIGTERM) }
        let logger = log.logger("worker")
        // First: all that starts from here on keeps to them too.
        if let cores { try HostCores.restrict(to: cores.numbers) }
        let facts = try place.facts(cpus: cpus, labels: labels, devices: devices(logger: logger))
        let hasEnrolled = try join.enrol(
            place.folder(), facts: facts, signals: signals, logger: logger)
        guard hasEnrolled else { return }
        var settings = try place.settings(facts: facts, hasJoined: join.isGiven)
        if let name = try trialUser ?? place.trialUser() {
            try settings.runTrials(as: name)
        }
        if let bytes = try cache?.bytes ?? place.cacheBytes() { settings.cacheBytes = bytes }
        settings.sharePort = noSharing ? nil : try sharePort ?? place.sharePort() ?? 0
        settings.prefetches = !noPrefetch
        settings.pinsTrials = !noPinning
        settings.lifetime = lifetime.applied(to: try place.lifetime())
        settings.tracePath = trace
        settings.service = ServiceNotification.take(logger: logger)
        try WorkerDaemon.run(settings, signals: signals, logger: logger)
    }

    /// The GPUs to offer; why there are none is told.
    private func devices(logger: Logger) throws -> [Device] {
        let choice = try gpus ?? place.gpus()
        guard choice != .only([]) else { return [] }
        let found = HostDevices.find()
        if let problem = found.problem { logger.warning("\(problem)") }
        return try found.chosen(choice)
    }

    private static func label(_ text: String) throws -> Label {
        guard let label = Label(text: text) else {
            throw ValidationError(
                "A label is name=value, each of letters, digits, -, _, . and /: zone=b.")
        }
        guard !Label.implied.contains(label.name) else {
            throw ValidationError("A worker says \(label.name) by itself: choose another name.")
        }
        return label
    }
}

/// Where a worker keeps its state and whom it works for.
struct WorkerPlace: ParsableArguments {
    @Option(help: "File with settings; options here outweigh it.", completion: .file())
    var config: String?

    @Option(help: "The worker's own folder.", completion: .directory)
    var state: String?

    @Option(
        help: "The coordinator's worker.json; by default the one of the worker's own folder.",
        completion: .file())
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

    /// What the worker says of its host, with what the file leaves open or an option outweighs.
    func facts(
        cpus: UInt32? = nil, labels: [Label] = [], devices: [Device] = []
    ) throws -> WorkerFacts {
        let configuration = try file()?.configuration
        let labels = Labels((configuration?.labels.all ?? []) + labels)
        guard labels.all.count <= Limits.labels else {
            throw ValidationError("A worker has at most \(Limits.labels) labels.")
        }
        return HostFacts.describe(
            cpus: cpus ?? configuration?.cpus ?? HostFacts.usableCPUs, labels: labels,
            devices: devices)
    }

    /// When the file says to leave.
    func lifetime() throws -> WorkerLifetime {
        try file()?.configuration.lifetime ?? WorkerLifetime()
    }

    /// The GPUs that the file says to offer.
    func gpus() throws -> DeviceChoice { try file()?.configuration.gpus ?? .all }

    /// The port for other workers that the file names.
    func sharePort() throws -> UInt16? { try file()?.configuration.sharePort }

    /// What the file says that is kept of artifacts and data sets.
    func cacheBytes() throws -> UInt64? { try file()?.configuration.cacheBytes }

    /// What a worker runs with; after it has joined, for the coordinator that it joined.
    func settings(facts: WorkerFacts, hasJoined: Bool = false) throws -> WorkerSettings {
        let folder = try folder()
        if coordinator == nil, !hasJoined, let configuration = try file()?.configuration,
            let key = configuration.serverKey
        {
            let places = zip(configuration.control, configuration.artifacts).map {
                JoinToken.Place(control: $0.zeroMQ, artifacts: $1.zeroMQ)
            }
            return WorkerSettings(
                stateFolder: folder, places: places, serverKey: try CurveKey(key), facts: facts)
        }
        let known = try PublishedFiles.workerFile(coordinator ?? Self.known(to: folder))
        return WorkerSettings(
            stateFolder: folder, places: known.places,
            serverKey: try CurveKey(known.serverKey), facts: facts)
    }

    private static func known(to folder: String) -> String {
        let own = PublishedFiles.ownWorkerFile(folder)
        return FileManager.default.fileExists(atPath: own) ? own : defaultCoordinator
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
