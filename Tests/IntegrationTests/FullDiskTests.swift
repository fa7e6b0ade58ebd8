import API
import Client
import Foundation
import Testing
import Vocabulary

/// The coordinator's disk is full for a while.
@Suite(.timeLimit(.minutes(2)))
struct FullDiskTests {
    @Test(.enabled(if: SmallDisk.isPossible, "mounting a small disk takes root"))
    func `a full disk stops acknowledgements, not the coordinator, and loses nothing`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let disk = try SmallDisk(at: cluster.state + "/coordinator")
            defer { disk.remove() }
            let coordinator = try await cluster.startCoordinator()
            let worker = try await cluster.startWorker("w1")
            let sweep = try await cluster.submit(rehearsal(trials: 12, seconds: 0.5))
            try await cluster.succeeded(2, of: sweep)

            try disk.fill()
            try await coordinator.says("no space left")
            let before = try await cluster.trials(of: sweep).filter { $0.state == .succeeded }
            // What ends now is not acknowledged: the worker's spool holds it.
            let ended = worker.log.matches(of: /ended \(succeeded\)/).count
            try await eventually("another trial ends on the worker") {
                worker.log.matches(of: /ended \(succeeded\)/).count > max(ended, before.count)
            }
            try await eventually("the worker keeps its result") {
                try cluster.spooledBytes(of: "w1") > 0
            }

            let refused = try await cluster.picoml("sweep", "submit", "sweep.yaml")
            #expect(refused.code != 0)
            #expect(refused.errors.contains("no space left"), "\(refused.errors)")
            #expect(coordinator.isRunning)
            #expect(try await cluster.client().health().status == "ok")
            let during = try await cluster.trials(of: sweep).filter { $0.state == .succeeded }
            #expect(during == before)

            try disk.free()
            try await coordinator.says("there is space again")
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let trials = try await cluster.documents(of: sweep)
            #expect(trials.map(\.trial.state) == Array(repeating: .succeeded, count: 12))
            #expect(trials.map(\.attempts.count) == Array(repeating: 1, count: 12))
            for trial in before { #expect(trials.map(\.trial).contains(trial)) }
            #expect(try await cluster.client().sweeps(SweepQuery()).sweeps.count == 1)
        }
    }
}
