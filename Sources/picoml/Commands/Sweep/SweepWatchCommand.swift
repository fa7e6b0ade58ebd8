import API
import ArgumentParser
import Client

/// `picoml sweep watch`: follows a sweep until it ends.
struct SweepWatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Follow a sweep until it ends.",
        discussion: """
            Draws over itself on a terminal and prints a line per change elsewhere. Ending it \
            with Control-C leaves the sweep alone. The exit code is 0 when the sweep finished, 3 \
            when no trial was usable, 4 when it was cancelled.

            Example:
              picoml sweep watch last
            """)

    @Argument(help: "The sweep's number, or last.")
    var sweep = SweepSelector.last

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await SweepFollowing(client: coordinator.client(), output: output).run(sweep)
    }
}
