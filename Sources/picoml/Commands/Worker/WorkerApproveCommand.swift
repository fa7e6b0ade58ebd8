import API
import ArgumentParser
import Client
import Vocabulary

/// `picoml worker approve`: lets a worker in that enrolled with a token which asks for that.
struct WorkerApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Let a worker in that joined with a token made with --approve.",
        discussion: """
            `picoml worker revoke` turns it away instead.

            Examples:
              picoml worker approve oven-2
              picoml worker approve 7
            """)

    @Argument(help: "The worker's number or name, from picoml worker list.")
    var worker: String

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let client = try coordinator.client()
        let id: WorkerID
        if let number = WorkerID(text: worker) {
            id = number
        } else {
            id = try Self.pending(named: worker, in: try await client.workers())
        }
        try await client.change(id, .approve)
        try output.show(ChangeDone()) { _ in Harmless.line("Worker \(worker) is let in.") }
    }

    private static func pending(named name: String, in page: WorkerPage) throws -> WorkerID {
        let matches = page.workers.filter { $0.name == name && $0.state == .pending }
        guard let first = matches.first else {
            throw ClientError(
                .badInput, "No worker called \(name) waits for approval.",
                fix: "`picoml worker list` shows those that do.")
        }
        guard matches.count == 1 else {
            let numbers = matches.map(\.id.description).joined(separator: ", ")
            throw ClientError(
                .badInput, "Several workers called \(name) wait: \(numbers).",
                fix: "Give the number of one.")
        }
        return first.id.value
    }
}
