import API
import Client
import Foundation
import Testing
import Vocabulary

/// Hosts with addresses of their own.
@Suite(
    .serialized, .timeLimit(.minutes(2)), .enabled(if: Lab.isPossible, Lab.need))
struct LabSweepTests {
    private let workers = (1...8).map { "w\($0)" }

    @Test func `one coordinator and eight workers on nine hosts run a sweep to its end`()
        async throws
    {
        try await Cluster.run(on: ["coordinator"] + workers) { cluster, lab in
            try await cluster.startCoordinator(on: "coordinator", of: lab)
            let processes = try await cluster.startWorkers(on: workers, of: lab)
            let listed = try await cluster.client().workers().workers
            #expect(listed.map(\.name).sorted() == workers)
            // Each was asked for its name by the kernel: it has a host of its own.
            #expect(listed.compactMap(\.facts?.host).sorted() == workers)
            #expect(listed.map(\.state) == Array(repeating: .connected, count: 8))

            let sweep = try await cluster.submit(rehearsal(trials: 40, seconds: 0.5))
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(try await cluster.brokenPromises(of: sweep, trials: 40) == [])
            let attempts = try await cluster.documents(of: sweep).flatMap(\.attempts)
            #expect(Set(attempts.map(\.workerName)) == Set(workers))
            #expect(attempts.count == 40, "nothing had to run twice")
            #expect(processes.filter(\.isRunning).count == 8)
        }
    }

    @Test func `what a fault is to stop does not pass, and nothing else is stopped`()
        async throws
    {
        try await Cluster.run(on: ["coordinator", "w1", "w2"]) { cluster, lab in
            try await cluster.startCoordinator(on: "coordinator", of: lab)
            let control = try cluster.published("worker", "control")
            for fault in ["partition", "mute", "deafen", "unplug"] {
                #expect(try await lab.within("w1") { TCP.isOpen(control) })
                try await lab.change([fault, "w1"])
                #expect(try await !lab.within("w1") { TCP.isOpen(control) }, "\(fault)")
                #expect(try await lab.within("w2") { TCP.isOpen(control) }, "\(fault)")
                try await lab.change(["heal", "w1"])
            }
            #expect(try await lab.within("w1") { TCP.isOpen(control) })
        }
    }
}
