import Scheduling
import Testing
import Vocabulary

@Suite struct ResultTests {
    private let first = AttemptID(1, 1)

    /// Worker 1 runs trial 1 of a sweep of two, worker 2 has nothing.
    private func running(_ retries: RetryPolicy = RetryPolicy()) -> Bench {
        var bench = Bench()
        bench.join(1)
        bench.authorize(2)
        _ = bench.submit(.plain(trials: 2, retries: retries))
        return bench
    }

    @Test func `a result is recorded, acknowledged and makes room for the next trial`() {
        var bench = running()
        let step = bench.result(first, loss: 0.5)
        #expect(
            step.records == [
                .attemptEnded(.of(first, loss: 0.5), next: .succeeded, objective: 0.5),
                .attemptStarted(AttemptID(1, 2), WorkerID(1)),
            ])
        #expect(
            step.directives.first == .send(.acknowledge(first, .committed), to: PeerID(number: 1)))
        #expect(step.placed == ["1.2#1 on 1"])
        #expect(bench.coordinator.durable[SweepID(1)]?.experiments[0].best == 0.5)
    }

    @Test func `the same result again gets the same answer and changes nothing`() {
        var bench = running()
        _ = bench.result(first)
        #expect(
            bench.result(first)
                == Step([], [.send(.acknowledge(first, .committed), to: PeerID(number: 1))]))
    }

    @Test func `a result that contradicts the committed one is rejected`() {
        var bench = running()
        _ = bench.result(first, loss: 1)
        let step = bench.result(first, loss: 2)
        #expect(step.records.isEmpty)
        #expect(step.messages == [.acknowledge(first, .rejected)])
        #expect(
            step.notes == [
                .resultRejected(
                    first, WorkerID(1), reason: "it differs from the result already committed")
            ])
    }

    @Test func `a result that was judged a failure gets the same answer again`() {
        var bench = running()
        #expect(bench.result(first, loss: nil).messages.first == .acknowledge(first, .committed))
        #expect(bench.coordinator.durable[first.trial]?.state == .failed(.metricMissing))
        #expect(bench.result(first, loss: nil).messages == [.acknowledge(first, .committed)])
    }

    @Test func `a stale attempt is refused`() {
        var bench = running()
        _ = bench.hello(1, on: PeerID(7))
        let step = bench.step([
            .received(.result(.of(first)), from: PeerID(7), worker: WorkerID(1))
        ])
        #expect(
            step
                == Step(
                    [], [.send(.acknowledge(first, .superseded), to: PeerID(7))],
                    [.resultSuperseded(first, WorkerID(1))]))
    }

    @Test func `a result from a worker that does not hold the attempt is refused`() {
        var bench = running()
        // It gets trial 2, and claims trial 1.
        _ = bench.hello(2)
        let step = bench.result(first, as: 2)
        #expect(step.records.isEmpty)
        #expect(step.messages == [.acknowledge(first, .superseded)])
        #expect(bench.coordinator.durable[first.trial]?.state == .running)
    }

    @Test func `a late result of a trial that was cancelled is superseded, not rejected`() {
        var bench = Bench()
        bench.join(1, cpus: 2)
        var spec = SweepSpec.plain(trials: 2, target: 0.5)
        spec.experiments[0].trials = 2
        spec.model = "kitchen"
        _ = bench.submit(spec)
        #expect(bench.ask(.cancel(SweepID(1))) == .done)
        #expect(bench.result(first).messages == [.acknowledge(first, .superseded)])
    }

    @Test func `a late result after the finalists were chosen is superseded`() throws {
        var bench = Bench()
        bench.join(1, cpus: 2)
        var spec = try SweepSpec.promoted(trials: 2)
        spec.objective.target = 0.5
        _ = bench.submit(spec)
        let step = bench.result(first, loss: 0.1)
        #expect(step.messages.contains(.stop(AttemptID(1, 2), .cancelled)))
        #expect(
            bench.result(AttemptID(1, 2)).messages == [.acknowledge(AttemptID(1, 2), .superseded)])
    }

    @Test func `a trial that was lost for good supersedes its late result`() {
        var bench = running(RetryPolicy(lostAttempts: 1))
        _ = bench.hello(1, on: PeerID(7))
        #expect(bench.coordinator.durable[first.trial]?.state == .failed(.workerLost))
        let step = bench.step([
            .received(.result(.of(first)), from: PeerID(7), worker: WorkerID(1))
        ])
        #expect(step.messages == [.acknowledge(first, .superseded)])
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `a success without a finite objective is a failure`(loss: Double) {
        var bench = running()
        _ = bench.result(first, loss: loss)
        #expect(bench.coordinator.durable[first.trial]?.state == .failed(.nonFiniteMetric))
    }

    @Test func `a trial that was given back runs again without blame`() {
        var bench = running(RetryPolicy(lostAttempts: 1, failedAttempts: 1))
        let step = bench.result(first, .returned, loss: nil)
        #expect(step.placed == ["1.1#2 on 1"])
        #expect(bench.coordinator.durable[first.trial]?.lostAttempts == 0)
    }

    // Code that cannot be loaded ends the whole sweep: `HopelessSweepTests`.
    @Test(arguments: FailureClass.allCases.filter { $0 != .badCode })
    func `a failure is tried again as often as its class allows`(failure: FailureClass) {
        var bench = running(
            RetryPolicy(
                lostAttempts: 3, failedAttempts: 2, crashedAttempts: 8, outOfMemoryAttempts: 4,
                outOfDiskAttempts: 5, timeoutAttempts: 6, nonFiniteAttempts: 7))
        let most: UInt32 =
            switch failure {
            case .workerLost: 3
            case .cancelled, .metricMissing: 1
            case .badCode: 0
            case .trainerError: 2
            case .crash: 8
            case .outOfMemory: 4
            case .outOfDisk: 5
            case .timeout: 6
            case .nonFiniteMetric: 7
            }
        for number in 1...most {
            #expect(bench.coordinator.durable[first.trial]?.state == .running)
            _ = bench.result(AttemptID(1, 1, number), .failed(failure), loss: nil)
        }
        #expect(bench.coordinator.durable[first.trial]?.state == .failed(failure))
        #expect(bench.coordinator.durable[first.trial]?.attempt == most)
    }

    @Test(arguments: [Outcome.failed(.trainerError), .failed(.workerLost), .returned])
    func `no trial has more attempts than the limit`(outcome: Outcome) {
        var bench = running(RetryPolicy(lostAttempts: .max, failedAttempts: .max))
        for number in 1...Limits.attemptsPerTrial {
            _ = bench.result(AttemptID(1, 1, number), outcome, loss: nil)
        }
        #expect(bench.coordinator.durable[first.trial]?.state.isFinal == true)
        #expect(bench.coordinator.durable[first.trial]?.attempt == Limits.attemptsPerTrial)
    }

    @Test func `reports count once, in order, and only from the holder`() {
        var bench = running()
        func report(_ step: UInt64, as number: UInt32 = 1) -> MetricReport {
            MetricReport(attempt: first, step: step, metrics: [Metric("loss", 1)])
        }
        let step = bench.say(.report([report(1), report(3), report(3), report(2)]), as: 1)
        #expect(step == Step([.reported(report(1)), .reported(report(3))]))
        _ = bench.hello(2)
        let stranger = bench.say(.report([report(4)]), as: 2)
        #expect(stranger.records.isEmpty && stranger.notes.count == 1)
    }

    @Test func `a pruned trial keeps its last value and does not compete`() {
        var bench = running()
        let report = MetricReport(attempt: first, step: 1, metrics: [Metric("loss", 3)])
        _ = bench.say(.report([report]), as: 1)
        _ = bench.result(first, .pruned, loss: nil)
        #expect(bench.coordinator.durable[first.trial]?.state == .pruned)
        #expect(bench.coordinator.durable[first.trial]?.objective == 3)
        #expect(bench.coordinator.durable[SweepID(1)]?.experiments[0].best == nil)
    }
}
