import API
import ArgumentParser
import Client
import Vocabulary

/// `picoml trial logs`: what a trial wrote.
struct TrialLogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Print what a trial wrote while it ran.",
        discussion: """
            Control characters are made visible, so that a log cannot change the terminal.

            Example:
              picoml trial logs 12.3 | tail
            """)

    @Argument(help: "The trial, such as 12.3.")
    var trial: TrialID

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    private struct Log: Encodable {
        var trial: Written<TrialID>
        var text: String
    }

    func run() async throws {
        let text = try await coordinator.client().log(of: trial)
        if output.json {
            try output.show(Log(trial: Written(trial), text: text)) { _ in "" }
        } else {
            output.write(Harmless.lines(text))
            if !text.isEmpty, !text.hasSuffix("\n") { output.write("\n") }
        }
    }
}
