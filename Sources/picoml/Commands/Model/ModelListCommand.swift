import ArgumentParser
import Client

/// `picoml model list`: all registered models.
struct ModelListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List models and their champions.")

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let page = try await coordinator.client().models()
        try output.show(page) { ModelViews.list(page, on: $0) }
    }
}
