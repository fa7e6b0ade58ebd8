import API
import ArgumentParser
import Client
import Vocabulary

/// `picoml trial explain`: why a trial is where it is.
struct TrialExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say why a trial waits, where it may run, why it was stopped or tried again.",
        discussion: """
            Example:
              picoml trial explain 12.3
            """)

    @Argument(help: "The trial, such as 12.3.")
    var trial: TrialID

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let document = try await coordinator.client().explanation(of: trial)
        try output.show(document) { TrialViews.explain(document, on: $0) }
    }
}
