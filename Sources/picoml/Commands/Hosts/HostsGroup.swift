import API
import ArgumentParser
import Client
import ConfigurationFiles
import Foundation
import Hosts
import Vocabulary

/// `picoml hosts`.
struct HostsGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hosts",
        abstract: "Run workers on many hosts, through ssh.",
        discussion: """
            A file names the hosts; configs/hosts.yaml is one to copy. They need ssh, Debian 12's \
            libraries and nothing else. Your own ssh is used, with its keys, agent and \
            configuration; it must get in without a question.

            Examples:
              picoml hosts up hosts.yaml
              picoml hosts status hosts.yaml
              picoml hosts drain hosts.yaml oven-1 oven-2
            """,
        subcommands: [
            HostsUpCommand.self, HostsStatusCommand.self, HostsDrainCommand.self,
            HostsUpgradeCommand.self, HostsDownCommand.self,
        ])
}

/// What the commands on hosts have in common.
struct HostsOptions: ParsableArguments {
    @Argument(help: "File that names the hosts.", completion: .file())
    var file = "hosts.yaml"

    @Argument(help: "Hosts of the file; all without them.")
    var names: [String] = []

    @Option(help: "How many hosts to work on at the same time.")
    var parallel = 8

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...Limits.hostsAtOnce).contains(parallel) else {
            throw ValidationError("--parallel is 1 to \(Limits.hostsAtOnce).")
        }
    }

    /// The file with the hosts that are meant.
    func read() throws -> HostsFile {
        // Whatever the reason, the person must name another file.
        guard let bytes = try? Data(contentsOf: URL(filePath: file)) else {
            throw ClientError(
                .badInput, "There is no file \(file).",
                fix: "Copy configs/hosts.yaml and name your hosts in it.")
        }
        var content: HostsFile
        do throws(Diagnostics) {
            content = try HostsFile.parse(bytes: bytes, file: file)
        } catch {
            throw ClientError(error)
        }
        guard !names.isEmpty else { return content }
        for name in names where !content.hosts.contains(where: { $0.name == name }) {
            throw ClientError(
                .badInput, "\(file) has no host \(name).",
                fix: "Its hosts are \(content.hosts.map(\.name).joined(separator: ", ")).")
        }
        content.hosts.removeAll { !names.contains($0.name) }
        return content
    }

    /// The hosts with what it takes to work on them; `client` is the coordinator's, if it is asked.
    func fleet(_ hosts: [HostEntry], client: CoordinatorClient?) throws -> Fleet {
        let environment = ProcessInfo.processInfo.environment
        let isQuiet = output.json
        let board = HostBoard(
            hosts.map(\.name), terminal: Terminal.detect(descriptor: 2, environment: environment)
        ) { text in
            guard !isQuiet else { return }
            FileHandle.standardError.write(Data(text.utf8))
        }
        let folder = URL(filePath: file).deletingLastPathComponent().path
        do throws(HostProblem) {
            let shell = try SecureShell(environment: environment, folder: folder)
            return Fleet(hosts: hosts, shell: shell, client: client, board: board, width: parallel)
        } catch {
            throw ClientError(.failed, error.message, fix: error.fix)
        }
    }

    /// Shows what became of the hosts, and fails when one did.
    func show(_ results: [HostResult], of fleet: Fleet) throws {
        if output.terminal.isLive { fleet.board.clear() }
        try output.show(results) { HostViews.table(results, on: $0) }
        guard results.contains(where: { $0.outcome == .failed }) else { return }
        throw ExitCode(CommandStatus.failed.rawValue)
    }
}

/// The program that hosts are given.
struct HostProgramOptions: ParsableArguments {
    @Option(help: "Program to give them; this one without it.", completion: .file())
    var binary: String?

    func program() throws -> HostProgram {
        do throws(HostProblem) {
            return try HostProgram(reading: binary ?? "/proc/self/exe")
        } catch {
            throw ClientError(.badInput, error.message, fix: error.fix)
        }
    }
}

/// The join token of one command.
///
/// It is made when a host needs it and ended with the command.
struct HostsToken {
    let client: CoordinatorClient
    let file: HostsFile
    let output: OutputOptions

    private static let seconds: Double = 3600

    /// Does `body` with a token for every host of the file.
    func with(
        _ body: (JoinTokenSource) async throws -> [HostResult]
    ) async throws -> [HostResult] {
        let order = JoinTokenOrder(
            uses: file.hosts.count, seconds: Self.seconds,
            control: file.control, artifacts: file.artifacts,
            controlOption: "`control:` in the hosts file")
        let (client, output) = (client, output)
        let ends = TokenEnds()
        let source = JoinTokenSource { () throws(HostProblem) in
            do {
                let made = try await order.make(client)
                await ends.note(made.document.token.value)
                if let warning = made.warning { output.note("warning: \(warning)") }
                return made.text
            } catch let error as ClientError {
                throw HostProblem(error.message, fix: error.fix)
            } catch {
                throw HostProblem("No join token was made: \(error).")
            }
        }
        let results = try await body(source)
        // What is left of it ends by itself within the hour.
        if let token = await ends.token { try? await client.revoke(token) }
        return results
    }
}

/// Remembers which token there is to end.
private actor TokenEnds {
    private(set) var token: TokenID?

    func note(_ token: TokenID) { self.token = token }
}
