import ArgumentParser

/// `picoml worker`: runs a worker, or looks after workers.
struct WorkerGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run a worker here, or look after the coordinator's workers.",
        discussion: """
            Without a subcommand, `picoml worker` runs a worker: it is short for `picoml worker \
            run`.
            """,
        subcommands: [
            WorkerRunCommand.self, WorkerJoinCommand.self, WorkerKeyCommand.self,
            WorkerListCommand.self,
            WorkerDrainCommand.self, WorkerAuthorizeCommand.self, WorkerApproveCommand.self,
            WorkerRevokeCommand.self, WorkerRotateCommand.self,
        ],
        defaultSubcommand: WorkerRunCommand.self)
}
