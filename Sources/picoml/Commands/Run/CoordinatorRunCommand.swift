import ArgumentParser
import Client
import ConfigurationFiles
import CoordinatorDaemon
import Foundation
import Scheduling
import Vocabulary

/// `picoml coordinator run`: runs the coordinator until it is told to end.
struct CoordinatorRunCommand: DaemonCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the coordinator: it schedules trials and keeps what they give.",
        discussion: """
            Everything it must not lose lies in the folder `coordinator` of the state folder. \
            Ended and started again, it goes on where it was, and workers hand back what they \
            went on running meanwhile.

            Examples:
              picoml coordinator
              picoml coordinator --config configs/coordinator.yaml
              picoml coordinator --control tcp://0.0.0.0:7801 --artifacts tcp://0.0.0.0:7802
            """)

    @Option(help: "File with settings; options here outweigh it.", completion: .file())
    var config: String?

    @OptionGroup var place: CoordinatorPlace
    @OptionGroup var log: LogOptions

    func serve(signals: Int32) async throws {
        let process = try CoordinatorProcess(
            settings(), logger: log.logger("coordinator"))
        try await process.run(until: signals)
    }

    private func settings() throws -> CoordinatorProcess.Settings {
        var settings = CoordinatorProcess.Settings(
            folder: Access.state(
                Access.Wishes(state: place.state),
                environment: ProcessInfo.processInfo.environment) + "/coordinator")
        if let config { try settings.read(config) }
        if let control = place.control { settings.control = control }
        if let artifacts = place.artifacts { settings.artifacts = artifacts }
        if let http = place.http { settings.http = http }
        return settings
    }
}

/// Where a coordinator keeps its state and listens.
struct CoordinatorPlace: ParsableArguments {
    @Option(help: "State folder.", completion: .directory)
    var state: String?

    @Option(help: "Where workers get their trials, such as tcp://127.0.0.1:7801; port 0: any.")
    var control: Endpoint?

    @Option(help: "Where workers send and get files, such as tcp://127.0.0.1:7802.")
    var artifacts: Endpoint?

    @Option(help: "Where people and tools ask, such as 127.0.0.1:7800.")
    var http: Endpoint?
}

extension Endpoint: ExpressibleByArgument {
    /// Reads `host:port`, with or without a scheme.
    package init?(argument: String) {
        let schemes = ["tcp://", "http://"]
        let scheme = schemes.first { argument.hasPrefix($0) } ?? ""
        self.init(text: argument.dropFirst(scheme.count))
    }
}

extension CoordinatorProcess.Settings {
    /// Takes the settings of a file; its `state` is relative to the file.
    mutating func read(_ path: String) throws {
        let url = URL(filePath: path)
        // Whatever the reason, the person must name another file.
        guard let bytes = try? Data(contentsOf: url) else {
            throw ClientError(
                .badInput, "There is no file \(path).", fix: "Give --config an existing file.")
        }
        do throws(Diagnostics) {
            let file = try CoordinatorConfiguration.parse(bytes: bytes, file: path)
            folder = URL(filePath: file.state, relativeTo: url).standardizedFileURL.path
            control = file.control
            artifacts = file.artifacts
            http = file.http
            timing = Timing(
                renewal: file.renewal, lease: file.lease, adoption: file.adoption)
            users = file.users
        } catch {
            throw ClientError(error)
        }
    }
}
