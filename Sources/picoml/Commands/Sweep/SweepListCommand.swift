import API
import ArgumentParser
import Client
import Vocabulary

/// `picoml sweep list`: the newest sweeps.
struct SweepListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List sweeps, newest first.",
        discussion: """
            Examples:
              picoml sweep list --phase searching
              picoml sweep list --json
            """)

    @Option(help: "The most sweeps, 1 to 500.")
    var limit = 20

    @Option(help: "Only sweeps submitted before this one.")
    var before: SweepID?

    @Option(help: "Only sweeps that stand here.")
    var phase: Phase?

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...500).contains(limit) else {
            throw ValidationError("--limit is a number from 1 to 500.")
        }
    }

    func run() async throws {
        let page = try await coordinator.client().sweeps(
            SweepQuery(limit: limit, before: before, phase: phase))
        try output.show(page) { SweepViews.list(page, on: $0, now: .now) }
    }
}
