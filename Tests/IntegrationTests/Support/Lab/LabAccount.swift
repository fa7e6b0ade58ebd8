import Foundation
import Glibc
import Testing

/// A person's account on hosts of a lab, without any right beyond its own home.
///
/// The machine's own accounts stay as they are: the hosts see tables of accounts with one more
/// line.
struct LabAccount: Sendable {
    /// The name to log in with.
    let name: String
    private let number: Int
    private let lab: Lab
    private let folder: String

    /// What everybody logs in with, and its form in /etc/shadow (crypt(5), SHA-512).
    static let password = "saffron"
    private static let secret =
        "$6$kitchen$BLzah.G0YRQ8AW9FsitM0HA6i62hXlnIyQoeAu0Jl3x"
        + ".MGWuKLJDRsfTvZpsWZPMswymaoyXuLjuaO4nm8J6Z1"

    /// Why tests with accounts are skipped where they are not possible.
    static let need: Comment =
        "accounts on the hosts of a lab take root, network namespaces, openssh and util-linux"
    /// Whether there can be accounts here.
    static let isPossible =
        Lab.isPossible
        && [SSHHost.server, "/usr/bin/ssh-copy-id", "/usr/bin/setpriv"].allSatisfy {
            FileManager.default.isExecutableFile(atPath: $0)
        }

    /// Makes the account `name` with the number `number` on `hosts`; their homes lie in the folder
    /// of `cluster`.
    init(_ name: String, number: Int, on hosts: [String], of lab: Lab, in cluster: Cluster)
        async throws
    {
        self.name = name
        self.number = number
        self.lab = lab
        folder = cluster.folder
        try cluster.writeProgram(
            """
            echo asked >>"$HOME/questions"
            case $1 in *yes/no*) echo yes ;; *) echo \(Self.password) ;; esac
            """, to: "answer")
        for host in hosts {
            let words = ["/bin/sh", "-euc", Self.script, "account", name, "\(number)"]
            let child = try ChildProcess(
                "account-\(host)",
                lab.prefix(for: host) + words + [home(on: host), table(of: host), Self.secret],
                environment: ProcessInfo.processInfo.environment, in: folder)
            try #require(try await child.end() == 0, "\(child.log)")
        }
    }

    /// What root does on a host: NAME NUMBER HOME FOLDER SECRET.
    private static let script = """
        mkdir -p "$3" "$4"
        chown "$2:$2" "$3"
        chmod 700 "$3"
        { echo "$1:x:$2:$2::$3:/bin/sh"; cat /etc/passwd; } >"$4/passwd"
        { echo "$1:x:$2:"; cat /etc/group; } >"$4/group"
        (umask 077 && echo "$1:$5:20000:0:99999:7:::" >"$4/shadow")
        for table in passwd group shadow; do mount --bind "$4/$table" "/etc/$table"; done
        """

    /// The account's home on a host.
    func home(on host: String) -> String { "\(folder)/homes/\(host)" }

    private func table(of host: String) -> String { "\(folder)/accounts/\(host)" }

    /// Starts a line of shell as the account, in its home; a question by ssh is answered as a
    /// person would, and noted in the file `questions` there.
    func start(_ line: String, on host: String, in cluster: Cluster) throws -> ChildProcess {
        let words =
            [
                "/usr/bin/setpriv", "--reuid", name, "--regid", name, "--init-groups",
                "--reset-env", "/usr/bin/env", "--chdir", home(on: host),
                "PATH=\(cluster.programs):/usr/bin:/bin:/usr/sbin:/sbin",
                "SSH_ASKPASS=\(cluster.programs)/answer", "SSH_ASKPASS_REQUIRE=force",
            ] + ["/bin/sh", "-c", line]
        let child = try ChildProcess(
            "\(name)-\(UUID().uuidString.prefix(8))", lab.prefix(for: host) + words,
            environment: ProcessInfo.processInfo.environment, in: folder)
        cluster.keep(child)
        return child
    }

    /// Runs a line of shell as the account, to its end.
    func run(
        _ line: String, on host: String, in cluster: Cluster, within limit: Duration = .seconds(120)
    ) async throws -> CommandResult {
        let child = try start(line, on: host, in: cluster)
        let code = try await child.end(within: limit)
        return CommandResult(code: code, output: child.output, errors: child.log)
    }

    /// How often ssh asked something at a host.
    func questions(on host: String) -> Int {
        let bytes = FileManager.default.contents(atPath: home(on: host) + "/questions") ?? Data()
        return bytes.count { $0 == UInt8(ascii: "\n") }
    }

    /// Lets the account log in on `host`, with its password or by keys, as Debian's sshd does.
    func listen(on host: String, in cluster: Cluster) throws {
        let folder = table(of: host)
        let command = """
            mkdir -p /run/sshd
            ssh-keygen -q -t ed25519 -N '' -f \(folder)/key
            exec \(SSHHost.server) -D -f /dev/null -h \(folder)/key -o UsePAM=no
            """
        cluster.keep(
            try ChildProcess(
                "sshd-\(host)", lab.prefix(for: host) + ["/bin/sh", "-euc", command],
                environment: ProcessInfo.processInfo.environment, in: cluster.folder))
    }

    /// Whether all processes that run out of the account's home on `host` are its own.
    func ownsProcesses(on host: String) -> Bool {
        ProcessTable.all(under: home(on: host)).allSatisfy { id in
            // One that has ended meanwhile is nobody's.
            let attributes = try? FileManager.default.attributesOfItem(atPath: "/proc/\(id)")
            let owner = attributes?[.ownerAccountID] as? NSNumber
            return owner == nil || owner?.intValue == number
        }
    }
}
