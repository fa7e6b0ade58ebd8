import API
import Client
import Foundation
import Testing
import Vocabulary

/// Cables that come and go.
@Suite(.timeLimit(.minutes(2)), .enabled(if: Lab.isPossible, Lab.need))
struct LabFlappingTests {
    @Test func `a coordinator whose own link flaps blames no worker for it`() async throws {
        let hosts = (1...4).map { "w\($0)" }
        try await Cluster.run(on: ["coordinator"] + hosts) { cluster, lab in
            try await cluster.startCoordinator(on: "coordinator", of: lab)
            try await cluster.startWorkers(on: hosts, of: lab)
            // None ends in between, which would show that its worker is well.
            let sweep = try await cluster.submit(rehearsal(trials: 40, seconds: 100))
            for _ in 1...3 {
                try await eventually("every worker has a trial") {
                    try await cluster.client().workers().workers.allSatisfy { !$0.running.isEmpty }
                }
                try await lab.change(["unplug", "coordinator"])
                for host in hosts { try await cluster.sees(host, .away) }
                try await lab.change(["heal"])
                for host in hosts { try await cluster.sees(host, .connected) }
            }
            let workers = try await cluster.client().workers().workers
            #expect(workers.compactMap(\.exclusion) == [])
            let lost = try await cluster.documents(of: sweep).flatMap(\.attempts)
                .filter { $0.failure == .workerLost }
            #expect(lost.count >= 12, "each worker lost what it had each time")
            #expect(try await cluster.picoml("sweep", "cancel", "\(sweep)").code == 0)
        }
    }

    @Test func `links that flap cost time, and neither a result nor a worker`() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomSource(seed: seed)
        let hosts = (1...4).map { "w\($0)" }
        try await Cluster.run(on: ["coordinator"] + hosts) { cluster, lab in
            try await cluster.startCoordinator(on: "coordinator", of: lab)
            let workers = try await cluster.startWorkers(on: hosts, of: lab)
            let count = 40
            let sweep = try await cluster.submit(rehearsal(trials: count, seconds: 1))
            try await cluster.succeeded(2, of: sweep)
            let clock = ContinuousClock()
            for round in 0..<6 {
                // The last host alone keeps its link.
                let host = hosts[round % 3]
                try await lab.change(["unplug", host])
                try await clock.sleep(for: .milliseconds(Int64(100 + random.nextUnit() * 1200)))
                try await lab.change(["heal", host])
                try await clock.sleep(for: .milliseconds(Int64(random.nextUnit() * 500)))
            }
            // Some of that may have passed unnoticed. Not this:
            try await lab.change(["unplug", hosts[0]])
            try await cluster.sees(hosts[0], .away)
            try await workers[0].says("no coordinator")
            try await lab.change(["heal"])
            try await cluster.sees(hosts[0], .connected)

            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(
                try await cluster.brokenPromises(of: sweep, trials: count) == [], "seed \(seed)")
            #expect(workers.filter(\.isRunning).count == hosts.count)
            #expect(!workers[3].log.contains("no coordinator"), "seed \(seed)")
        }
    }
}
