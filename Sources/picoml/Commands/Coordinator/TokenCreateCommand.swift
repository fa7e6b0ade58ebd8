import API
import ArgumentParser
import Client
import ConfigurationFiles
import Foundation
import Vocabulary
import Wire

/// `picoml coordinator token create`: makes a join token and prints it.
struct TokenCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a join token: with it a worker enrols itself.",
        discussion: """
            Prints the token alone on standard output. Whoever has it can run a worker, so give \
            it to nobody else; its secret is made here, and the coordinator does not keep it.

            Examples:
              picoml coordinator token create
              picoml coordinator token create --uses 20 --expires 8h --approve
              picoml coordinator token create --endpoint tcp://10.0.0.1:7801
            """)

    @Option(help: "How many workers may join with it.")
    var uses = 1

    @Option(help: "How long it is in force, such as 90s, 30m, 1h or 7d.")
    var expires = TokenTime(seconds: 3600)

    @Flag(help: "Workers that join with it wait for picoml worker approve.")
    var approve = false

    @Option(
        help: """
            Where workers reach the coordinator, such as tcp://10.0.0.1:7801; several are tried \
            in turn. By default where it listens.
            """)
    var endpoint: [Endpoint] = []

    @Option(
        help: """
            Where they reach its artifact socket, one for each --endpoint; by default the same \
            host with the port on which it listens.
            """)
    var artifacts: [Endpoint] = []

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    /// What `--json` prints.
    private struct Made: Encodable {
        var token: String
        var text: String
        var expires: Timestamp
        var warning: String?
    }

    func validate() throws {
        guard (1...Limits.workers).contains(uses) else {
            throw ValidationError("--uses is 1 to \(Limits.workers).")
        }
        guard endpoint.count <= JoinToken.placeLimit else {
            throw ValidationError("--endpoint is given at most \(JoinToken.placeLimit) times.")
        }
        guard artifacts.isEmpty || artifacts.count == endpoint.count else {
            throw ValidationError("--artifacts is given once for each --endpoint.")
        }
        guard !(endpoint + artifacts).contains(where: { $0.port == 0 }) else {
            throw ValidationError("--endpoint and --artifacts name a port from 1 on.")
        }
    }

    func run() async throws {
        let made = try await JoinTokenOrder(
            uses: uses, seconds: expires.seconds, needsApproval: approve, control: endpoint,
            artifacts: artifacts
        ).make(coordinator.client())
        let created = made.document
        if let warning = made.warning { output.note("warning: \(warning)") }
        output.note(
            "Join token \(created.token), for \(HumanForm.count(uses, "worker")) within "
                + "\(HumanForm.duration(seconds: expires.seconds)). On the other host: "
                + "picoml worker --join TOKEN")
        try output.show(
            Made(
                token: created.token.description, text: made.text, expires: created.expires,
                warning: made.warning)
        ) { _ in made.text }
    }
}

/// How long a token is in force, as a person writes it.
struct TokenTime: ExpressibleByArgument, CustomStringConvertible {
    let seconds: Double

    init(seconds: Double) { self.seconds = seconds }

    init?(argument: String) {
        guard let seconds = DurationText.seconds(argument), seconds >= 1,
            seconds <= Limits.tokenLifetime.inSeconds
        else { return nil }
        self.seconds = seconds
    }

    var description: String { HumanForm.duration(seconds: seconds) }
}
