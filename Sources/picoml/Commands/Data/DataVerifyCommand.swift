import API
import ArgumentParser
import Client
import Vocabulary

/// `picoml data verify`.
struct DataVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read a data set again and compare it with what was added.",
        discussion: """
            Reads the coordinator's copy, or the files in place, or a copy at --path on this \
            host. Damage is listed by file, and ends with a status other than 0.

            Examples:
              picoml data verify digits
              picoml data verify digits@3f2a91c0 --path /mnt/copy/digits
            """)

    @Argument(help: "The data set: NAME, or NAME@ and the beginning of its content's digest.")
    var data: String

    @Option(help: "A copy on this host to check.", completion: .file())
    var path: String?

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard let reference = DataReference(text: data) else {
            throw ClientError(
                .badInput, "\"\(data)\" does not name a data set.",
                fix: "`picoml data list` shows the names.")
        }
        let client = try coordinator.client()
        let known = try await client.dataSets(named: reference.name).dataSets
        guard let meant = known.first(where: { $0.digest.description.hasPrefix(reference.prefix) })
        else {
            throw ClientError(
                .badInput, "\(reference.name) never had the content @\(reference.prefix).",
                fix: "`picoml data show \(reference.name)` lists what it had.")
        }
        let display = ProgressDisplay(output)
        let check = try await DataCheck.run(meant, at: path, with: client) {
            display.show("checks", $0, of: $1)
        }
        try output.show(check) { DataViews.check(check, on: $0) }
        guard check.isSound else { throw ExitCode(CommandStatus.failed.rawValue) }
    }
}
