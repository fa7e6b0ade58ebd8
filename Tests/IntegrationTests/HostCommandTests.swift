import API
import Client
import Foundation
import Testing
import Vocabulary

/// `picoml hosts`, with the system's ssh and sshd.
@Suite(
    .serialized, .timeLimit(.minutes(2)),
    .enabled(if: SSHHost.isPossible, "it takes openssh-server"))
struct HostCommandTests {
    @Test func `one command brings workers up, a sweep runs there, another takes them down`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let hosts = try await cluster.makeHosts(
                ["oven-1", "oven-2", "oven-3"],
                defaults: "cpus: 1, labels: {zone: b}, service: user")
            try cluster.watchSecureShell()
            let up = try await cluster.hosts("up", "hosts.yaml")
            #expect(up.code == 0, "\(up.results) \(up.errors)")
            #expect(up.results.values.allSatisfy { $0["outcome"] as? String == "joined" })
            #expect(up.results["oven-2"]?["version"] as? String == Software.version)
            let workers = try await cluster.client().workers().workers
            #expect(workers.map(\.name).sorted() == ["oven-1", "oven-2", "oven-3"])
            #expect(workers.allSatisfy { $0.state == .connected && $0.facts?.cpus == 1 })
            #expect(workers.allSatisfy { $0.facts?.labels["zone"] == "b" })

            // The steps were seen, the secret was not.
            let seen = try String(contentsOfFile: cluster.folder + "/seen", encoding: .utf8)
            #expect(seen.contains("--join-file"))
            #expect(!seen.contains("pml1-"))
            #expect(try await cluster.client().tokens().tokens.map(\.state) == [.usedUp])

            let sweep = try await cluster.submit(rehearsal(trials: 6, seconds: 0.3))
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)

            // What runs is left alone, and no token is made for it.
            let again = try await cluster.hosts("up", "hosts.yaml")
            #expect(again.code == 0)
            #expect(again.results["oven-1"]?["notes"] as? [String] == [])
            #expect(try await cluster.client().tokens().tokens.count == 1)

            let drained = try await cluster.hosts("drain", "hosts.yaml", "oven-1")
            #expect(drained.code == 0, "\(drained.errors)")
            #expect(try await cluster.worker("oven-1").state == .away)
            let status = try await cluster.hosts("status", "hosts.yaml")
            #expect(status.results["oven-1"]?["outcome"] as? String == "stopped")
            #expect(status.results["oven-2"]?["outcome"] as? String == "joined")

            // It is known by its key: the same worker comes back.
            let back = try await cluster.hosts("up", "hosts.yaml", "oven-1")
            #expect(back.results["oven-1"]?["notes"] as? [String] == ["started"])
            #expect(try await cluster.client().workers().workers.count == 3)

            let down = try await cluster.hosts("down", "hosts.yaml")
            #expect(down.code == 0, "\(down.errors)")
            #expect(down.results.values.allSatisfy { $0["outcome"] as? String == "stopped" })
            for host in hosts { #expect(host.log.contains("leaving")) }
            #expect(ProcessTable.all(under: cluster.folder + "/hosts").isEmpty)
        }
    }

    @Test func `a host that cannot run it says why, and stops no other`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let names = ["good", "far", "other", "bare", "stranger"]
            let hosts = try await cluster.makeHosts(names)
            // Nobody listens at the port of the system's management tools.
            try cluster.write(
                try String(contentsOfFile: cluster.folder + "/ssh_config", encoding: .utf8)
                    .replacingOccurrences(
                        of: "ProxyCommand \(SSHHost.server) -i -f \(hosts[1].folder)/sshd_config",
                        with: "HostName 127.0.0.1\n  Port 1"), to: "ssh_config")
            try hosts[2].replace("uname", "[ \"$1\" = -m ] && echo riscv64 || echo Linux")
            try hosts[3].replace("ldd", "echo '\tlibzmq.so.5 => not found'")
            let known = try String(contentsOfFile: cluster.folder + "/known-hosts", encoding: .utf8)
            try cluster.write(
                known.replacingOccurrences(of: "stranger ", with: "other-name "),
                to: "known-hosts")

            let up = try await cluster.hosts("up", "hosts.yaml")
            #expect(up.code == 1)
            #expect(up.results["good"]?["outcome"] as? String == "joined")
            func told(_ name: String) -> String {
                let result = up.results[name]
                return "\(result?["problem"] ?? "–") \(result?["fix"] ?? "–")"
            }
            #expect(told("far").contains("Connection refused"), "\(told("far"))")
            #expect(told("other").hasPrefix("The host is riscv64, and the program is for"))
            #expect(told("bare").contains("lacks what the program needs: libzmq.so.5."))
            #expect(told("bare").contains("apt-get install libzmq5"))
            #expect(told("stranger").hasPrefix("ssh does not know the host's key"))
            // What did not run there is not left there.
            #expect(!FileManager.default.fileExists(atPath: hosts[3].program))
            #expect(try await cluster.client().workers().workers.map(\.name) == ["good"])

            let down = try await cluster.hosts("down", "hosts.yaml", "good", "--now")
            #expect(down.code == 0, "\(down.errors)")
        }
    }

    @Test func `a worker that does not start or join is told by its own words`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let options = "cpus: 1, service: user, options: [--bogus]"
            let host = try #require(
                try await cluster.makeHosts(["oven-1"], defaults: options).first)
            let up = try await cluster.hosts("up", "hosts.yaml")
            #expect(up.code == 1)
            let result = try #require(up.results["oven-1"])
            let words = result["problem"] as? String ?? ""
            #expect(words.hasPrefix("It ended at once: Unknown option '--bogus'."), "\(words)")
            // What was done before is shown, and the program stays for the next time.
            #expect(result["notes"] as? [String] == ["copied"])
            #expect(FileManager.default.isExecutableFile(atPath: host.program))

            let file = try String(contentsOfFile: cluster.folder + "/hosts.yaml", encoding: .utf8)
            try cluster.write(
                "control: tcp://127.0.0.1:1\n" + file.replacing(", options: [--bogus]", with: ""),
                to: "hosts.yaml")
            // As if the worker had never enrolled.
            try FileManager.default.removeItem(atPath: host.home + "/picoml-worker/worker")
            let lost = try await cluster.hosts("up", "hosts.yaml")
            let problem = lost.results["oven-1"]?["problem"] as? String ?? ""
            #expect(problem.hasPrefix("It does not join: not enrolled yet:"), "\(problem)")
            #expect((lost.results["oven-1"]?["fix"] as? String)?.contains("`control`") ?? false)
        }
    }

    @Test(.enabled(if: SmallDisk.isPossible, "mounting a small disk takes root"))
    func `a full disk is found out before anything is copied`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let host = try #require(try await cluster.makeHosts(["small"]).first)
            let disk = try SmallDisk(at: host.home)
            defer { disk.remove() }
            let up = try await cluster.hosts("up", "hosts.yaml")
            #expect(up.code == 1)
            let problem = up.results["small"]?["problem"] as? String ?? ""
            #expect(problem.hasPrefix("The host has 16.0 MiB of free disk"), "\(problem)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: host.home) == [])
        }
    }
}
