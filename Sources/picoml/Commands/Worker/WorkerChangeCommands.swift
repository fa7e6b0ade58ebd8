import API
import ArgumentParser
import Client
import Vocabulary

/// What the commands that change a worker have in common.
struct WorkerChange: ParsableArguments {
    @Argument(help: "The worker's number, from picoml worker list.")
    var worker: WorkerID

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func perform(_ action: WorkerAction, _ done: String) async throws {
        try await coordinator.client().change(worker, action)
        try output.show(ChangeDone()) { _ in "Worker \(worker) \(done)." }
    }
}

/// `picoml worker drain`.
struct WorkerDrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Let a worker end what it runs, then leave.",
        discussion: "Use it before a host is shut down: nothing that runs is lost.")

    @OptionGroup var change: WorkerChange

    func run() async throws {
        try await change.perform(.drain, "takes no further trials and leaves when it is done")
    }
}

/// `picoml worker revoke`.
struct WorkerRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Let a worker in no longer, at once.",
        discussion: "What it runs is run again elsewhere. It cannot be undone.")

    @OptionGroup var change: WorkerChange

    func run() async throws {
        try await change.perform(.revoke, "is let in no longer; what it ran runs elsewhere")
    }
}
