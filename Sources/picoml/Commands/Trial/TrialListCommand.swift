import API
import ArgumentParser
import Client

/// `picoml trial list`: trials of a sweep.
struct TrialListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List trials of a sweep.",
        discussion: """
            Examples:
              picoml trial list last --order objective --limit 10
              picoml trial list 12 --experiment Exp3 --only failed
            """)

    @Argument(help: "The sweep's number, or last.")
    var sweep = SweepSelector.last

    @Option(help: "Only trials of this experiment.")
    var experiment: String?

    @Option(help: "Only trials that stand here.")
    var only: TrialStanding?

    @Option(help: "The oldest first, or the best.")
    var order = TrialQuery.Order.number

    @Option(help: "The most trials, 1 to 500.")
    var limit = 50

    @Option(help: "Where to go on, as the page before said.")
    var cursor: String?

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...500).contains(limit) else {
            throw ValidationError("--limit is a number from 1 to 500.")
        }
    }

    func run() async throws {
        let client = try coordinator.client()
        let page = try await client.trials(
            of: sweep,
            TrialQuery(
                experiment: experiment, state: only, order: order, limit: limit, cursor: cursor))
        // What no trial of an experiment varies is left out of the text.
        let experiments =
            output.json || page.trials.isEmpty ? [] : try await client.sweep(sweep).experiments
        try output.show(page) { TrialViews.list(page, of: experiments, on: $0) }
    }
}
