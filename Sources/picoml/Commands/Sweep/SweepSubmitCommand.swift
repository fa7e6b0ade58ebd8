import API
import ArgumentParser
import Client
import Vocabulary

/// `picoml sweep submit`: sends a sweep file and its data to the coordinator.
struct SweepSubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Run a sweep.",
        discussion: """
            Checks the file and its data here first: all problems are shown at once, each with \
            its place. Data that the coordinator has already is not sent again.

            Examples:
              picoml sweep submit configs/sweeps/quickstart.yaml
              picoml sweep submit sweep.yaml --wait && echo finished
            """)

    @Argument(help: "The sweep file.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @Option(
        help: "The directory with the code, in place of the one that the file names.",
        completion: .directory)
    var code: String?

    @Flag(help: "Watch until the sweep ends; the exit code says how.")
    var wait = false

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let client = try coordinator.client()
        let sweep = try PreparedSweep.read(file, code: code)
        let plan = Plan(sweep)
        if let data = plan.data {
            let rows = data.training + data.validation + data.gate
            output.note(
                "Data ready: \(HumanForm.count(rows, "row")), "
                    + "\(HumanForm.count(data.features.count, "feature")).")
        }
        if let code = sweep.code {
            let commit = code.bundle.commit.map {
                ", commit \($0.prefix(10))" + (code.bundle.isDirty ? " with changes" : "")
            }
            output.note(
                "Code packed: \(HumanForm.count(code.fileCount, "file")) of \(code.folder)"
                    + (commit ?? "") + ".")
            for warning in code.warnings { output.note("warning: \(warning)") }
        }
        for warning in plan.warnings { output.note("\(warning)") }
        let accepted = try await sweep.submit(to: client)
        guard wait else {
            return try output.show(accepted) { _ in
                "Sweep \(accepted.sweep) runs. Next: `picoml sweep watch \(accepted.sweep)`"
            }
        }
        output.note("Sweep \(accepted.sweep) runs.")
        try await SweepFollowing(client: client, output: output)
            .run(.number(accepted.sweep.value))
    }
}
