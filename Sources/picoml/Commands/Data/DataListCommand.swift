import ArgumentParser
import Client

/// `picoml data list`.
struct DataListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the data sets.",
        discussion: """
            Example:
              picoml data list --json
            """)

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let page = try await coordinator.client().dataSets()
        try output.show(page) { DataViews.list(page, on: $0, now: .now) }
    }
}

/// `picoml data show`.
struct DataShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what a name means, and what it meant before.",
        discussion: """
            Example:
              picoml data show digits
            """)

    @Argument(help: "The data set's name.")
    var name: String

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let page = try await coordinator.client().dataSets(named: name)
        try output.show(page) { DataViews.show(page, on: $0, now: .now) }
    }
}
