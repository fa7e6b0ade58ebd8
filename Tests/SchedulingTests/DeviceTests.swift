import Scheduling
import Testing
import Vocabulary

/// Trials that need GPUs.
@Suite struct DeviceTests {
    private func spec(_ gpus: Double, trials: UInt32) throws -> SweepSpec {
        var spec = SweepSpec.plain(trials: trials)
        spec.experiments[0].resources.gpus = try #require(DeviceAmount(count: gpus))
        return spec
    }

    private func explain(_ bench: inout Bench, _ trial: TrialID) -> [String] {
        guard case .explanation(let sentences)? = bench.ask(.explain(trial)) else {
            return ["no explanation"]
        }
        return sentences
    }

    @Test func `whole GPUs go to one trial each, and are named in its lease`() throws {
        var bench = Bench()
        _ = bench.submit(try spec(2, trials: 3))
        bench.authorize(1)
        let step = bench.hello(1, cpus: 16, prefetch: 8, gpus: 5)
        #expect(step.placed == ["1.1#1 on 1", "1.2#1 on 1"])
        #expect(step.leases.map(\.devices) == [[0, 1], [2, 3]])
        #expect(
            step.records.suffix(2) == [
                .attemptStarted(AttemptID(1, 1), WorkerID(1), devices: [0, 1]),
                .attemptStarted(AttemptID(1, 2), WorkerID(1), devices: [2, 3]),
            ])
        #expect(bench.result(AttemptID(1, 1)).leases.map(\.devices) == [[0, 1]])
    }

    @Test func `halves share one GPU`() throws {
        var bench = Bench()
        _ = bench.submit(try spec(0.5, trials: 5))
        bench.authorize(1)
        let step = bench.hello(1, cpus: 16, gpus: 2)
        #expect(step.leases.map(\.devices) == [[0], [0], [1], [1]])
        #expect(bench.result(AttemptID(1, 3)).leases.map(\.devices) == [[1]])
    }

    @Test func `trials without GPUs run beside them, where there are CPUs`() throws {
        var bench = Bench()
        _ = bench.submit(try spec(1, trials: 2))
        _ = bench.submit(.plain(trials: 2))
        bench.authorize(1)
        #expect(
            bench.hello(1, cpus: 8, gpus: 1).placed
                == ["1.1#1 on 1", "2.1#1 on 1", "2.2#1 on 1"])
    }

    @Test func `a restart remembers which GPUs are in use`() throws {
        var bench = Bench()
        bench.authorize(1)
        _ = bench.hello(1, cpus: 8, gpus: 2)
        _ = bench.submit(try spec(1, trials: 1))
        _ = bench.restart()
        _ = bench.hello(1, cpus: 8, held: [AttemptID(1, 1)], gpus: 2)
        #expect(
            explain(&bench, TrialID(1, 1)) == [
                "It runs as attempt 1 on worker 1 (host-1), with GPU 0."
            ])
        _ = bench.submit(try spec(1, trials: 2))
        #expect(bench.coordinator.durable[TrialID(2, 1)]?.devices == [1])
        #expect(bench.coordinator.durable[TrialID(2, 2)]?.state == .waiting)
    }

    @Test func `GPUs that a worker lost with its restart are free again`() throws {
        var bench = Bench()
        bench.authorize(1)
        _ = bench.hello(1, cpus: 8, gpus: 1)
        _ = bench.submit(try spec(1, trials: 1))
        #expect(
            bench.hello(1, cpus: 8, gpus: 1, on: PeerID(7)).leases.map(\.devices) == [[0]])
    }

    @Test func `a worker that comes back with other GPUs is taken at its word`() throws {
        var bench = Bench()
        bench.authorize(1)
        _ = bench.hello(1, cpus: 8, gpus: 2)
        _ = bench.submit(try spec(1, trials: 5))
        let held = [AttemptID(1, 1), AttemptID(1, 2)]
        let more = bench.hello(1, cpus: 8, held: held, gpus: 4)
        #expect(more.leases.map(\.devices) == [[2], [3]])
        // With fewer, what is held goes on, and nothing comes until there is room.
        let all = held + [AttemptID(1, 3), AttemptID(1, 4)]
        #expect(bench.hello(1, cpus: 8, held: all, gpus: 1).leases.isEmpty)
        #expect(bench.result(AttemptID(1, 4)).leases.isEmpty)
        #expect(bench.result(AttemptID(1, 1)).leases.map(\.devices) == [[0]])
    }

    @Test func `what is missing is said`() throws {
        var bench = Bench()
        _ = bench.submit(try spec(2, trials: 2))
        bench.join(1, cpus: 4)
        bench.authorize(2)
        _ = bench.hello(2, cpus: 4, gpus: 1)
        bench.authorize(3)
        _ = bench.hello(3, cpus: 4, gpus: 3)
        #expect(
            explain(&bench, TrialID(1, 2)) == [
                "Worker 1 (host-1) has no GPUs, and the trial needs 2.",
                "Worker 2 (host-2) has 1 GPU, and the trial needs 2.",
                "Worker 3 (host-3) has 1 of its 3 GPUs free, and the trial needs 2.",
            ])
    }
}
