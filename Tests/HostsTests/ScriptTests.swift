import ConfigurationFiles
import Hosts
import Testing
import Vocabulary

/// What is sent to hosts.
struct ScriptTests {
    @Test func `words reach a shell as they are`() {
        #expect(HostScript.quoted(["a b", "it's", "", "$HOME"]) == #"'a b' 'it'\''s' '' '$HOME'"#)
    }

    @Test func `ssh is never left waiting, and a person's options outweigh ours`() {
        var host = HostEntry(name: "oven-1", address: "10.0.0.11")
        host.user = "cook"
        host.port = 2222
        host.sshConfiguration = "ssh_config"
        host.sshOptions = ["ProxyJump=gate", "ConnectTimeout=60"]
        #expect(
            SecureShell.arguments(to: host, folder: "/etc/kitchen", command: ["echo", "it's"]) == [
                "ssh", "-T", "-x", "-o", "BatchMode=yes", "-F", "/etc/kitchen/ssh_config", "-o",
                "ProxyJump=gate", "-o", "ConnectTimeout=60", "-o", "ConnectTimeout=10", "-o",
                "ServerAliveInterval=10", "-o", "ServerAliveCountMax=3", "-p", "2222", "-l", "cook",
                "--", "10.0.0.11", #"'echo' 'it'\''s'"#,
            ])
        #expect(
            SecureShell.arguments(to: HostEntry(name: "oven-2"), folder: "", command: ["true"])
                .suffix(3) == ["--", "oven-2", "'true'"])
    }

    @Test func `a service is the package's unit with the host's own command`() {
        var host = HostEntry(name: "oven-1")
        host.cpus = 4
        host.options = ["--no-prefetch"]
        host.labels = Labels([Label("zone", "b")])
        let lines = HostScript.unit(for: host).split(separator: "\n")
        #expect(
            lines.filter { $0.hasPrefix("ExecStart=") } == [
                "ExecStart=/usr/local/lib/picoml/picoml worker run --state "
                    + "/var/lib/picoml/worker --trial-user picoml-trial --cpus 4 "
                    + "--label zone=b --no-prefetch"
            ])
        #expect(lines.contains("Type=notify"))
        #expect(lines.contains("User=picoml"))
        #expect(
            HostScript.startArguments(of: host, service: .user)
                == ["oven-1", "", "--cpus", "4", "--label", "zone=b", "--no-prefetch"])
    }

    @Test func `sudo comes before the shell`() {
        let words = HostScript.command(
            "stop", ["now"], on: HostEntry(name: "a"), service: .system, usesSudo: true)
        #expect(words.prefix(4) == ["sudo", "-n", "sh", "-c"])
        #expect(words.suffix(5) == ["picoml", "stop", "system", "picoml-worker", "now"])
    }
}
