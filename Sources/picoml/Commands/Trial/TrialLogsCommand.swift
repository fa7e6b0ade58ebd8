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
            Control characters are made visible, so that a log cannot change the terminal. With
            --follow a running trial is shown as it writes, until it ends.

            Examples:
              picoml trial logs 12.3 | tail
              picoml trial logs --follow 12.3
            """)

    @Argument(help: "The trial, such as 12.3.")
    var trial: TrialID

    @Flag(name: [.short, .long], help: "Go on until the trial ends.")
    var follow = false

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    private struct Log: Encodable {
        var trial: Written<TrialID>
        var text: String
    }

    func validate() throws {
        guard !follow || !output.json else {
            throw ValidationError("--follow prints text as it comes: leave --json out.")
        }
    }

    func run() async throws {
        let client = try coordinator.client()
        guard !follow else { return try await follow(on: client) }
        let text = try await client.log(of: trial)
        if output.json {
            try output.show(Log(trial: Written(trial), text: text)) { _ in "" }
        } else {
            output.write(Harmless.lines(text))
            if !text.isEmpty, !text.hasSuffix("\n") { output.write("\n") }
        }
    }

    private func follow(on client: CoordinatorClient) async throws {
        try await LogFollowing(client).follow(trial) { news in
            switch news {
            case .attempt(let number): if number > 1 { output.note("Attempt \(number):") }
            case .text(let text): output.write(Harmless.lines(text))
            case .gap(let count): output.note("(\(count) bytes are no longer kept)")
            }
        }
    }
}
