import API
import Client
import Foundation
import Testing
import Vocabulary

/// `picoml hosts` from one host of a lab to eight others, each with an sshd that listens.
@Suite(
    .serialized, .timeLimit(.minutes(3)),
    .enabled(if: Lab.isPossible && SSHHost.isPossible, "a lab with ssh takes root and sshd"))
struct LabHostsTests {
    private let workers = (1...8).map { "w\($0)" }

    @Test func `one command starts workers on eight hosts, and others look after them`()
        async throws
    {
        let timing = Cluster.calmTiming
        try await Cluster.run(on: ["coordinator"] + workers, timing: timing) { cluster, lab in
            try await cluster.startCoordinator(on: "coordinator", of: lab)
            let hosts = try await cluster.makeHosts(workers, of: lab)
            let up = try await cluster.hosts("up", "hosts.yaml", of: lab)
            #expect(up.code == 0, "\(up.results) \(up.errors)")
            let listed = try await cluster.client().workers().workers
            #expect(listed.map(\.name).sorted() == workers)
            #expect(listed.compactMap(\.facts?.host).sorted() == workers)
            #expect(listed.allSatisfy { $0.state == .connected })

            let sweep = try await cluster.submit(rehearsal(trials: 40, seconds: 0.5))
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(try await cluster.brokenPromises(of: sweep, trials: 40) == [])

            // One that cannot be reached is no matter to the others.
            try await lab.change(["unplug", "w3"])
            let status = try await cluster.hosts("status", "hosts.yaml", of: lab)
            #expect(status.code == 1)
            let failed = status.results.values.filter { $0["outcome"] as? String != "joined" }
            #expect(failed.map { $0["name"] as? String } == ["w3"])
            #expect("\(failed)".contains("cannot be reached"))
            try await lab.change(["heal", "w3"])
            try await cluster.sees("w3", .connected)

            let down = try await cluster.hosts("down", "hosts.yaml", of: lab)
            #expect(down.code == 0, "\(down.results) \(down.errors)")
            for host in hosts { #expect(host.log.contains("leaving")) }
            #expect(
                try await cluster.client().workers().workers.allSatisfy { $0.state == .away })
        }
    }

    @Test func `hosts are upgraded one by one while a sweep runs, and no trial runs twice`()
        async throws
    {
        let timing = Cluster.calmTiming
        let few = Array(workers.prefix(3))
        try await Cluster.run(on: ["coordinator"] + few, timing: timing) { cluster, lab in
            try await cluster.startCoordinator(on: "coordinator", of: lab)
            let hosts = try await cluster.makeHosts(few, of: lab)
            #expect(try await cluster.hosts("up", "hosts.yaml", of: lab).code == 0)
            let next = try cluster.otherProgram("next")
            let sweep = try await cluster.submit(rehearsal(trials: 30, seconds: 1))
            _ = try await cluster.running(3)

            let upgraded = try await cluster.hosts(
                "upgrade", "hosts.yaml", "--binary", next, of: lab)
            #expect(upgraded.code == 0, "\(upgraded.results) \(upgraded.errors)")
            for host in hosts {
                #expect(FileManager.default.contentsEqual(atPath: host.program, andPath: next))
            }
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(try await cluster.brokenPromises(of: sweep, trials: 30) == [])
            #expect(try await cluster.trials(of: sweep).allSatisfy { $0.attempts == 1 })
            #expect(try await cluster.hosts("down", "hosts.yaml", of: lab).code == 0)
        }
    }
}
