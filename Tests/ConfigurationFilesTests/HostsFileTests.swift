import ConfigurationFiles
import Testing
import Vocabulary

struct HostsFileTests {
    private func problems(_ text: String) -> [String] {
        do throws(Diagnostics) {
            let file = try HostsFile.parse(text, file: "h.yaml")
            return ["none: \(file)"]
        } catch {
            return error.all.map { "\($0.line):\($0.column) \($0.field): \($0.message)" }
        }
    }

    @Test func `a host says what differs from the defaults`() throws {
        let file = try HostsFile.parse(
            """
            control: tcp://10.0.0.1:7801
            defaults: {user: cook, cpus: 8, ssh_options: [ProxyJump=gate], options: [--no-prefetch],
                       labels: {zone: a, disk: fast}}
            hosts:
              oven-1:
              oven-2: {address: 10.0.0.12, port: 2222, user: root, service: system,
                       ssh_options: [Compression=yes], ssh_config: c, folder: /data/w, cpus: 2,
                       labels: {zone: b}}
            """, file: "h.yaml")
        #expect(file.control == [Endpoint(host: "10.0.0.1", port: 7801)])
        var first = HostEntry(name: "oven-1")
        first.user = "cook"
        first.cpus = 8
        first.sshOptions = ["ProxyJump=gate"]
        first.options = ["--no-prefetch"]
        first.labels = Labels([Label("zone", "a"), Label("disk", "fast")])
        var second = HostEntry(name: "oven-2", address: "10.0.0.12")
        second.user = "root"
        second.port = 2222
        second.service = .system
        second.sshConfiguration = "c"
        second.sshOptions = ["Compression=yes", "ProxyJump=gate"]
        second.folder = "/data/w"
        second.cpus = 2
        second.options = ["--no-prefetch"]
        second.labels = Labels([Label("zone", "b"), Label("disk", "fast")])
        #expect(file.hosts == [first, second])
        #expect(first.address == "oven-1")
        #expect(first.folder == "picoml-worker")
    }

    @Test(arguments: [
        ("hosts: {}", "1:8 hosts: Expected a mapping from names to hosts, found a mapping."),
        ("hosts: [a, b]", "1:8 hosts: Expected a mapping from names to hosts, found a list."),
        ("defaults: {}", "1:1 hosts: A hosts file has no `hosts`."),
        ("hosts: {a: {adress: b}}", "1:13 hosts.a.adress: A host has no key `adress`."),
        ("hosts: {a: , a: }", "1:14 hosts.a: `a` stands twice, in lines 1 and 1."),
        ("hosts: {a b: }", "1:9 hosts.a b: Expected 1 to 64 of the characters"),
        ("hosts: {-a: }", "1:9 hosts.-a: The name begins with neither a letter nor a digit."),
        ("hosts: {a: {address: -oProxyCommand=x}}", "1:22 hosts.a.address: Expected a name or"),
        ("hosts: {a: {address: -oven}}", "1:22 hosts.a.address: It begins with a hyphen"),
        ("hosts: {a: {user: \"$(id)\"}}", "1:19 hosts.a.user: Expected the name of a user"),
        ("hosts: {a: {port: 0}}", "1:19 hosts.a.port: Expected a whole number from 1 to 65535"),
        ("hosts: {a: {folder: \"w; rm\"}}", "1:21 hosts.a.folder: Expected a path of the"),
        ("hosts: {a: {options: [a b]}}", "1:23 hosts.a.options[0]: Expected an option of the"),
        (
            "hosts: {a: {ssh_options: [ProxyJump]}}",
            "1:27 hosts.a.ssh_options[0]: Expected an option such as `ProxyJump=gate`"
        ),
        ("hosts: {a: {service: docker}}", "1:22 hosts.a.service: There is no service `docker`."),
        (
            "artifacts: tcp://h:2\nhosts: {a: }",
            "1:1 artifacts: `control` and `artifacts` have different numbers of addresses: 0 and 1."
        ),
    ])
    func `a wrong hosts file is explained`(_ text: String, _ problem: String) {
        let found = problems(text)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(problem) ?? false, "\(found)")
    }

    @Test func `a file has at most as many hosts as the limit says`() {
        let names = (0...Limits.hosts).map { "h\($0): " }.joined(separator: ", ")
        #expect(
            problems("hosts: {\(names)}")
                == ["1:8 hosts: There are 1001 hosts; 1000 are the limit."])
    }
}
