package import ArgumentParser
import Client

/// The root of all commands.
package struct Picoml: AsyncParsableCommand {
    /// What `picoml --help` shows: the way of the first five minutes.
    package static let configuration = CommandConfiguration(
        commandName: "picoml",
        abstract: "Search for the best model on many hosts, and keep the one that proves better.",
        discussion: """
            The first five minutes:
              picoml doctor                       check this host
              picoml up                           start a coordinator and workers here
              picoml sweep check FILE             show what a sweep would do
              picoml sweep submit FILE --wait     run it and watch
              picoml model show NAME              see the champion and where it comes from
              picoml model predict NAME --input FILE.csv

            A sweep is written in YAML; configs/sweeps/quickstart.yaml is one to copy. Commands \
            find the coordinator through --address and --token-file, PICOML_ADDRESS and \
            PICOML_TOKEN_FILE, or what it wrote to the state folder (--state, PICOML_STATE, \
            .picoml). NO_COLOR switches colours off; --json gives one JSON document; \
            `picoml --version` prints the version.

            Exit codes:
            \(CommandStatus.allCases.map(Self.line).joined(separator: "\n"))
            """,
        subcommands: [TrialProcessCommand.self, PredictProcessCommand.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Run",
                subcommands: [
                    UpCommand.self, CoordinatorGroup.self, WorkerGroup.self, HostsGroup.self,
                ]),
            CommandGroup(
                name: "Search",
                subcommands: [SweepGroup.self, TrialGroup.self, DataGroup.self]),
            CommandGroup(name: "Use", subcommands: [ModelGroup.self]),
            CommandGroup(
                name: "Look after",
                subcommands: [
                    DoctorCommand.self, SimulateCommand.self, CompletionCommand.self,
                ]),
        ])

    /// Shows the help when no command is named.
    package init() {}

    private static func line(_ status: CommandStatus) -> String {
        let code = "\(status.rawValue)"
        return "  \(code)\(String(repeating: " ", count: max(4 - code.count, 1)))\(status.meaning)"
    }
}
