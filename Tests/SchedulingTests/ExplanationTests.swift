import Scheduling
import Testing
import Vocabulary

@Suite struct ExplanationTests {
    private func explain(_ bench: inout Bench, _ number: UInt32) -> [String] {
        guard case .explanation(let sentences)? = bench.ask(.explain(TrialID(1, number))) else {
            return ["no explanation"]
        }
        return sentences
    }

    @Test func `without workers it says so`() {
        var bench = Bench()
        _ = bench.submit(.plain(trials: 1))
        #expect(explain(&bench, 1) == ["No worker is connected."])
    }

    @Test func `each worker has its reason`() {
        var bench = Bench()
        _ = bench.submit(.plain(trials: 3, cpus: 2))
        bench.join(1, cpus: 1)
        bench.join(2, cpus: 2)
        #expect(explain(&bench, 1) == ["It runs as attempt 1 on worker 2 (host-2)."])
        let sentences = explain(&bench, 3)
        #expect(
            sentences == [
                "1 trials of Exp1 are served before it.",
                "Worker 1 (host-1) has 1 CPUs, and the trial needs 2.",
                "Worker 2 (host-2) is busy: 2 of its 2 CPUs are taken.",
            ])
    }

    @Test func `a sweep that is paused or comes later is the reason`() {
        var bench = Bench()
        _ = bench.submit(.plain(trials: 2))
        _ = bench.submit(.plain(trials: 2, priority: 5))
        #expect(
            explain(&bench, 1) == [
                "Sweeps of a higher priority come first: 2.", "No worker is connected.",
            ])
        _ = bench.ask(.pause(SweepID(1)))
        #expect(explain(&bench, 1) == ["Its sweep is paused: `picoml sweep resume 1`."])
    }

    @Test func `a trial that is not there has no explanation`() {
        var bench = Bench()
        _ = bench.submit(.plain(trials: 1))
        guard case .refused? = bench.ask(.explain(TrialID(1, 9))) else {
            Issue.record("explained")
            return
        }
    }
}
