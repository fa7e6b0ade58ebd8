import Scheduling
import Testing
import Vocabulary

/// Who gets the workers when several want them.
@Suite struct SharingTests {
    private func sweep(
        _ sharing: SharingPolicy = SharingPolicy(), trials: UInt32 = 20, cpus: UInt32 = 1,
        priority: Int32 = 0
    ) -> SweepSpec {
        var spec = SweepSpec.plain(trials: trials, cpus: cpus, priority: priority)
        spec.sharing = sharing
        return spec
    }

    /// How many trials each sweep runs.
    private func running(_ bench: borrowing Bench, _ count: UInt32) -> [Int] {
        (1...count).map { bench.coordinator.durable[SweepID($0)]?.running ?? 0 }
    }

    @Test func `sweeps of one user get CPUs by their weights`() {
        var bench = Bench()
        _ = bench.submit(sweep(SharingPolicy(weight: 1)))
        _ = bench.submit(sweep(SharingPolicy(weight: 3)))
        _ = bench.submit(sweep(SharingPolicy(weight: 4), cpus: 2))
        bench.join(1, cpus: 16)
        // 2 + 6 + 4 · 2 CPUs for weights 1, 3 and 4.
        #expect(running(bench, 3) == [2, 6, 4])
    }

    @Test func `users share first, however many sweeps each has`() {
        var bench = Bench(
            users: UserShares(named: ["bo": UserShares.Share(weight: 2)]))
        for _ in 1...3 { _ = bench.submit(sweep(SharingPolicy(user: "ann", weight: 9))) }
        _ = bench.submit(sweep(SharingPolicy(user: "bo")))
        bench.join(1, cpus: 9)
        #expect(running(bench, 4) == [1, 1, 1, 6])
    }

    @Test func `a sweep runs as many trials at once as it may`() {
        var bench = Bench()
        _ = bench.submit(sweep(SharingPolicy(concurrency: 2)))
        bench.join(1, cpus: 4, prefetch: 8)
        #expect(running(bench, 1) == [2])
        #expect(bench.result(AttemptID(1, 1)).placed == ["1.3#1 on 1"])
        #expect(running(bench, 1) == [2])
        #expect(explain(&bench, TrialID(1, 9)).contains { $0.contains("`concurrency`") })
    }

    @Test func `a user's trials have no more CPUs than the user may`() {
        var bench = Bench(
            users: UserShares(
                usual: UserShares.Share(cpus: 5), named: ["bo": UserShares.Share()]))
        _ = bench.submit(sweep(SharingPolicy(user: "ann"), trials: 2, cpus: 2))
        _ = bench.submit(sweep(SharingPolicy(user: "ann"), cpus: 2))
        bench.join(1, cpus: 12)
        // The fifth CPU is not enough for one more.
        #expect(running(bench, 2) == [1, 1])
        #expect(explain(&bench, TrialID(2, 2)).contains { $0.contains("ann has 1 left of 5") })
        _ = bench.submit(sweep(SharingPolicy(user: "bo"), cpus: 2))
        #expect(running(bench, 3) == [1, 1, 4])
    }

    @Test func `a large trial that waited gets a worker for itself while others go on`() {
        var bench = Bench()
        _ = bench.submit(sweep())
        for number in 1...4 as ClosedRange<UInt32> { bench.join(number, cpus: 2) }
        _ = bench.submit(sweep(trials: 1, cpus: 2))
        // One CPU after the other gets free, and is taken again.
        #expect(bench.result(AttemptID(1, 1)).placed == ["1.9#1 on 1"])
        let patient = bench.step([.tick], after: .seconds(60))
        #expect(patient.notes.contains(.workerReserved(WorkerID(1), SweepID(2))))
        #expect(explain(&bench, TrialID(2, 1)).contains { $0.contains("is kept free for it") })
        #expect(bench.result(AttemptID(1, 9)).placed.isEmpty)
        #expect(
            bench.result(AttemptID(1, 3), as: 2).placed == ["1.10#1 on 2"],
            "the others' workers go on")
        let last = bench.coordinator.durable.worker(1)
        #expect(bench.result(last).placed == ["2.1#1 on 1"])
        _ = bench.result(AttemptID(2, 1))
        #expect(running(bench, 1) == [8])
    }

    @Test func `without patience at its end nobody is kept from working`() {
        var bench = Bench()
        _ = bench.submit(sweep())
        bench.join(1, cpus: 2)
        _ = bench.submit(sweep(trials: 1, cpus: 2))
        let step = bench.step([.tick], after: .seconds(5))
        #expect(step.notes.isEmpty)
        #expect(bench.result(AttemptID(1, 1)).placed == ["1.3#1 on 1"])
    }

    @Test func `a sweep that preempts stops just what is in its way, the newest first`() {
        var bench = Bench()
        _ = bench.submit(sweep())
        bench.join(1, cpus: 3)
        let before = bench.now
        #expect(bench.submitting(sweep(trials: 1, cpus: 2, priority: 1)).stops.isEmpty)
        let urgent = bench.submitting(
            sweep(SharingPolicy(preempts: true), trials: 1, cpus: 2, priority: 2))
        #expect(urgent.stops == ["1.3#1 preempted", "1.2#1 preempted"])
        #expect(bench.now == before)
        // Asked once, however long it takes.
        #expect(bench.step([.tick]).stops.isEmpty)
        #expect(bench.result(AttemptID(1, 3), .returned, loss: nil).placed.isEmpty)
        let placed = bench.result(AttemptID(1, 2), .returned, loss: nil).placed
        #expect(placed == ["3.1#1 on 1"])
        // What made room is served before what never ran, as a further attempt.
        _ = bench.ask(.cancel(SweepID(2)))
        #expect(bench.result(AttemptID(3, 1)).placed == ["1.2#2 on 1", "1.3#2 on 1"])
        #expect(bench.coordinator.durable[TrialID(1, 2)]?.lostAttempts == 0)
    }

    @Test func `equals are not stopped, nor what would not be enough`() {
        var bench = Bench()
        _ = bench.submit(sweep(trials: 1))
        _ = bench.submit(sweep(trials: 2, priority: 5))
        bench.join(1, cpus: 3)
        let equal = SharingPolicy(preempts: true)
        #expect(bench.submitting(sweep(equal, trials: 1, priority: 0)).stops.isEmpty)
        #expect(bench.submitting(sweep(equal, trials: 1, cpus: 2, priority: 5)).stops.isEmpty)
    }

    @Test func `a trial that wants a host for itself stops what runs there, on every worker`() {
        var bench = Bench()
        _ = bench.submit(sweep(trials: 2))
        for (worker, host) in [(1, "shared"), (2, "shared")] as [(UInt32, String)] {
            bench.authorize(worker)
            _ = bench.hello(worker, host: host)
        }
        // The other host has work that is not below it.
        _ = bench.submit(sweep(trials: 1, priority: 5))
        bench.join(3)
        var spec = sweep(SharingPolicy(preempts: true), trials: 1, priority: 5)
        spec.experiments[0].resources.isExclusive = true
        #expect(bench.submitting(spec).stops == ["1.1#1 preempted", "1.2#1 preempted"])
        #expect(bench.result(AttemptID(1, 1), .returned, loss: nil).placed.isEmpty)
        let freed = bench.result(AttemptID(1, 2), .returned, loss: nil, as: 2)
        #expect(freed.placed == ["3.1#1 on 1"])
        #expect(bench.result(AttemptID(3, 1)).placed == ["1.2#2 on 1", "1.1#2 on 2"])
    }

    @Test func `a host with work that is not below it is not emptied`() {
        var bench = Bench()
        _ = bench.submit(sweep(trials: 1))
        _ = bench.submit(sweep(trials: 1, priority: 5))
        for worker: UInt32 in [1, 2] {
            bench.authorize(worker)
            _ = bench.hello(worker, host: "shared")
        }
        var spec = sweep(SharingPolicy(preempts: true), trials: 1, priority: 5)
        spec.experiments[0].resources.isExclusive = true
        #expect(bench.submitting(spec).stops.isEmpty)
    }

    @Test func `a trial that waits for a host in vain takes another that can be emptied`() {
        var bench = Bench()
        _ = bench.submit(sweep(trials: 2, priority: 10))
        bench.join(1)
        bench.join(2, cpus: 2)
        _ = bench.submit(sweep(trials: 1))
        var spec = sweep(SharingPolicy(preempts: true), trials: 1, priority: 5)
        spec.experiments[0].resources.isExclusive = true
        #expect(bench.submitting(spec).stops.isEmpty)
        #expect(bench.result(AttemptID(1, 2), as: 2).stops == ["2.1#1 preempted"])
        let emptied = bench.result(AttemptID(2, 1), .returned, loss: nil, as: 2)
        #expect(emptied.placed == ["3.1#1 on 2"])
    }

    @Test func `a worker that comes back is told again to make room`() {
        var bench = Bench()
        _ = bench.submit(sweep())
        bench.join(1)
        let spec = sweep(SharingPolicy(preempts: true), trials: 1, priority: 1)
        #expect(bench.submitting(spec).stops == ["1.1#1 preempted"])
        let again = bench.hello(1, held: [AttemptID(1, 1)], on: PeerID(777))
        #expect(again.stops == ["1.1#1 preempted"])
    }

    private func explain(_ bench: inout Bench, _ trial: TrialID) -> [String] {
        guard case .explanation(let sentences)? = bench.ask(.explain(trial)) else { return [] }
        return sentences
    }
}

extension Bench {
    /// Submits a sweep and returns what happens when its points are there.
    fileprivate mutating func submitting(_ spec: SweepSpec) -> Step {
        var last = Step()
        let submitted = step([.command(.submit(spec, source: "", seed: 7), RequestID(999))])
        for request in submitted.suggestions {
            last = step([.suggested(request.answer(Int(request.count)))])
        }
        return last
    }
}

extension Step {
    /// Which attempts were told to stop, and why.
    fileprivate var stops: [String] {
        messages.compactMap {
            if case .stop(let attempt, let reason) = $0 { "\(attempt) \(reason)" } else { nil }
        }
    }
}

extension DurableState {
    /// The attempt that `worker` runs and that is the highest of the first sweep.
    fileprivate func worker(_ worker: UInt32) -> AttemptID {
        let trials = self[SweepID(1)]?.trials ?? []
        let number = trials.lastIndex { $0.state == .running && $0.worker == WorkerID(worker) }
        return AttemptID(1, UInt32((number ?? 0) + 1))
    }
}
