import ArgumentParser

/// `picoml coordinator`: runs the coordinator, or prepares how workers join it.
struct CoordinatorGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coordinator",
        abstract: "Run the coordinator here, or look after how workers join it.",
        discussion: """
            Without a subcommand, `picoml coordinator` runs the coordinator: it is short for \
            `picoml coordinator run`.

            Example:
              picoml coordinator --control tcp://10.0.0.1:7801 --artifacts tcp://10.0.0.1:7802
            """,
        subcommands: [
            CoordinatorRunCommand.self, CoordinatorInitCommand.self, TokenGroup.self,
        ],
        defaultSubcommand: CoordinatorRunCommand.self)
}

/// `picoml coordinator token`.
struct TokenGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make and end join tokens, with which workers enrol themselves.",
        subcommands: [
            TokenCreateCommand.self, TokenListCommand.self, TokenRevokeCommand.self,
        ])
}
