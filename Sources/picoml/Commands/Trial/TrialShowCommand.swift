import API
import ArgumentParser
import Client
import Vocabulary

/// `picoml trial show`: all there is to say of a trial.
struct TrialShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a trial: parameters, metrics, learning curve, attempts, files.",
        discussion: """
            Examples:
              picoml trial show 12.3
              picoml trial show 12.3 --metric train-rmse
              picoml trial show 12.3 --curve --json
            """)

    @Argument(help: "The trial, such as 12.3.")
    var trial: TrialID

    @Option(help: "The metric whose learning curve is shown; the objective without it.")
    var metric: String?

    @Flag(help: "Show the learning curve alone.")
    var curve = false

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let client = try coordinator.client()
        let query = CurveQuery(metric: metric, points: curve ? 10_000 : 200)
        if curve {
            let document = try await client.curve(of: trial, query)
            return try output.show(document) { TrialViews.show(document, on: $0) }
        }
        let document = try await client.trial(trial)
        let points = output.json ? nil : try await client.curve(of: trial, query)
        try output.show(document) {
            TrialViews.show(document, curve: points, on: $0, now: .now)
        }
    }
}
