package import ConfigurationFiles

/// What went wrong on a host, from what ssh and the script said.
package enum ShellFailure {
    /// ssh's exit code for its own failures (ssh(1)).
    private static let ownStatus: Int32 = 255

    /// The problem behind a command that ended with `status`, or minus the number of a signal.
    package static func problem(
        status: Int32, output: String, errors: String, host: HostEntry
    ) -> HostProblem {
        let words = lastLine(of: errors)
        guard status != ownStatus else { return connection(errors, words, host) }
        if let missing = missing(in: output) { return lack(of: missing) }
        guard !words.isEmpty else {
            return HostProblem("A step on the host ended with exit code \(status).")
        }
        return HostProblem(
            words.sentence,
            fix: words.hasPrefix("it does not join: not enrolled yet") ? reachFix : "")
    }

    /// What to do where a worker and its coordinator do not find each other.
    static let reachFix =
        "Can the host reach the coordinator's addresses? `control` in the hosts file names others."

    private static func connection(
        _ errors: String, _ words: String, _ host: HostEntry
    ) -> HostProblem {
        let port = host.port.map { "-p \($0) " } ?? ""
        let login = "`ssh \(port)\(host.user.map { "\($0)@" } ?? "")\(host.address)`"
        if errors.contains("Host key verification failed") {
            return HostProblem(
                "ssh does not know the host's key, or it has changed.",
                fix: "Run \(login) once and compare the key.")
        }
        if errors.contains("Permission denied") || errors.contains("Too many authentication") {
            return HostProblem(
                "The host does not let you in: \(words)".sentence,
                fix: "\(login) must work without a question: see ssh-copy-id and ssh-agent.")
        }
        if errors.contains("Could not resolve hostname") {
            return HostProblem(
                "There is no host \(host.address).",
                fix: "Give \(host.name) an `address` that ssh finds.")
        }
        return HostProblem(
            "The host cannot be reached: \(words.isEmpty ? "ssh says nothing" : words)".sentence,
            fix: "Is it on, and does \(login) work?")
    }

    private static func missing(in output: String) -> [String]? {
        let line = output.split(whereSeparator: \.isNewline).first { $0.hasPrefix("missing ") }
        return line?.split(separator: " ").dropFirst().prefix(16).map { String($0.prefix(64)) }
    }

    /// The packages of Debian 12 that hold what the program needs.
    private static let packages = [
        "libzmq.so.5": "libzmq5", "libxgboost.so.0": "libxgboost0",
        "libsqlite3.so.0": "libsqlite3-0", "libsodium.so.23": "libsodium23",
        "libarchive.so.13": "libarchive13", "libcurl.so.4": "libcurl4",
        "libgomp.so.1": "libgomp1", "libstdc++.so.6": "libstdc++6",
    ]

    private static func lack(of names: [String]) -> HostProblem {
        let message = "The host lacks what the program needs: \(names.joined(separator: ", "))."
        if names.contains(where: { $0.hasPrefix("libswift") || $0.hasPrefix("libFoundation") }) {
            return HostProblem(
                message,
                fix: "Give --binary the program that `scripts/package` builds, which has Swift "
                    + "inside.")
        }
        if names.contains(where: { $0.hasPrefix("GLIBC_") }) {
            return HostProblem(message, fix: "Its Linux is too old: Debian 12 has it.")
        }
        let known = names.compactMap { packages[$0] }.sorted()
        guard known.count == names.count else {
            return HostProblem(message, fix: "Install the packages that hold them.")
        }
        return HostProblem(
            message, fix: "Run `apt-get install \(known.joined(separator: " "))` there as root.")
    }

    private static func lastLine(of text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
        return String(line ?? "").clipped(to: 300)
    }
}
