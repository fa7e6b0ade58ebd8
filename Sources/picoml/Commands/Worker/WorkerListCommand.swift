import ArgumentParser
import Client

/// `picoml worker list`: the workers that the coordinator knows.
struct WorkerListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the coordinator's workers and what they run.",
        discussion: """
            Example:
              picoml worker list --json
            """)

    @Flag(help: "Show workers whose keys were revoked, too.")
    var all = false

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let page = try await coordinator.client().workers()
        try output.show(page) {
            WorkerViews.list(page, showsRevoked: all, on: $0, now: .now)
        }
    }
}
