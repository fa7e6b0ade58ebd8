import CLinux
import FoundationEssentials
import Glibc
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
        guard let program = request.lease.program, case .command(let template) = program.action
        else { throw .error("The experiment has no command.") }
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
        let child = try CommandChild.start(
            words, in: request.codePath ?? request.directory,
            environment: environment.variables, readsOutput: program.readsOutput)
        var supervision = Supervision(child, feed, objective: request.lease.objective.metric)
        return try judge(try supervision.run(&channel), program: words[0])
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

    private func judge(_ end: Supervision.End, program: String) throws(TrialEnd) -> [Metric] {
        if let reason = end.reason {
            guard case .result(let metrics) = end.conclusion else {
                throw .stopped(reason, last: end.last)
            }
            throw .stopped(reason, last: metrics)
        }
        if case .failure(let kind, let message) = end.conclusion {
            throw .failed(kind, message: message)
        }
        guard end.status == .code(0) else {
            throw CommandVerdict.failure(
                end.status, program: program,
                log: CommandVerdict.tail(ofLog: request.directory + "/log.txt"))
        }
        if case .result(let metrics) = end.conclusion { return metrics }
        return end.last
    }
}
