import Execution
import Testing
import Vocabulary

@Suite struct ExecutionTests {
    private func joined(cpus: UInt32 = 1) -> Bench {
        var bench = Bench(cpus: cpus)
        _ = bench.join()
        return bench
    }

    @Test func `a lease without inputs starts at once`() {
        var bench = joined()
        #expect(
            bench.hear(.assign(.of(1)))
                == WorkerStep([], [.launch(.of(1))], [.launched(AttemptID(1), experiment: "Exp1")]))
        #expect(bench.hear(.assign(.of(1))) == WorkerStep())
    }

    @Test func `a lease with inputs starts when they are here`() throws {
        var bench = joined()
        let lease = Lease.of(1, needing: try digest(1))
        #expect(bench.hear(.assign(lease)).directives == [.fetch(lease)])
        #expect(bench.step([.inputsReady(AttemptID(1))]).directives == [.launch(lease)])
    }

    @Test func `leases start in their order as CPUs become free`() {
        var bench = joined(cpus: 2)
        #expect(bench.hear(.assign(.of(1))).launched == [1])
        #expect(bench.hear(.assign(.of(2, cpus: 2))).launched == [])
        // Trial 3 would fit, but it would make trial 2 wait for ever.
        #expect(bench.hear(.assign(.of(3))).launched == [])
        #expect(bench.step([.ended(.of(1, seconds: 0.1))]).launched == [2])
        #expect(bench.step([.ended(.of(2, seconds: 0.1))]).launched == [3])
    }

    @Test func `an exclusive trial runs alone, even where the coordinator thinks there is room`() {
        var bench = joined(cpus: 4)
        #expect(bench.hear(.assign(.of(1))).launched == [1])
        // Told to stop, trial 1 may still run for a while.
        _ = bench.hear(.stop(AttemptID(1), .cancelled))
        #expect(bench.hear(.assign(.of(2, isExclusive: true))).launched == [])
        #expect(bench.step([.ended(.of(1, seconds: 0.1))]).launched == [2])
        #expect(bench.hear(.assign(.of(3))).launched == [])
        #expect(bench.step([.ended(.of(2, seconds: 0.1))]).launched == [3])
    }

    @Test func `a GPU that is still in use is waited for`() {
        var bench = Bench(cpus: 8, gpus: 1)
        _ = bench.join()
        var lease = Lease.of(1)
        lease.gpus = DeviceAmount(count: 1) ?? .none
        lease.devices = [0]
        #expect(bench.hear(.assign(lease)).launched == [1])
        _ = bench.hear(.stop(AttemptID(1), .cancelled))
        lease.attempt = AttemptID(2)
        #expect(bench.hear(.assign(lease)).launched == [])
        #expect(bench.step([.ended(.of(1, seconds: 0.1))]).launched == [2])
    }

    @Test func `a lease of a GPU that there is not is given back`() {
        var bench = Bench(cpus: 8, gpus: 1)
        _ = bench.join()
        var lease = Lease.of(1)
        lease.gpus = DeviceAmount(count: 1) ?? .none
        lease.devices = [1]
        let step = bench.hear(.assign(lease))
        #expect(step.launched == [])
        #expect(
            step.sent == [
                .result(
                    AttemptResult(
                        attempt: AttemptID(1), outcome: .returned,
                        message: "the worker has no such GPU"))
            ])
    }

    @Test func `what waits for inputs lets others go first`() throws {
        var bench = joined()
        _ = bench.hear(.assign(.of(1, needing: try digest(1))))
        #expect(bench.hear(.assign(.of(2))).launched == [2])
        #expect(bench.step([.inputsReady(AttemptID(1))]).launched == [])
        #expect(bench.step([.ended(.of(2))]).launched == [1])
    }

    @Test func `a result is spooled, sent, sent again, and forgotten when acknowledged`() {
        var bench = joined()
        _ = bench.hear(.assign(.of(1)))
        #expect(
            bench.step([.ended(.of(1))])
                == WorkerStep(
                    [.ended(.of(1))],
                    [.send(.result(.of(1)))], [.ended(AttemptID(1), .succeeded, message: "")]))
        bench.live(for: 4)
        #expect(bench.hear(.renewed, after: .seconds(1)).sent.contains(.result(.of(1))))
        #expect(
            bench.hear(.acknowledge(AttemptID(1), .committed))
                == WorkerStep([.settled(AttemptID(1))], [.discard(AttemptID(1))]))
        #expect(bench.worker.held.isEmpty)
        #expect(bench.hear(.acknowledge(AttemptID(1), .committed)) == WorkerStep())
    }

    @Test func `files are stored before the result is sent, and again when they are missing`()
        throws
    {
        var bench = joined()
        _ = bench.hear(.assign(.of(1)))
        let files = [Artifact(name: "model/a", digest: try digest(1), byteCount: 1)]
        let step = bench.step([.ended(.of(1, artifacts: files))])
        #expect(step.directives.first == .upload(AttemptID(1), files))
        #expect(!step.sent.contains(.result(.of(1, artifacts: files))))
        let stored = bench.step([.uploaded(AttemptID(1))])
        #expect(stored.sent == [.result(.of(1, artifacts: files))])
        #expect(
            bench.hear(.artifactsMissing(AttemptID(1))).directives == [.upload(AttemptID(1), files)]
        )
        #expect(bench.hear(.artifactsMissing(AttemptID(1))) == WorkerStep())
        #expect(bench.step([.uploaded(AttemptID(1))]).sent == [.result(.of(1, artifacts: files))])
    }

    @Test(arguments: [Verdict.superseded, .rejected])
    func `a result that does not count is noted`(verdict: Verdict) {
        var bench = joined()
        _ = bench.hear(.assign(.of(1)))
        _ = bench.step([.ended(.of(1))])
        #expect(
            bench.hear(.acknowledge(AttemptID(1), verdict))
                == WorkerStep(
                    [.settled(AttemptID(1))], [.discard(AttemptID(1))],
                    [.notCounted(AttemptID(1), verdict)]))
    }

    @Test func `a metric beside the objective may be undefined, and is left out`() {
        var bench = joined()
        _ = bench.hear(.assign(.of(1)))
        var result = AttemptResult.of(1)
        let finite = result.metrics
        result.metrics.append(Metric("share", .nan))
        let ended = bench.step([.ended(result)])
        result.metrics = finite
        #expect(ended.sent == [.result(result)])
    }

    @Test(arguments: [Double.nan, .infinity])
    func `an objective that is not finite ends the trial`(loss: Double) {
        var bench = joined()
        _ = bench.hear(.assign(.of(1)))
        _ = bench.step([.reported(.of(1, step: 1, loss: 2))])
        let step = bench.step([.reported(.of(1, step: 2, loss: loss))])
        #expect(step.directives == [.kill(AttemptID(1))])
        #expect(bench.step([.reported(.of(1, step: 3, loss: loss))]) == WorkerStep())
        let end = bench.step([.ended(.of(1, .failed(.trainerError)))])
        var expected = AttemptResult.of(1, .failed(.nonFiniteMetric))
        expected.message = "\"loss\" became \(loss) at step 2"
        #expect(end.records == [.ended(expected)])
    }

    @Test func `a trial that takes too long gets a signal, then is killed, and says so`() {
        var bench = joined()
        _ = bench.hear(.assign(.of(1, timeLimit: 1.5)))
        #expect(bench.worker.nextDeadline == bench.now + .milliseconds(1500))
        let signal = bench.step(after: .milliseconds(1500))
        #expect(signal.directives.first == .terminate(AttemptID(1)))
        bench.live(for: 9)
        let force = bench.hear(.renewed, after: .seconds(1))
        #expect(force.directives.contains(.kill(AttemptID(1))))
        let end = bench.step([.ended(.of(1, .failed(.trainerError)))])
        var expected = AttemptResult.of(1, .failed(.timeout))
        expected.message = "it ran longer than 1.5 seconds"
        #expect(end.records == [.ended(expected)])
    }

    @Test func `who is pruned may end by itself, and keeps its last metrics`() {
        var bench = joined()
        _ = bench.hear(.assign(.of(1)))
        _ = bench.step([.reported(.of(1, step: 1, loss: 7))])
        #expect(
            bench.hear(.stop(AttemptID(1), .pruned)).directives
                == [.interrupt(AttemptID(1), .pruned)])
        #expect(bench.hear(.stop(AttemptID(1), .pruned)) == WorkerStep())
        bench.live(for: 4)
        let signal = bench.hear(.renewed, after: .seconds(1))
        #expect(signal.directives.contains(.terminate(AttemptID(1))))
        bench.live(for: 9)
        let step = bench.hear(.renewed, after: .seconds(1))
        #expect(step.directives.contains(.kill(AttemptID(1))))
        let killed = AttemptResult(attempt: AttemptID(1), outcome: .failed(.trainerError))
        var expected = killed
        expected.outcome = .pruned
        expected.metrics = [Metric("loss", 7)]
        #expect(bench.step([.ended(killed)]).records == [.ended(expected)])
    }

    @Test func `a stop does not lengthen a time limit`() {
        var bench = joined()
        _ = bench.hear(.assign(.of(1, timeLimit: 3)))
        _ = bench.hear(.stop(AttemptID(1), .pruned), after: .seconds(1))
        bench.live(for: 1)
        let step = bench.hear(.renewed, after: .seconds(1))
        #expect(step.directives.contains(.terminate(AttemptID(1))))
    }

    @Test(arguments: [StopReason.cancelled, .fenced])
    func `what is no longer wanted ends without a result`(reason: StopReason) {
        var bench = joined()
        _ = bench.hear(.assign(.of(1)))
        _ = bench.hear(.assign(.of(2)))
        #expect(bench.hear(.stop(AttemptID(2), reason)).directives == [.discard(AttemptID(2))])
        #expect(
            bench.hear(.stop(AttemptID(1), reason)).directives == [.interrupt(AttemptID(1), reason)]
        )
        let step = bench.step([.ended(.of(1))])
        #expect(step.records.isEmpty && step.directives.first == .discard(AttemptID(1)))
        #expect(bench.worker.held.isEmpty)
    }

    @Test(arguments: [Outcome.succeeded, .failed(.cancelled), .failed(.trainerError)])
    func `what makes room goes back, however it ends`(outcome: Outcome) {
        var bench = joined()
        _ = bench.hear(.assign(.of(1)))
        _ = bench.hear(.assign(.of(2)))
        let reason = "it made room for a sweep of higher priority"
        let waiting = AttemptResult(
            attempt: AttemptID(2), outcome: .returned, message: reason)
        #expect(bench.hear(.stop(AttemptID(2), .preempted)).records == [.ended(waiting)])
        #expect(
            bench.hear(.stop(AttemptID(1), .preempted)).directives
                == [.interrupt(AttemptID(1), .preempted)])
        let running = AttemptResult(
            attempt: AttemptID(1), outcome: .returned, seconds: 5, message: reason)
        #expect(bench.step([.ended(.of(1, outcome))]).records == [.ended(running)])
    }

    @Test func `a result outlives an order to stop unless it is fenced`() {
        var bench = joined()
        _ = bench.hear(.assign(.of(1)))
        _ = bench.step([.ended(.of(1))])
        #expect(bench.hear(.stop(AttemptID(1), .cancelled)) == WorkerStep())
        #expect(bench.hear(.stop(AttemptID(1), .pruned)) == WorkerStep())
        #expect(
            bench.hear(.stop(AttemptID(1), .fenced))
                == WorkerStep([.settled(AttemptID(1))], [.discard(AttemptID(1))]))
    }

    @Test(arguments: [(0.001, 100), (0.01, 10), (0.05, 2), (0.5, 1), (2, 0)] as [(Double, UInt32)])
    func `short trials are held ahead, long ones are not`(seconds: Double, prefetch: UInt32) {
        var bench = joined(cpus: 1)
        for number in UInt32(1)...60 {
            _ = bench.hear(.assign(.of(number)))
            _ = bench.step([.ended(.of(number, seconds: seconds))])
            _ = bench.hear(.acknowledge(AttemptID(number), .committed))
        }
        let sent = bench.step(after: .seconds(2)).sent
        #expect(sent == [.renew(Renewal(prefetch: prefetch, held: []))])
    }

    @Test func `there is an end to what a worker holds`() {
        var bench = joined()
        _ = bench.step(
            (1...UInt32(Limits.leasesPerWorker) + 5).map { .received(.assign(.of($0))) })
        #expect(bench.worker.held.count == Limits.leasesPerWorker)
    }
}
