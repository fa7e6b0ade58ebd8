import ArgumentParser
import Client
import CoordinatorDaemon
import Foundation
import ZeroMQ

/// `picoml coordinator init`: makes the state folder with its keys.
struct CoordinatorInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make the coordinator's state folder and keys without starting it.",
        discussion: """
            Starting the coordinator does the same; this is for those who want the keys, or the \
            folder's place and owner, settled before. What is there already stays.

            Example:
              picoml coordinator init --state /var/lib/picoml
            """)

    @Option(help: "File with settings; options here outweigh it.", completion: .file())
    var config: String?

    @Option(help: "State folder.", completion: .directory)
    var state: String?

    @OptionGroup var output: OutputOptions

    private struct Made: Encodable {
        var folder: String
        var serverKey: String
    }

    func run() throws {
        var settings = CoordinatorProcess.Settings(
            folder: Access.state(
                Access.Wishes(state: state), environment: ProcessInfo.processInfo.environment)
                + "/coordinator")
        if let config, state == nil { try settings.read(config) }
        let key = try CoordinatorDaemon.prepare(settings.folder)
        _ = try PublishedFiles(folder: settings.folder).token()
        try output.show(Made(folder: settings.folder, serverKey: key.text)) { _ in
            Harmless.line("\(settings.folder) is ready; the coordinator's public key is \(key).")
        }
    }
}
