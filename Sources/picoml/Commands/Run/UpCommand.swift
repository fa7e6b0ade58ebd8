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
            The workers are processes of their own and share CPUs and GPUs evenly. Ctrl-C ends all.

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
        let folders = (1...workers).map { "\(state)/worker-\($0)" }
        var children: [Process] = []
        defer { end(children) }
        // Workers end with the thread that starts them: it must be the first one.
        try await coordinator.run(
            until: signals, preparing: { try await Self.letIn(folders, to: coordinator) }
        ) {
            let parts = HostParts(count: folders.count)
            for (index, folder) in folders.enumerated() {
                children.append(
                    try startWorker(in: folder, state: state, parts.arguments(index)))
            }
            let place = state == Access.defaultState ? "" : " --state \(state)"
            FileHandle.standardError.write(
                Data(
                    """

                    Ready. In another terminal:
                      picoml sweep submit configs/sweeps/quickstart.yaml --wait\(place)
                    Ctrl-C here ends the coordinator, the workers and what they run.


                    """.utf8))
        }
    }

    private static func letIn(
        _ folders: [String], to coordinator: CoordinatorProcess
    ) async throws {
        for folder in folders {
            let name = URL(filePath: folder).lastPathComponent
            let key = try WorkerFolder(folder).keys().publicKey.text
            let answer = await coordinator.daemon.plane.perform(.authorize(name: name, key: key))
            guard case .worker = answer else {
                throw ClientError(.failed, "\(name) was not let in: \(answer).")
            }
        }
    }

    private func startWorker(
        in folder: String, state: String, _ arguments: [String]
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe")
        process.arguments =
            [
                "worker", "run", "--with-parent", "--state", folder, "--coordinator",
                "\(state)/coordinator/worker.json", "--log-level", log.logLevel.rawValue,
            ] + arguments
        try process.run()
        return process
    }

    /// Asks twice, because what runs is to end as well; by two signals, because the same one
    /// counts once until it is heard.
    private func end(_ children: [Process]) {
        for child in children where child.isRunning {
            child.terminate()
            child.interrupt()
        }
        for child in children { child.waitUntilExit() }
    }
}
