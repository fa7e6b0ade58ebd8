import API
import ArgumentParser
import Client
import Foundation

/// `picoml data add`.
struct DataAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Make a file or a folder a data set.",
        discussion: """
            The content is hashed and sent to the coordinator, from where an interrupted try \
            stopped. A name that exists gets the new content; sweeps keep the one that they were \
            submitted with. With --in-place nothing is sent: every worker uses the same path, \
            and checks there that the content is the same.

            Examples:
              picoml data add digits digits.csv
              picoml data add imagenet /mnt/shared/imagenet --in-place
            """)

    @Argument(help: "The name that sweep files use.")
    var name: String

    @Argument(help: "The file or folder.", completion: .file())
    var path: String

    @Flag(help: "Use it where it lies, on storage that all workers share.")
    var inPlace = false

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let client = try coordinator.client()
        let display = ProgressDisplay(output)
        let prepared = try PreparedDataSet.read(path) { display.show("reads", $0, of: $1) }
        let location = inPlace ? URL(filePath: path).standardizedFileURL.path : nil
        let data = try await prepared.add(as: name, at: location, to: client) {
            display.show("sends", $0, of: $1)
        }
        try output.show(data) {
            DataViews.show(DataSetPage(dataSets: [data]), on: $0, now: .now)
        }
    }
}

/// Shows on standard error how far something has come.
final class ProgressDisplay {
    private var display: LiveDisplay
    private let isSilent: Bool

    init(_ output: OutputOptions) {
        let terminal = Terminal.detect(
            descriptor: STDERR_FILENO, environment: ProcessInfo.processInfo.environment)
        isSilent = output.json
        display = LiveDisplay(terminal: terminal) { text in
            FileHandle.standardError.write(Data(text.utf8))
        }
    }

    func show(_ verb: String, _ done: UInt64, of total: UInt64) {
        guard !isSilent else { return }
        display.show(
            [DataViews.progress(verb, done, of: total)],
            summary: DataViews.summary(verb, done, of: total))
    }
}
