import API
import ArgumentParser
import Client
import Vocabulary

/// `picoml coordinator token list`.
struct TokenListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List join tokens, without their secrets.",
        discussion: """
            Example:
              picoml coordinator token list --all --json
            """)

    @Flag(help: "Show those that are no longer in force, too.")
    var all = false

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let page = try await coordinator.client().tokens()
        try output.show(page) { WorkerViews.tokens(page, showsAll: all, on: $0, now: .now) }
    }
}

/// `picoml coordinator token revoke`.
struct TokenRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End a join token; workers that joined with it stay.",
        discussion: """
            Example:
              picoml coordinator token revoke 3
            """)

    @Argument(help: "The token's number, from picoml coordinator token list.")
    var token: TokenID

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await coordinator.client().revoke(token)
        try output.show(ChangeDone()) { _ in "Nobody joins with token \(token) any more." }
    }
}
