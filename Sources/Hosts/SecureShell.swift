package import ConfigurationFiles
import Foundation
import Processes
import Vocabulary

/// The system's ssh, with the user's own keys, agent and configuration.
package struct SecureShell: Sendable {
    /// What a step is given on standard input.
    enum Input: Sendable {
        /// Nothing.
        case nothing
        /// A short text, which is in no command line.
        case text(String)
        /// The file at a path.
        case file(String)
    }

    private let program: String
    private let environment: [String: String]
    /// Where `ssh_config` paths begin.
    private let folder: String

    /// Finds ssh as a shell would.
    ///
    /// - Throws: `HostProblem` when there is none.
    package init(environment: [String: String], folder: String) throws(HostProblem) {
        let path = environment["PATH"] ?? ProgramSearch.usualPath
        guard let program = ProgramSearch.paths(of: "ssh", in: path).first else {
            throw HostProblem(
                "There is no ssh on this host.", fix: "Run `sudo apt-get install openssh-client`.")
        }
        self.program = program
        self.environment = environment
        self.folder = folder
    }

    /// What ssh is given to run `command` on `host`; of an option that stands twice it takes the
    /// first.
    package static func arguments(
        to host: HostEntry, folder: String, command: [String]
    ) -> [String] {
        // It must never wait for an answer that nobody gives.
        var words = ["ssh", "-T", "-x", "-o", "BatchMode=yes"]
        if let file = host.sshConfiguration {
            words += ["-F", file.hasPrefix("/") ? file : "\(folder)/\(file)"]
        }
        for option in host.sshOptions { words += ["-o", option] }
        words += [
            "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=10", "-o",
            "ServerAliveCountMax=3",
        ]
        if let port = host.port { words += ["-p", "\(port)"] }
        if let user = host.user { words += ["-l", user] }
        return words + ["--", host.address, HostScript.quoted(command)]
    }

    /// Runs `command` on `host`.
    ///
    /// - Parameters:
    ///   - host: Where.
    ///   - command: Its words.
    ///   - input: What it reads.
    ///   - limit: When it is given up.
    ///   - onProgress: Called now and then with the bytes of a file that are under way.
    /// - Returns: What it wrote to standard output.
    /// - Throws: `HostProblem` for a host that is not reached, or a command that fails.
    func run(
        on host: HostEntry, _ command: [String], input: Input = .nothing,
        within limit: Duration, onProgress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) async throws(HostProblem) -> String {
        let plan = ProcessPlan(
            program: program,
            arguments: Self.arguments(to: host, folder: folder, command: command),
            environment: environment, folder: nil, descriptors: [])
        let ending: BoundedRun.Ending
        do {
            ending = try await BoundedRun.run(
                plan, input: input, within: limit, onProgress: onProgress)
        } catch {
            throw HostProblem("ssh does not start: \(error).")
        }
        guard ending.isInTime else {
            throw HostProblem(
                "The host did not finish within \(limit.components.seconds) s.",
                fix: "Look at its load and its network, and try again.")
        }
        guard ending.status != 0 else { return ending.output }
        throw ShellFailure.problem(
            status: ending.status, output: ending.output, errors: ending.errors, host: host)
    }
}
