import API
import ArgumentParser
import Client
import Foundation

/// What the commands that move the champion have in common.
struct ModelChange: ParsableArguments {
    @Argument(help: "The model's name.")
    var name: String

    @Option(help: "Why; it is kept in the model's history.")
    var reason: String

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !reason.allSatisfy(\.isWhitespace) else {
            throw ValidationError("--reason says why, for those who read the history later.")
        }
    }

    /// Who asks; the coordinator marks it as a person.
    var actor: String { NSUserName() }

    /// New for each run of the command: sent twice by the network, it counts once.
    var decision: String { UUID().uuidString.lowercased() }

    func tell(_ changed: ChampionChanged) throws {
        try output.show(changed) { _ in
            Harmless.line("Version \(changed.version) is the champion of \(changed.model).")
        }
    }
}

/// `picoml model promote`.
struct ModelPromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Make a version the champion, without the gate.",
        discussion: """
            Example:
              picoml model promote demand --version 3 --reason "checked by hand"
            """)

    @OptionGroup var change: ModelChange

    @Option(help: "The version's number.")
    var version: UInt32

    func run() async throws {
        try change.tell(
            try await change.coordinator.client().promote(
                change.name,
                PromotionRequest(
                    version: version, reason: change.reason, actor: change.actor,
                    decision: change.decision)))
    }
}

/// `picoml model rollback`.
struct ModelRollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Make the previous champion the champion again.",
        discussion: """
            Example:
              picoml model rollback demand --reason "errors doubled since Monday"
            """)

    @OptionGroup var change: ModelChange

    func run() async throws {
        try change.tell(
            try await change.coordinator.client().rollBack(
                change.name,
                RollbackRequest(
                    reason: change.reason, actor: change.actor, decision: change.decision)))
    }
}
