import Scheduling
import Testing
import Vocabulary

/// Trials that choose their host.
@Suite struct HostTests {
    private func spec(_ name: String, trials: UInt32 = 1, _ resources: Resources) -> SweepSpec {
        var spec = SweepSpec.plain()
        spec.experiments = [.named(name, trials: trials)]
        spec.experiments[0].resources = resources
        return spec
    }

    private func explain(_ bench: inout Bench, _ trial: TrialID) -> [String] {
        guard case .explanation(let sentences)? = bench.ask(.explain(trial)) else {
            return ["no explanation"]
        }
        return sentences
    }

    @Test func `a trial goes where its labels are`() {
        var bench = Bench()
        _ = bench.submit(
            spec("Labelled", trials: 2, Resources(labels: Labels([Label("zone", "b")]))))
        bench.authorize(1)
        bench.authorize(2)
        bench.authorize(3)
        #expect(bench.hello(1, cpus: 4).placed.isEmpty)
        #expect(bench.hello(2, cpus: 4, labels: Labels([Label("zone", "a")])).placed.isEmpty)
        #expect(
            bench.hello(
                3, cpus: 4, labels: Labels([Label("disk", "nvme"), Label("zone", "b")])
            ).placed == ["1.1#1 on 3", "1.2#1 on 3"])
    }

    @Test func `a label that no worker has does not hold up other sweeps`() {
        var bench = Bench()
        _ = bench.submit(spec("Labelled", Resources(labels: Labels([Label("zone", "b")]))))
        _ = bench.submit(.plain(trials: 1))
        bench.authorize(1)
        #expect(bench.hello(1).placed == ["2.1#1 on 1"])
    }

    @Test func `a host's name is a label of it, whatever its person says`() {
        var bench = Bench()
        _ = bench.submit(spec("There", Resources(labels: Labels([Label("host", "host-2")]))))
        bench.authorize(1)
        bench.authorize(2)
        #expect(bench.hello(1, labels: Labels([Label("host", "host-2")])).placed.isEmpty)
        #expect(bench.hello(2).placed == ["1.1#1 on 2"])
    }

    @Test func `labels that are missing are said of each worker`() {
        var bench = Bench()
        _ = bench.submit(
            spec(
                "Labelled",
                Resources(labels: Labels([Label("disk", "nvme"), Label("zone", "b")]))))
        bench.join(1)
        bench.authorize(2)
        _ = bench.hello(2, labels: Labels([Label("zone", "a"), Label("disk", "nvme")]))
        #expect(
            explain(&bench, TrialID(1, 1)) == [
                "It needs zone=b, which no connected worker has.",
                "Worker 1 (host-1) has no label disk, no label zone, and the trial needs "
                    + "disk=nvme, zone=b.",
                "Worker 2 (host-2) has zone=a, and the trial needs zone=b.",
            ])
    }

    @Test func `of many workers only some are explained`() {
        var bench = Bench()
        _ = bench.submit(.plain(trials: 1, cpus: 2))
        for number in 1...60 as ClosedRange<UInt32> { bench.join(number) }
        let sentences = explain(&bench, TrialID(1, 1))
        #expect(sentences.count == 51)
        #expect(sentences.last == "10 more workers are connected.")
    }

    @Test func `an exclusive trial waits for a free host and keeps others off it`() {
        var bench = Bench()
        bench.join(1, cpus: 4, prefetch: 4)
        _ = bench.submit(.plain(trials: 1))
        _ = bench.submit(spec("Alone", trials: 2, Resources(isExclusive: true)))
        #expect(
            explain(&bench, TrialID(2, 1)) == [
                "Worker 1 (host-1) is on a host with 1 trial, and the trial needs one for itself."
            ])
        let freed = bench.result(AttemptID(1, 1))
        #expect(freed.placed == ["2.1#1 on 1"])
        #expect(freed.leases.map(\.isExclusive) == [true])
        _ = bench.submit(.plain(trials: 1))
        #expect(bench.coordinator.durable[TrialID(3, 1)]?.state == .waiting)
        #expect(
            explain(&bench, TrialID(3, 1)) == [
                "Worker 1 (host-1) is on a host that another trial has for itself."
            ])
        #expect(bench.result(AttemptID(2, 1)).placed == ["2.2#1 on 1"])
        #expect(bench.result(AttemptID(2, 2)).placed == ["3.1#1 on 1"])
    }

    @Test func `workers of one host are one host`() {
        var bench = Bench()
        bench.authorize(1)
        bench.authorize(2)
        bench.authorize(3)
        _ = bench.hello(1, cpus: 4, host: "oven")
        _ = bench.submit(.plain(trials: 1))
        _ = bench.submit(spec("Alone", Resources(isExclusive: true)))
        #expect(bench.hello(2, cpus: 4, host: "oven").placed.isEmpty)
        #expect(bench.hello(3, cpus: 4, host: "stove").placed == ["2.1#1 on 3"])
    }

    @Test func `a restart remembers whose host is in use`() {
        var bench = Bench()
        bench.authorize(1)
        bench.authorize(2)
        _ = bench.hello(1, cpus: 4, host: "oven")
        _ = bench.submit(spec("Alone", trials: 2, Resources(isExclusive: true)))
        _ = bench.restart()
        #expect(bench.hello(2, cpus: 4, host: "oven").placed.isEmpty)
        // Its worker never comes back: the trial runs elsewhere when its time is over.
        var placed: [String] = []
        for _ in 0..<31 {
            let event = Event.received(
                .renew(Renewal(prefetch: 0, held: [])), from: PeerID(number: 2),
                worker: WorkerID(2))
            placed += bench.step([event], after: .seconds(1)).placed
        }
        #expect(placed == ["1.1#2 on 2"])
    }
}
