import ArgumentParser
import Client
import CoordinatorDaemon
import Foundation
import Scheduling
import Vocabulary
import WorkerDaemon
import ZeroMQ

/// `picoml up`: a coordinator and workers on this host.
struct UpCommand: DaemonCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run a coordinator and workers on this host.",
        discussion: """
            The workers are processes of their own and share the CPUs evenly. Ctrl-C ends all.

            Examples:
              picoml up
              picoml up --workers 4
            """)

    @OptionGroup var place: CoordinatorPlace

    @Option(help: "Workers to run; by default one, which offers all CPUs.")
    var workers: UInt32 = 1

    @OptionGroup var log: LogOptions

    func validate() throws {
        guard (1...1024).contains(workers) else {
            throw ValidationError("--workers is 1 to 1024.")
        }
    }

    func serve(signals: Int32) async throws {
        let state = Access.state(
            Access.Wishes(state: place.state),
            environment: ProcessInfo.processInfo.environment)
        var settings = CoordinatorProcess.Settings(folder: state + "/coordinator")
        if let control = place.control { settings.control = control }
        if let artifacts = place.artifacts { settings.artifacts = artifacts }
        if let http = place.http { settings.http = http }
        let coordinator = try CoordinatorProcess(settings, logger: log.logger("coordinator"))
        let children = try await startWorkers(of: coordinator, state: state)
        defer { end(children) }
        try await coordinator.run(until: signals)
    }

    private func startWorkers(
        of coordinator: CoordinatorProcess, state: String
    ) async throws -> [Process] {
        let share = max(1, HostFacts.usableCPUs / workers)
        var children: [Process] = []
        for number in 1...workers {
            let folder = "\(state)/worker-\(number)"
            let key = try WorkerFolder(folder).keys().publicKey.text
            let answer = await coordinator.daemon.plane.perform(
                .authorize(name: "worker-\(number)", key: key))
            guard case .worker = answer else {
                throw ClientError(.failed, "Worker \(number) was not let in: \(answer).")
            }
            let process = Process()
            process.executableURL = URL(filePath: "/proc/self/exe")
            process.arguments = [
                "worker", "run", "--with-parent", "--state", folder, "--coordinator",
                "\(state)/coordinator/worker.json", "--cpus", "\(share)", "--log-level",
                log.logLevel.rawValue,
            ]
            try process.run()
            children.append(process)
        }
        return children
    }

    /// Asks twice, because what runs is to end as well.
    private func end(_ children: [Process]) {
        for _ in 1...2 {
            for child in children where child.isRunning { child.terminate() }
        }
        for child in children { child.waitUntilExit() }
    }
}
