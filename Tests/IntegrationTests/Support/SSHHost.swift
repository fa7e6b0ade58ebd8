import Foundation
import Testing

/// A host that ssh reaches: the system's sshd with keys, a home and a `PATH` of its own.
///
/// ssh starts it for each connection, so that it needs no port, unless it is a host of a lab.
struct SSHHost {
    let name: String
    /// Everything of it.
    let folder: String
    /// The home of whoever logs in.
    var home: String { folder + "/home" }
    /// The program that `picoml hosts` put there.
    var program: String { home + "/picoml-worker/picoml" }
    /// What the worker there has logged.
    var log: String {
        let bytes = FileManager.default.contents(atPath: home + "/picoml-worker/worker.log")
        return String(decoding: bytes ?? Data(), as: UTF8.self)
    }

    static let server = "/usr/sbin/sshd"
    /// Whether this machine can play hosts.
    static let isPossible = FileManager.default.isExecutableFile(atPath: server)

    /// Makes a program called `name` come first on the host, which runs `script`.
    func replace(_ name: String, _ script: String) throws {
        let path = "\(folder)/programs/\(name)"
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
}

extension Cluster {
    /// Makes hosts that `hosts.yaml` names, with `defaults` as its defaults; on the hosts of a lab
    /// they listen as hosts do.
    func makeHosts(
        _ names: [String], of lab: Lab? = nil, defaults: String = "cpus: 1, service: user"
    ) async throws -> [SSHHost] {
        if getuid() == 0, lab == nil {
            // sshd gives up what it need not be there.
            try FileManager.default.createDirectory(
                atPath: "/run/sshd", withIntermediateDirectories: true)
        }
        let user = "\(folder)/user-key"
        try await makeKey(user)
        var known = ""
        var configuration = """
            Host *
              User \(NSUserName())
              IdentityFile \(user)
              IdentitiesOnly yes
              UserKnownHostsFile \(folder)/known-hosts

            """
        var hosts: [SSHHost] = []
        for name in names {
            let host = SSHHost(name: name, folder: "\(folder)/hosts/\(name)")
            for part in [host.home, host.folder + "/programs"] {
                try FileManager.default.createDirectory(
                    atPath: part, withIntermediateDirectories: true)
            }
            try await makeKey(host.folder + "/host-key")
            let publicKey = try String(
                contentsOfFile: host.folder + "/host-key.pub", encoding: .utf8)
            known += "\(name) \(publicKey)"
            try write(
                """
                HostKey \(host.folder)/host-key
                AuthorizedKeysFile \(user).pub
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                PermitRootLogin prohibit-password
                SetEnv HOME=\(host.home) PATH=\(host.folder)/programs:/usr/bin:/bin
                """, to: "hosts/\(name)/sshd_config")
            hosts.append(host)
            if let lab {
                try listen(host, lab)
                continue
            }
            configuration += """
                Host \(name)
                  ProxyCommand \(SSHHost.server) -i -f \(host.folder)/sshd_config

                """
        }
        try write(known, to: "known-hosts")
        try write(configuration, to: "ssh_config")
        try write(
            """
            defaults: {ssh_config: ssh_config, \(defaults)}
            hosts:
            \(names.map { "  \($0):" }.joined(separator: "\n"))
            """, to: "hosts.yaml")
        return hosts
    }

    /// Starts the sshd of a host in a lab.
    private func listen(_ host: SSHHost, _ lab: Lab) throws {
        let command =
            "mkdir -p /run/sshd && exec \(SSHHost.server) -D -f \(host.folder)/sshd_config"
        keep(
            try ChildProcess(
                "sshd-\(host.name)", lab.prefix(for: host.name) + ["/bin/sh", "-c", command],
                environment: ProcessInfo.processInfo.environment, in: folder))
    }

    private func makeKey(_ path: String) async throws {
        let child = try ChildProcess(
            "ssh-keygen", ["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path],
            environment: ProcessInfo.processInfo.environment, in: folder)
        try #require(try await child.end() == 0, "\(child.log)")
    }

    /// A program that does the same and has other bytes.
    func otherProgram(_ name: String) throws -> String {
        let path = "\(folder)/\(name)"
        try FileManager.default.copyItem(atPath: Executable.path, toPath: path)
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(name.utf8))
        try file.close()
        return path
    }

    /// Puts a program called `ssh` before the system's, which writes down what others on this
    /// machine could see of it.
    func watchSecureShell() throws {
        try writeProgram(
            "printf '%s\\n' \"$@\" >>\(folder)/seen\nexec /usr/bin/ssh \"$@\"", to: "ssh")
    }

    /// Makes a program called `name` come first where processes look for programs.
    func writeProgram(_ script: String, to name: String) throws {
        try FileManager.default.createDirectory(
            atPath: programs, withIntermediateDirectories: true)
        try write("#!/bin/sh\n\(script)\n", to: "programs/\(name)")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: "\(programs)/\(name)")
    }

    /// Runs `picoml hosts`, on the coordinator's host if there is a lab, and reads what became of
    /// each host.
    func hosts(
        _ arguments: String..., of lab: Lab? = nil, within limit: Duration = .seconds(60)
    ) async throws -> (code: Int32, results: [String: [String: Any]], errors: String) {
        let prefix = lab?.prefix(for: "coordinator") ?? []
        let address = lab == nil ? [] : ["--address", "http://127.0.0.1:7800"]
        let child = try launch(
            "hosts", ["hosts"] + arguments + address + ["--json"], prefix: prefix)
        let code = try await child.end(within: limit)
        try #require(!child.output.isEmpty, "\(child.log)")
        let list = try JSONSerialization.jsonObject(with: Data(child.output.utf8))
        let results = try #require(list as? [[String: Any]], "\(child.output) \(child.log)")
        let pairs = results.map { ($0["name"] as? String ?? "", $0) }
        return (code, Dictionary(pairs) { first, _ in first }, child.log)
    }
}
