import API
import Client
import Foundation
import Testing
import Vocabulary

/// A worker whose key is revoked while nobody can tell it.
@Suite(.timeLimit(.minutes(2)), .enabled(if: Lab.isPossible, Lab.need))
struct LabRevocationTests {
    @Test func `who is revoked while out of reach has no say when it is back`() async throws {
        try await Cluster.run(on: ["coordinator", "w1", "w2"]) { cluster, lab in
            try await cluster.startCoordinator(on: "coordinator", of: lab)
            let workers = try await cluster.startWorkers(on: ["w1", "w2"], of: lab)
            let sweep = try await cluster.submit(rehearsal(trials: 8, seconds: 1.5))
            try await cluster.succeeded(2, of: sweep)
            try await lab.change(["partition", "w1"])
            let id = try await cluster.worker("w1").id.value
            #expect(try await cluster.picoml("worker", "revoke", "\(id)").code == 0)
            // At once: not when a lease would have ended.
            #expect(try await cluster.worker("w1").running.isEmpty)
            try await eventually("w1 keeps a result that nobody wants") {
                try cluster.spooledBytes(of: "w1") > 0
            }
            let before = try await cluster.documents(of: sweep).flatMap(\.attempts)
                .filter { $0.workerName == "w1" && $0.outcome == "succeeded" }

            try await lab.change(["heal"])
            try await workers[0].says("the coordinator does not know this worker's key")
            #expect(try await cluster.worker("w1").state == .revoked)
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(try await cluster.brokenPromises(of: sweep, trials: 8) == [])
            let after = try await cluster.documents(of: sweep).flatMap(\.attempts)
                .filter { $0.workerName == "w1" && $0.outcome == "succeeded" }
            #expect(after == before)
            // The control: the other one was believed all the time.
            #expect(!workers[1].log.contains("no coordinator"))
        }
    }
}
