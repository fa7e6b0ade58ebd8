import Scheduling
import Testing
import Vocabulary

@Suite struct ExclusionTests {
    private let minute = Duration.seconds(60)

    /// Two workers and a sweep with more trials than they can ever lose.
    private func running() -> Bench {
        var bench = Bench()
        bench.join(1)
        bench.join(2)
        _ = bench.submit(.plain(trials: 20, retries: RetryPolicy(lostAttempts: .max)))
        return bench
    }

    /// Worker 1 comes back without what it held, `count` times.
    private func forget(_ bench: inout Bench, _ count: Int) -> [Record] {
        var records: [Record] = []
        for _ in 0..<count {
            records += bench.step([.tick], after: .seconds(1)).records
            _ = bench.say(.renew(Renewal(prefetch: 0, held: held(by: 2, bench))), as: 2)
            records += bench.hello(1, held: []).records
        }
        return records
    }

    private func held(by worker: UInt32, _ bench: borrowing Bench) -> [AttemptID] {
        guard let sweep = bench.coordinator.durable[SweepID(1)] else { return [] }
        return sweep.trials.enumerated().compactMap { index, trial in
            guard trial.worker == WorkerID(worker) else { return nil }
            return AttemptID(1, UInt32(index + 1), trial.attempt)
        }
    }

    private func exclusion(_ bench: borrowing Bench) -> Exclusion? {
        bench.coordinator.durable[WorkerID(1)]?.exclusion
    }

    @Test func `a worker that keeps losing what it holds gets nothing for a while`() throws {
        var bench = running()
        #expect(
            !forget(&bench, 2).contains { if case .workerExcluded = $0 { true } else { false } })
        _ = forget(&bench, 1)
        let found = exclusion(bench)
        let exclusion = try #require(found)
        #expect(exclusion.span == minute)
        #expect(exclusion.reason.contains("came back without what it held"))
        #expect(held(by: 1, bench).isEmpty)
        #expect(held(by: 2, bench).count == 1)
        #expect(bench.hello(1, held: []).placed.isEmpty)
    }

    @Test func `its time over, it gets trials again, and the next exclusion is longer`() {
        var bench = running()
        _ = forget(&bench, 3)
        for _ in 0..<61 {
            _ = bench.step([.tick], after: .seconds(1))
            for worker in 1...2 as ClosedRange<UInt32> {
                let renewal = Renewal(prefetch: 0, held: held(by: worker, bench))
                _ = bench.say(.renew(renewal), as: worker)
            }
        }
        #expect(exclusion(bench) == nil)
        #expect(held(by: 1, bench).count == 1)
        _ = forget(&bench, 3)
        #expect(exclusion(bench)?.span == minute * 2)
    }

    @Test func `a trial that ends well in between starts the count anew`() throws {
        var bench = running()
        _ = forget(&bench, 2)
        let held = held(by: 1, bench)
        let attempt = try #require(held.first)
        _ = bench.result(attempt, as: 1)
        _ = forget(&bench, 2)
        #expect(exclusion(bench) == nil)
    }

    @Test func `most workers that fall silent at once are not to blame, a single one is`() throws {
        var bench = running()
        bench.join(3)
        for _ in 0..<3 {
            // One after the other, as their last renewals went out.
            for worker in 1...3 as ClosedRange<UInt32> {
                let renewal = Renewal(prefetch: 0, held: held(by: worker, bench))
                _ = bench.say(.renew(renewal), as: worker)
                _ = bench.step([.tick], after: .seconds(1))
            }
            for _ in 0..<10 { _ = bench.step([.tick], after: .seconds(1)) }
            for worker in 1...3 as ClosedRange<UInt32> {
                #expect(held(by: worker, bench).isEmpty)
                _ = bench.hello(worker, held: [])
            }
        }
        #expect(bench.coordinator.durable.workers.allSatisfy { $0.exclusion == nil })
        #expect(held(by: 1, bench).count == 1)

        for _ in 0..<3 {
            for _ in 0..<11 {
                for worker in 2...3 as ClosedRange<UInt32> {
                    let renewal = Renewal(prefetch: 0, held: held(by: worker, bench))
                    _ = bench.say(.renew(renewal), as: worker)
                }
                _ = bench.step([.tick], after: .seconds(1))
            }
            _ = bench.hello(1, held: [])
        }
        let found = exclusion(bench)
        #expect(try #require(found).reason.contains("silent for longer than its lease"))
    }

    @Test func `a worker that rests says why, until it says hello again`() {
        var bench = running()
        _ = bench.say(.draining(reason: "no space on the disk"), as: 1)
        #expect(exclusion(bench)?.reason == "no space on the disk")
        _ = bench.restart()
        _ = bench.hello(1, held: held(by: 1, bench))
        #expect(exclusion(bench) == nil)
    }

    @Test func `an exclusion outlives the coordinator`() {
        var bench = running()
        _ = forget(&bench, 3)
        _ = bench.restart()
        #expect(bench.hello(1, held: []).placed.isEmpty)
        #expect(exclusion(bench) != nil)
    }
}
