import API
import Client
import Foundation
import Glibc
import Testing
import Vocabulary

/// The coordinator is killed with `kill -9` and started again.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct CoordinatorKillTests {
    @Test func `a sweep goes on after the coordinator was killed, and nothing runs twice`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let coordinator = try await cluster.startCoordinator()
            let workers = [
                try await cluster.startWorker("w1"), try await cluster.startWorker("w2"),
            ]
            let sweep = try await cluster.submit(rehearsal(trials: 6, seconds: 4))
            try await cluster.succeeded(2, of: sweep)
            let running = try await cluster.running(2)
            let finished = try await cluster.trials(of: sweep).filter { $0.state == .succeeded }

            coordinator.kill9()
            let start = ContinuousClock.now
            let restarted = try await cluster.startCoordinator()
            for number in 1...2 {
                try await restarted.says("worker \(number) on", within: .seconds(15))
            }
            #expect(ContinuousClock.now - start < .seconds(15))
            #expect(restarted.log.contains("and goes on with"))
            let stillRunning = Set(ProcessTable.trials(under: cluster.folder))
            #expect(stillRunning.isSuperset(of: running), "what ran was not interrupted")

            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let trials = try await cluster.documents(of: sweep)
            #expect(trials.map(\.trial.state) == Array(repeating: .succeeded, count: 6))
            #expect(trials.map(\.attempts.count) == Array(repeating: 1, count: 6))
            #expect(trials.map(\.trial).filter { finished.contains($0) }.count == finished.count)
            #expect(workers.filter(\.isRunning).count == 2)
            for worker in workers { #expect(!worker.log.contains("does not count")) }
        }
    }

    @Test func `no result is lost or counted twice, whenever the coordinator is killed`()
        async throws
    {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomSource(seed: seed)
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            var coordinator = try await cluster.startCoordinator()
            let workers = [
                try await cluster.startWorker("w1"), try await cluster.startWorker("w2"),
            ]
            let total = 60
            let sweep = try await cluster.submit(rehearsal(trials: total, seconds: 0.2))
            var seen: [TrialEntry] = []
            for _ in 1...6 {
                let pause = Int64(random.nextUnit() * 700)
                try await ContinuousClock().sleep(for: .milliseconds(pause))
                let phase = try await cluster.client().sweep(sweep).sweep.phase
                try #require(!phase.isFinal, "the sweep ended before it was disturbed enough")
                seen += try await cluster.trials(of: sweep).filter { $0.state == .succeeded }
                coordinator.kill9()
                coordinator = try await cluster.startCoordinator()
            }
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let trials = try await cluster.documents(of: sweep)
            let entries = trials.map(\.trial)
            #expect(entries.map(\.state) == Array(repeating: .succeeded, count: total))
            for trial in Set(seen) { #expect(entries.contains(trial), "seed \(seed)") }
            let counted = trials.flatMap(\.attempts).filter { $0.outcome == "succeeded" }
            #expect(counted.count == total, "seed \(seed)")
            // Each execution that ended well has counted: none was thrown away or done for nothing.
            let executed = workers.flatMap { $0.log.matches(of: /trial (\S+) ended \(succeeded\)/) }
            #expect(executed.map { String($0.1) }.sorted() == counted.map(\.id).sorted())
        }
    }
}
