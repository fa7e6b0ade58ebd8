import API
import ArgumentParser
import Client

/// What the commands that change a sweep have in common.
struct SweepChange: ParsableArguments {
    @Argument(help: "The sweep's number, or last.")
    var sweep: SweepSelector

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func perform(_ action: SweepAction, _ done: String) async throws {
        let client = try coordinator.client()
        // The person is told which one it was.
        let id = try await client.sweep(sweep).sweep.id
        try await client.change(.number(id.value), action)
        try output.show(ChangeDone()) { _ in "Sweep \(id) \(done)." }
    }
}

/// `picoml sweep pause`.
struct SweepPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Place no further trials of a sweep; what runs goes on.",
        discussion: "`picoml sweep resume` undoes it.")

    @OptionGroup var change: SweepChange

    func run() async throws {
        try await change.perform(.pause, "is paused; what runs goes on")
    }
}

/// `picoml sweep resume`.
struct SweepResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Place trials of a paused sweep again.")

    @OptionGroup var change: SweepChange

    func run() async throws { try await change.perform(.resume, "goes on") }
}

/// `picoml sweep cancel`.
struct SweepCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "End a sweep and everything of it that runs.",
        discussion: "Its results so far are kept. It cannot be undone.")

    @OptionGroup var change: SweepChange

    func run() async throws { try await change.perform(.cancel, "is cancelled") }
}
