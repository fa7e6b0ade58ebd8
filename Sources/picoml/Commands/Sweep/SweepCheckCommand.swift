import ArgumentParser
import Client

/// `picoml sweep check`: shows what a sweep would do, without a coordinator.
struct SweepCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Show what a sweep would do, without running it.",
        discussion: """
            Reads the file and its data, and lists trials, grid sizes and limits of the cost for \
            each experiment. Needs no coordinator. The exit code is 2 when something is wrong.

            Example:
              picoml sweep check configs/sweeps/quickstart.yaml
            """)

    @Argument(help: "The sweep file.", completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        let plan = Plan(try PreparedSweep.read(file))
        try output.show(plan) { PlanView.text(plan, file: file, on: $0) }
    }
}
