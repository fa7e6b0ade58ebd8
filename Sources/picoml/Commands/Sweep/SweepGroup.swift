import ArgumentParser

/// `picoml sweep`: everything about sweeps.
struct SweepGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Submit sweeps, watch them, steer them.",
        discussion: """
            A sweep is one search: experiments, an objective, a budget, data, and how a winner \
            is proven. SWEEP is a number, or `last` for the one submitted last.
            """,
        subcommands: [
            SweepSubmitCommand.self, SweepCheckCommand.self, SweepListCommand.self,
            SweepShowCommand.self, SweepWatchCommand.self, SweepPauseCommand.self,
            SweepResumeCommand.self, SweepCancelCommand.self, SweepCodeCommand.self,
        ])
}
