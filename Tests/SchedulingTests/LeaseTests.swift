import Scheduling
import Testing
import Vocabulary

@Suite struct LeaseTests {
    /// One worker that runs trial 1 of a sweep of `trials`.
    private func running(trials: UInt32 = 1, spec: SweepSpec? = nil) -> Bench {
        var bench = Bench()
        bench.join(1)
        _ = bench.submit(spec ?? .plain(trials: trials))
        return bench
    }

    @Test func `a silent worker loses its lease and the trial runs as the next attempt`() {
        var bench = running()
        bench.authorize(2)
        _ = bench.step([], after: .seconds(9))
        _ = bench.hello(2)
        #expect(bench.coordinator.nextDeadline == .zero + .seconds(10))
        let step = bench.step([], after: .seconds(1))
        let lost = AttemptResult(
            attempt: AttemptID(1, 1), outcome: .failed(.workerLost),
            message: "the worker was silent for longer than its lease")
        #expect(
            step.records == [
                .workerLeft(WorkerID(1), .lost),
                .attemptEnded(lost, next: .waiting, objective: nil),
                .attemptStarted(AttemptID(1, 1, 2), WorkerID(2)),
            ])
        #expect(step.notes == [.workerLeft(WorkerID(1), .lost, requeued: 1)])
    }

    @Test func `a renewal keeps the lease`() {
        var bench = running()
        _ = bench.step([], after: .seconds(9))
        let renewal = WorkerMessage.renew(Renewal(prefetch: 0, held: [AttemptID(1, 1)]))
        #expect(
            bench.say(renewal, as: 1) == Step([], [.send(.renewed, to: PeerID(number: 1))]))
        #expect(bench.step([], after: .seconds(9)) == Step())
        #expect(bench.step([], after: .seconds(1)).records.first == .workerLeft(WorkerID(1), .lost))
    }

    @Test func `messages that wait when the coordinator wakes up late still count`() {
        var bench = running()
        let step = bench.step(
            [
                .received(
                    .renew(Renewal(prefetch: 0, held: [AttemptID(1, 1)])), from: PeerID(number: 1),
                    worker: WorkerID(1))
            ], after: .seconds(60))
        #expect(step.records.isEmpty)
    }

    @Test func `a lease that the worker never heard of ends after a lease's length`() {
        var bench = running()
        let renewal = WorkerMessage.renew(Renewal(prefetch: 0, held: []))
        _ = bench.step([], after: .seconds(9))
        #expect(bench.say(renewal, as: 1).records.isEmpty)
        _ = bench.step([], after: .seconds(1))
        let step = bench.say(renewal, as: 1)
        #expect(step.messages.prefix(2) == [.stop(AttemptID(1, 1), .fenced), .renewed])
        #expect(step.placed == ["1.1#2 on 1"])
    }

    @Test func `what a worker should not hold is fenced`() {
        var bench = running()
        let renewal = Renewal(prefetch: 0, held: [AttemptID(1, 1), AttemptID(1, 9)])
        #expect(
            bench.say(.renew(renewal), as: 1).messages
                == [.stop(AttemptID(1, 9), .fenced), .renewed])
    }

    @Test(
        arguments: [
            .renew(Renewal(prefetch: 0, held: [])), .report([]), .draining(reason: ""), .goodbye,
            .result(.of(AttemptID(1, 1))),
        ] as [WorkerMessage])
    func `an unknown connection is asked to say hello`(message: WorkerMessage) {
        var bench = running()
        let stranger = PeerID(7)
        #expect(
            bench.step([.received(message, from: stranger, worker: WorkerID(1))])
                == Step([], [.send(.resync, to: stranger)]))
    }

    @Test func `a worker that comes back on another connection keeps what it holds`() {
        var bench = running()
        #expect(bench.step([.unreachable(PeerID(number: 1))]) == Step())
        let step = bench.hello(1, held: [AttemptID(1, 1)], on: PeerID(7))
        #expect(step.notes == [.workerJoined(WorkerID(1), host: "host-1", adopted: 1)])
        #expect(step.records == [.workerJoined(WorkerID(1), .host(1, cpus: 1))])
        #expect(
            bench.step([
                .received(.result(.of(AttemptID(1, 1))), from: PeerID(7), worker: WorkerID(1))
            ]).messages == [.acknowledge(AttemptID(1, 1), .committed)])
    }

    @Test func `a worker that comes back empty gives its trial to the next attempt`() {
        var bench = running()
        let step = bench.hello(1, on: PeerID(7))
        #expect(step.leases.map(\.attempt) == [AttemptID(1, 1, 2)])
    }

    @Test func `a hello names what must stop`() {
        var bench = running()
        let step = bench.hello(1, held: [AttemptID(1, 1), AttemptID(3, 1)], on: PeerID(7))
        #expect(step.messages.dropFirst() == [.stop(AttemptID(3, 1), .fenced)])
    }

    @Test func `after a restart running trials wait for their workers`() {
        var bench = running()
        let start = bench.restart()
        #expect(start.records.isEmpty && start.leases.isEmpty)
        #expect(bench.coordinator.nextDeadline == bench.now + .seconds(30))
        let step = bench.hello(1, held: [AttemptID(1, 1)], on: PeerID(7))
        #expect(step.notes == [.workerJoined(WorkerID(1), host: "host-1", adopted: 1)])
    }

    @Test func `after a restart what nobody claims runs elsewhere`() {
        var bench = running()
        _ = bench.restart()
        bench.authorize(2)
        _ = bench.step([], after: .seconds(25))
        _ = bench.hello(2)
        let step = bench.step([], after: .seconds(5))
        #expect(step.placed == ["1.1#2 on 2"])
    }

    @Test func `an order to prune that was lost is given again`() {
        let rule = HalvingRule(reductionFactor: 2)
        var bench = Bench()
        bench.join(1, cpus: 2)
        _ = bench.submit(.plain(trials: 2, pruner: .asha(rule)))
        func report(_ trial: UInt32, _ loss: Double) -> MetricReport {
            MetricReport(attempt: AttemptID(1, trial), step: 1, metrics: [Metric("loss", loss)])
        }
        let step = bench.say(.report([report(1, 1), report(2, 2)]), as: 1)
        #expect(step.messages == [.stop(AttemptID(1, 2), .pruned)])
        #expect(step.records.last == .pruneDecided(AttemptID(1, 2)))
        let back = bench.hello(
            1, cpus: 2, held: [AttemptID(1, 1), AttemptID(1, 2)], on: PeerID(7))
        #expect(back.messages.last == .stop(AttemptID(1, 2), .pruned))
    }

    @Test func `versions without overlap are refused with a remedy`() {
        var bench = Bench()
        bench.authorize(1)
        var hello = Hello(facts: .host(1, cpus: 1), prefetch: 0, held: [])
        hello.minimumVersion = 2
        hello.maximumVersion = 3
        let step = bench.say(.hello(hello), as: 1)
        #expect(step.records.isEmpty)
        guard case .reject(let reason)? = step.messages.first else {
            Issue.record("it was let in")
            return
        }
        #expect(reason.contains("versions 2 to 3") && reason.contains("upgrade the coordinator to"))
    }

    @Test func `a worker that leaves gives its trial back`() {
        var bench = running()
        let step = bench.say(.goodbye, as: 1)
        #expect(step.records.first == .workerLeft(WorkerID(1), .left))
        #expect(bench.coordinator.durable[TrialID(1, 1)]?.state == .waiting)
        #expect(bench.say(.draining(reason: ""), as: 1).messages == [.resync])
    }

    @Test func `a revoked worker is told, loses its trial and is not let in again`() {
        var bench = running()
        let step = bench.step([.command(.revoke(WorkerID(1)), RequestID(50))])
        let reason = "the key of this worker was revoked"
        #expect(
            step.records.prefix(2) == [
                .workerRevoked(WorkerID(1)), .workerLeft(WorkerID(1), .revoked),
            ])
        #expect(
            step.directives == [
                .send(.reject(reason: reason), to: PeerID(number: 1)), .admit([]),
                .answer(RequestID(50), .done),
            ])
        #expect(bench.hello(1).messages == [.reject(reason: reason)])
        #expect(bench.ask(.revoke(WorkerID(1))) == .done)
        #expect(bench.ask(.authorize(name: "again", key: "key-1")) == .worker(WorkerID(2)))
    }
}
