import API
import ArgumentParser
import Client
import Vocabulary

/// `picoml trial checkpoint`: what a trial wrote down to go on from.
struct TrialCheckpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Get a checkpoint of a trial as a folder.",
        discussion: """
            `picoml trial show` lists those that are kept: `checkpoints:` in the sweep file says \
            which.

            Examples:
              picoml trial checkpoint 12.3 --output best
              picoml trial checkpoint 12.3 --step 40 --output epoch-40
            """)

    @Argument(help: "The trial, such as 12.3.")
    var trial: TrialID

    @Option(help: "The folder to make.", completion: .directory)
    var output: String

    @Option(help: "The step of the checkpoint; needed when several are kept.")
    var step: UInt64?

    @OptionGroup var coordinator: CoordinatorOptions

    func run() async throws {
        let client = try coordinator.client()
        let kept = try await client.trial(trial).checkpoints
        let steps = kept.map { "\($0.step)" }.joined(separator: ", ")
        guard let first = kept.first else {
            throw ClientError(.badInput, "No checkpoint of trial \(trial) is kept.")
        }
        guard
            let checkpoint = kept.count == 1 && step == nil
                ? first : kept.first(where: { $0.step == step })
        else {
            throw ClientError(
                .badInput, "Trial \(trial) has checkpoints at the steps \(steps).",
                fix: "Choose one with --step.")
        }
        try await FetchedFolder(client).fetch(
            checkpoint.digest, byteCount: checkpoint.byteCount, into: output)
    }
}
