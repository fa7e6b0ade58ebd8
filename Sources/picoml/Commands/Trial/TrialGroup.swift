import ArgumentParser

/// `picoml trial`: everything about trials.
struct TrialGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial",
        abstract: "Look at trials: parameters, learning curves, logs, checkpoints.",
        discussion: "TRIAL is a sweep and a number, such as 12.3.",
        subcommands: [
            TrialListCommand.self, TrialShowCommand.self, TrialLogsCommand.self,
            TrialCheckpointCommand.self, TrialExplainCommand.self,
        ])
}
