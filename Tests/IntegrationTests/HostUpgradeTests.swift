import API
import Client
import Foundation
import Testing
import Vocabulary

/// `picoml hosts upgrade`: one host after the other, each after its trials.
@Suite(
    .serialized, .timeLimit(.minutes(2)),
    .enabled(if: SSHHost.isPossible, "it takes openssh-server"))
struct HostUpgradeTests {
    @Test func `workers get the new program after their trials, and nothing is run twice`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let hosts = try await cluster.makeHosts(["oven-1", "oven-2"])
            #expect(try await cluster.hosts("up", "hosts.yaml").code == 0)
            let next = try cluster.otherProgram("next")
            let sweep = try await cluster.submit(rehearsal(trials: 8, seconds: 1.5))
            _ = try await cluster.running(2)

            let upgraded = try await cluster.hosts("upgrade", "hosts.yaml", "--binary", next)
            #expect(upgraded.code == 0, "\(upgraded.results) \(upgraded.errors)")
            for host in hosts {
                #expect(FileManager.default.contentsEqual(atPath: host.program, andPath: next))
                #expect(
                    upgraded.results[host.name]?["notes"] as? [String]
                        == ["copied", "stopped", "started"])
            }
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(try await cluster.trials(of: sweep).allSatisfy { $0.attempts == 1 })

            // A second time there is nothing to do.
            let again = try await cluster.hosts("upgrade", "hosts.yaml", "--binary", next)
            #expect(again.code == 0)
            #expect(again.results["oven-1"]?["notes"] as? [String] == [])
            // The command's own program differs now, which `up` says and leaves.
            let up = try await cluster.hosts("up", "hosts.yaml", "oven-1")
            #expect("\(up.results)".contains("picoml hosts upgrade"))
            #expect(FileManager.default.contentsEqual(atPath: hosts[0].program, andPath: next))
            #expect(try await cluster.hosts("down", "hosts.yaml").code == 0)
        }
    }

    @Test func `an upgrade stops at the first host that fails, whose worker goes on`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let hosts = try await cluster.makeHosts(["oven-1", "oven-2", "oven-3"])
            #expect(try await cluster.hosts("up", "hosts.yaml").code == 0)
            let joined = try await cluster.client().workers().workers.map(\.joined)
            let next = try cluster.otherProgram("next")
            try hosts[1].replace("ldd", "echo '\tlibnew.so.1 => not found'")

            let upgraded = try await cluster.hosts("upgrade", "hosts.yaml", "--binary", next)
            #expect(upgraded.code == 1)
            let outcomes = hosts.map { upgraded.results[$0.name]?["outcome"] as? String }
            #expect(outcomes == ["joined", "failed", "skipped"])
            for host in hosts.dropFirst() {
                #expect(
                    FileManager.default.contentsEqual(
                        atPath: host.program, andPath: Executable.path))
            }
            let workers = try await cluster.client().workers().workers
            #expect(workers.allSatisfy { $0.state == .connected })
            // Of three workers one has joined anew.
            #expect(zip(joined, workers.map(\.joined)).count { $0 != $1 } == 1)
            #expect(try await cluster.hosts("down", "hosts.yaml").code == 0)
        }
    }
}
