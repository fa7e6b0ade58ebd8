import Registry
import Scheduling
import Search
import Testing
import Vocabulary

@Suite struct PlacementTests {
    @Test func `a submitted sweep is recorded, answered and asks for its points`() throws {
        var bench = Bench()
        let spec = SweepSpec.plain(trials: 3)
        let step = bench.step([.command(.submit(spec, source: "yaml", seed: 7), RequestID(1))])
        let seed = try #require(
            bench.coordinator.durable[SweepID(1)]?.definition.seed(ofExperiment: 0))
        #expect(
            step
                == Step(
                    [.sweepSubmitted(SweepID(1), spec, source: "yaml", seed: 7)],
                    [
                        .answer(RequestID(1), .sweep(SweepID(1))),
                        .suggest(
                            SuggestionRequest(
                                sweep: SweepID(1), experiment: 0, sampler: .grid,
                                space: spec.experiments[0].space, history: [], first: 0, count: 3,
                                seed: seed)),
                    ], [.sweepEntered(SweepID(1), .searching, reason: "submitted")]))
    }

    @Test func `a trial is recorded before it is sent, in one step with its worker's hello`() throws
    {
        var bench = Bench()
        let spec = SweepSpec.plain(trials: 1)
        _ = bench.submit(spec)
        bench.authorize(1)
        let step = bench.hello(1)
        let trial = try #require(bench.coordinator.durable[TrialID(1, 1)])
        let lease = Lease(
            attempt: AttemptID(1, 1), task: .search, experiment: "Exp1", trainer: .rehearsal,
            parameters: [Assignment("x", .integer(0))], seed: trial.seed, cpus: 1,
            diskBytes: Resources.usualDisk, timeLimit: nil, objective: spec.objective, data: nil)
        let welcome = Welcome(
            version: 1, worker: WorkerID(1), renewMilliseconds: 2000, leaseMilliseconds: 10_000)
        #expect(
            step
                == Step(
                    [
                        .workerJoined(WorkerID(1), .host(1, cpus: 1)),
                        .attemptStarted(AttemptID(1, 1), WorkerID(1)),
                    ],
                    [
                        .send(.welcome(welcome), to: PeerID(number: 1)),
                        .send(.assign(lease), to: PeerID(number: 1)),
                    ], [.workerJoined(WorkerID(1), host: "host-1", adopted: 0)]))
    }

    @Test(
        arguments: [(1, 0, 1), (2, 0, 2), (2, 1, 3), (2, 6, 4), (0, 3, 0)]
            as [(UInt32, UInt32, Int)])
    func `a worker gets its CPUs and its prefetch`(cpus: UInt32, prefetch: UInt32, leases: Int) {
        var bench = Bench()
        _ = bench.submit(.plain(trials: 4))
        bench.authorize(1)
        #expect(bench.hello(1, cpus: cpus, prefetch: prefetch).leases.count == leases)
    }

    @Test func `CPUs of all workers are filled before any prefetch`() {
        var bench = Bench()
        bench.join(1, cpus: 2, prefetch: 4)
        bench.join(2, cpus: 2, prefetch: 4)
        let spec = SweepSpec.plain(trials: 6)
        let request = bench.step([.command(.submit(spec, source: "", seed: 1), RequestID(9))])
            .suggestions[0]
        let step = bench.step([.suggested(request.answer(6))])
        #expect(
            step.placed == [
                "1.1#1 on 1", "1.2#1 on 2", "1.3#1 on 1", "1.4#1 on 2", "1.5#1 on 1", "1.6#1 on 2",
            ])
    }

    @Test func `a trial that is too wide waits without blocking others`() {
        var bench = Bench()
        var spec = SweepSpec.plain()
        spec.experiments = [.named("Wide", trials: 1, cpus: 4), .named("Narrow", trials: 1)]
        _ = bench.submit(spec)
        bench.authorize(1)
        #expect(bench.hello(1, cpus: 2).leases.map(\.experiment) == ["Narrow"])
        bench.authorize(2)
        #expect(bench.hello(2, cpus: 4).leases.map(\.experiment) == ["Wide"])
    }

    @Test func `a prefetched trial is never wider than its worker`() {
        var bench = Bench()
        _ = bench.submit(.plain(trials: 2, cpus: 3))
        bench.authorize(1)
        #expect(bench.hello(1, cpus: 2, prefetch: 8).leases.isEmpty)
    }

    @Test func `the higher priority is served first`() {
        var bench = Bench()
        _ = bench.submit(.plain(trials: 2))
        _ = bench.submit(.plain(trials: 2, priority: 1))
        bench.authorize(1)
        #expect(
            bench.hello(1, cpus: 3).placed == ["2.1#1 on 1", "2.2#1 on 1", "1.1#1 on 1"])
    }

    @Test func `sweeps of one priority share the workers`() {
        var bench = Bench()
        _ = bench.submit(.plain(trials: 4))
        _ = bench.submit(.plain(trials: 4))
        bench.authorize(1)
        #expect(
            bench.hello(1, cpus: 4).placed
                == ["1.1#1 on 1", "2.1#1 on 1", "1.2#1 on 1", "2.2#1 on 1"])
    }

    @Test func `experiments of a sweep share its workers`() {
        var bench = Bench()
        var spec = SweepSpec.plain()
        spec.experiments = [.named("Exp1", trials: 2), .named("Exp2", trials: 2)]
        _ = bench.submit(spec)
        bench.authorize(1)
        #expect(
            bench.hello(1, cpus: 4).leases.map(\.experiment) == ["Exp1", "Exp2", "Exp1", "Exp2"])
    }

    @Test func `who drains gets nothing more`() {
        var bench = Bench()
        bench.join(1, cpus: 2)
        #expect(bench.ask(.drain(WorkerID(1))) == .done)
        _ = bench.submit(.plain())
        #expect(bench.step([.tick]).leases.isEmpty)
        #expect(bench.coordinator.durable[TrialID(1, 1)]?.state == .waiting)
    }

    @Test func `who says that it drains gets nothing more`() {
        var bench = Bench()
        bench.join(1, cpus: 2)
        #expect(bench.say(.draining(reason: ""), as: 1) == Step())
        _ = bench.submit(.plain())
        #expect(bench.coordinator.durable[TrialID(1, 1)]?.state == .waiting)
    }

    @Test func `points are asked for again when half of them are gone`() {
        var bench = Bench()
        bench.join(1, cpus: 1)
        _ = bench.submit(.plain(trials: 100))
        var asked: [UInt32] = []
        for number in UInt32(1)...9 {
            let step = bench.result(AttemptID(1, number))
            asked += step.suggestions.map(\.first)
        }
        #expect(asked == [16])
    }

    @Test func `memory that trials may use is counted as CPUs are`() {
        var bench = Bench()
        var spec = SweepSpec.plain(trials: 4)
        // A host of the bench has 1 GiB.
        spec.experiments[0].resources.memoryBytes = 400 << 20
        _ = bench.submit(spec)
        bench.authorize(1)
        #expect(bench.hello(1, cpus: 8).placed == ["1.1#1 on 1", "1.2#1 on 1"])
        #expect(bench.result(AttemptID(1, 1)).placed == ["1.3#1 on 1"])
    }

    @Test func `a trial that needs more memory than a host has waits for another, and alone`() {
        var bench = Bench()
        var spec = SweepSpec.plain(trials: 1)
        spec.experiments[0].resources.memoryBytes = 2 << 30
        _ = bench.submit(spec)
        _ = bench.submit(.plain(trials: 1))
        bench.authorize(1)
        #expect(bench.hello(1, cpus: 8, prefetch: 8).placed == ["2.1#1 on 1"])
    }
}
