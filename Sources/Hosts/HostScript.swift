package import ConfigurationFiles
import Vocabulary

/// What runs on a host: the script's steps as words of a command, and the unit of its service.
package enum HostScript {
    /// The script that every step carries.
    static let text = String(decoding: PackageResources.host_sh, as: UTF8.self)

    /// The unit of the package, which the hosts get with another command in it.
    private static let packagedUnit = String(
        decoding: PackageResources.picoml_worker_service, as: UTF8.self)
    private static let systemProgram = "/usr/local/lib/picoml/picoml"
    private static let systemState = "/var/lib/picoml/worker"
    /// Who trials of a service run as, unless the options of the host say otherwise.
    private static let trialUser = "picoml-trial"

    /// The words with which a host's shell runs `step`.
    ///
    /// They stand on its command line, which other users there can see: nothing in them is secret.
    package static func command(
        _ step: String, _ arguments: [String] = [], on host: HostEntry,
        service: HostEntry.Service = .user, usesSudo: Bool = false
    ) -> [String] {
        (usesSudo ? ["sudo", "-n"] : [])
            + ["sh", "-c", text, "picoml", step, service.rawValue, host.folder] + arguments
    }

    /// What `start` takes: the worker's name, its unit, and its options.
    package static func startArguments(
        of host: HostEntry, service: HostEntry.Service
    ) -> [String] {
        [host.name, service == .system ? unit(for: host) : ""] + options(of: host)
    }

    /// The worker's options on `host`.
    static func options(of host: HostEntry) -> [String] {
        (host.cpus.map { ["--cpus", "\($0)"] } ?? [])
            + host.labels.all.flatMap { ["--label", "\($0)"] } + host.options
    }

    /// The unit of the package with the command of this host.
    package static func unit(for host: HostEntry) -> String {
        let command =
            ([
                systemProgram, "worker", "run", "--state", systemState, "--trial-user", trialUser,
            ] + options(of: host)).joined(separator: " ")
        return packagedUnit.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasPrefix("ExecStart=") ? "ExecStart=" + command : String(line)
        }.joined(separator: "\n")
    }

    /// `words` for a shell, each quoted as POSIX's sh (2.2.2) reads it.
    package static func quoted(_ words: [String]) -> String {
        words.map { word in
            "'"
                + word.split(separator: "'", omittingEmptySubsequences: false)
                .joined(separator: "'\\''") + "'"
        }.joined(separator: " ")
    }
}
