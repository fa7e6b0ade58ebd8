import ArgumentParser
import Client

/// `picoml model show`: a model with its versions and history.
struct ModelShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a model: champion, versions, and who moved the champion when and why.",
        discussion: """
            Examples:
              picoml model show demand
              picoml model show demand --version 3 --json
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Option(help: "Show this version alone, with its files and parameters.")
    var version: UInt32?

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let client = try coordinator.client()
        if let version {
            let document = try await client.version(version, of: name)
            return try output.show(document) { ModelViews.show(document, on: $0, now: .now) }
        }
        let document = try await client.model(name)
        try output.show(document) { ModelViews.show(document, on: $0, now: .now) }
    }
}
