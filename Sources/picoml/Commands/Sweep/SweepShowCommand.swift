import API
import ArgumentParser
import Client

/// `picoml sweep show`: all there is to say of a sweep.
struct SweepShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a sweep: its experiments, leaderboard and the gate's verdict.",
        discussion: """
            Examples:
              picoml sweep show
              picoml sweep show 12 --best 20
            """)

    @Argument(help: "The sweep's number, or last.")
    var sweep = SweepSelector.last

    @Option(help: "Trials on the leaderboard, 0 to 500.")
    var best = 10

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (0...500).contains(best) else {
            throw ValidationError("--best is a number from 0 to 500.")
        }
    }

    func run() async throws {
        let client = try coordinator.client()
        let document = try await client.sweep(sweep)
        let leaders =
            output.json || best == 0
            ? []
            : try await client.trials(
                of: .number(document.sweep.id.value), TrialQuery(order: .objective, limit: best)
            ).trials
        try output.show(document) {
            SweepViews.show(document, leaders: leaders, on: $0, now: .now)
        }
    }
}
