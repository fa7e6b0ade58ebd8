import Scheduling
import Testing
import Vocabulary

@Suite struct LimitsTests {
    @Test func `impossible sweeps are refused with the reason and without a record`() throws {
        var none = SweepSpec.plain()
        none.experiments = []
        var twins = SweepSpec.plain()
        twins.experiments = [.named("Exp1", trials: 1), .named("Exp1", trials: 1)]
        var huge = SweepSpec.plain()
        huge.experiments = [.named("a", trials: .max), .named("b", trials: .max)]
        var unproven = SweepSpec.plain()
        unproven.promotion = PromotionPolicy()
        let many = try SweepSpec.promoted(finalists: 65_536, seeds: 65_536)
        for spec in [none, twins, huge, .plain(trials: 0), .plain(cpus: 0), unproven, many] {
            var bench = Bench()
            let step = bench.step([.command(.submit(spec, source: "", seed: 1), RequestID(1))])
            #expect(step.records.isEmpty)
            guard case .refused(.invalid, let reason)? = step.answers.first?.1 else {
                Issue.record("\(spec) was accepted")
                continue
            }
            #expect(!reason.isEmpty)
        }
    }

    @Test func `there is an end to open sweeps`() {
        var bench = Bench()
        for _ in 0..<Limits.openSweeps { _ = bench.submit(.plain(trials: 1)) }
        guard case .refused(.limit, _)? = bench.ask(.submit(.plain(), source: "", seed: 1)) else {
            Issue.record("it was accepted")
            return
        }
    }

    @Test func `a worker that claims too much is cut to the limits`() {
        var bench = Bench()
        _ = bench.submit(.plain(trials: 20_000))
        bench.authorize(1)
        _ = bench.hello(1, cpus: .max, prefetch: .max)
        var leases = 0
        for request in bench.step([.tick]).suggestions + [] {
            leases += bench.step([.suggested(request.answer(Int(request.count)))]).leases.count
        }
        #expect(leases <= Limits.leasesPerWorker)
        #expect(bench.step([.tick]).records.isEmpty)
    }

    @Test func `a worker's key is let in once`() {
        var bench = Bench()
        bench.authorize(1)
        #expect(bench.ask(.authorize(name: "other", key: "key-1")) == .worker(WorkerID(1)))
        #expect(
            bench.ask(.drain(WorkerID(1)))
                == .refused(.conflict, reason: "worker 1 is not connected"))
        #expect(
            bench.ask(.drain(WorkerID(5))) == .refused(.notFound, reason: "there is no worker 5"))
        #expect(
            bench.ask(.revoke(WorkerID(5))) == .refused(.notFound, reason: "there is no worker 5"))
    }
}
