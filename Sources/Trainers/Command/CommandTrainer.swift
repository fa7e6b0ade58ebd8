import CLinux
import FoundationEssentials
import Glibc
import Processes
import Hashing
import Tracking
import Vocabulary

/// The trainer `command`: runs any program and supervises it from this process.
///
/// The program learns what to do from its words, its environment and the files in the trial's
/// folder. It reports on its channel, through MLflow's client, or by what it prints.
struct CommandTrainer {
    private let request: TrialRequest

    init(_ request: TrialRequest) { self.request = request }

    /// Runs the command to its end.
    func run(_ channel: inout TrialChannel) throws(TrialEnd) -> [Metric] {
        guard let program = request.lease.program, let template = template(of: program) else {
            throw .error("The experiment has no command.")
        }
        guard request.lease.task == .search else {
            throw .error("A command has no model that could be confirmed or scored.")
        }
        // This process has to outlive a worker that is killed, for the moment that it takes to end
        // the command: the kernel's signal would reach only this process. The closed channel
        // tells of the worker's end instead.
        _ = picoml_set_parent_death_signal(0)
        let feed = TrackingFeed()
        let server = trackingServer(feed)
        defer { server?.stop() }
        let files = try CommandFiles(request)
        var environment = CommandEnvironment(
            request, files: files, inherited: ProcessInfo.processInfo.environment,
            channel: CommandChild.channelDescriptor)
        if let server { environment.add(server) }
        let words = try expand(template, environment.macros)
        let isFunction = if case .python = program.action { true } else { false }
        let folder = (isFunction ? nil : request.codePath) ?? request.directory
        let container = request.container.map { ContainerCommand($0, request) }
        let child = try CommandChild.start(
            container?.words(running: words, in: folder, variables: environment.variables)
                ?? words,
            in: folder, environment: environment.variables, readsOutput: program.readsOutput,
            channelFolder: container?.channelFolder)
        var supervision = Supervision(child, feed, objective: request.lease.objective.metric)
        let end: Supervision.End
        do throws(TrialEnd) { end = try supervision.run(&channel) } catch {
            // The engine's client may be gone, and with this process nobody knows of the container.
            container?.kill()
            throw error
        }
        // It is the client that was ended: of a container's own end it tells by a code.
        if case .signal = end.status { container?.kill() }
        return try judge(end, program: words[0], container)
    }

    /// The command before its macros are replaced.
    ///
    /// A Python function is one where it runs in a container, in which no process of the worker
    /// can fork.
    private func template(of program: Program) -> [String]? {
        switch program.action {
        case .command(let words): words
        case .python: request.container == nil ? nil : ["python3", "-m", "picoml._trial"]
        }
    }

    private func expand(
        _ template: [String], _ macros: CommandMacros
    ) throws(TrialEnd) -> [String] {
        do {
            return try macros.expand(template)
        } catch {
            throw .failed(.badCode, message: error.message)
        }
    }

    /// A server for MLflow's client; nil when there can be none, which most commands never notice.
    private func trackingServer(_ feed: TrackingFeed) -> TrackingServer? {
        let lease = request.lease
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        let run = TrackingRun(
            id: String(RandomBytes.hexToken().prefix(32)), experiment: lease.experiment,
            name: "\(lease.attempt)",
            started: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
        do throws(TrackingError) {
            return try TrackingServer(run) { feed.put($0) }
        } catch {
            TrialProcess.complain("\(error); MLflow's client will not reach this trial")
            return nil
        }
    }

    private func judge(
        _ end: Supervision.End, program: String, _ container: ContainerCommand?
    ) throws(TrialEnd) -> [Metric] {
        if let reason = end.reason {
            guard case .result(let metrics) = end.conclusion else {
                throw .stopped(reason, last: end.last)
            }
            throw .stopped(reason, last: metrics)
        }
        if case .failure(let kind, let message) = end.conclusion {
            throw .failed(kind, message: message)
        }
        if end.status == .signal(SIGTERM) {
            throw .failed(.cancelled, message: "the command was told to end, not by its worker")
        }
        guard end.status == .code(0) else {
            let log = CommandVerdict.tail(ofLog: request.directory + "/log.txt")
            throw container?.failure(end.status, log: String(decoding: log, as: UTF8.self))
                ?? CommandVerdict.failure(end.status, program: program, log: log)
        }
        if case .result(let metrics) = end.conclusion { return metrics }
        return end.last
    }
}
