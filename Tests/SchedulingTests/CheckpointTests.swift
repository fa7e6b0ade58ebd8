import Scheduling
import Testing
import Vocabulary

@Suite struct CheckpointTests {
    private let first = AttemptID(1, 1)
    private let retried = AttemptID(1, 1, 2)

    private func running() -> Bench {
        var bench = Bench()
        bench.join(1)
        bench.join(2)
        _ = bench.submit(.plain(trials: 1))
        return bench
    }

    private func digest(_ number: UInt64) -> Digest {
        let text = String(repeating: "0", count: 62) + String(10 + number)
        guard let digest = Digest(text: text) else { preconditionFailure("64 digits") }
        return digest
    }

    private func checkpoint(_ step: UInt64) -> Checkpoint {
        Checkpoint(step: step, digest: digest(step), byteCount: 10)
    }

    private func report(_ attempt: AttemptID, _ step: UInt64) -> WorkerMessage {
        .report([MetricReport(attempt: attempt, step: step, metrics: [Metric("loss", 1)])])
    }

    @Test func `the next attempt goes on from the last checkpoint`() {
        var bench = running()
        let step = bench.say(.checkpoint(first, checkpoint(3)), as: 1)
        #expect(step.records == [.checkpointed(first, checkpoint(3))])
        _ = bench.say(.checkpoint(first, checkpoint(5)), as: 1)
        let next = bench.say(.goodbye, as: 1)
        #expect(next.leases.map(\.attempt) == [retried])
        #expect(next.leases.first?.checkpoint == checkpoint(5))
        #expect(next.leases.first?.inputs.contains(digest(5)) == true)
    }

    @Test func `a resumed attempt adds only steps that are new`() {
        var bench = running()
        for number in 1...4 as ClosedRange<UInt64> { _ = bench.say(report(first, number), as: 1) }
        _ = bench.say(.checkpoint(first, checkpoint(3)), as: 1)
        _ = bench.say(.goodbye, as: 1)
        #expect(bench.say(report(retried, 3), as: 2).records.isEmpty)
        #expect(bench.say(report(retried, 4), as: 2).records.count == 1)
    }

    @Test func `a restarted coordinator knows where to go on`() {
        var bench = running()
        _ = bench.say(.checkpoint(first, checkpoint(3)), as: 1)
        _ = bench.restart()
        _ = bench.hello(2)
        _ = bench.hello(1, held: [])
        #expect(bench.kept(1)?.latest == checkpoint(3))
        #expect(bench.coordinator.durable[first.trial]?.attempt == 2)
    }

    @Test func `an older checkpoint or one of a stale attempt changes nothing`() {
        var bench = running()
        _ = bench.say(.checkpoint(first, checkpoint(5)), as: 1)
        #expect(bench.say(.checkpoint(first, checkpoint(5)), as: 1).records.isEmpty)
        _ = bench.say(.goodbye, as: 1)
        _ = bench.hello(1, held: [])
        let late = bench.say(.checkpoint(first, checkpoint(9)), as: 1)
        #expect(late.records.isEmpty)
        #expect(late.notes.count == 1)
        #expect(bench.kept(1)?.latest == checkpoint(5))
    }
}

@Suite struct KeptCheckpointTests {
    private let first = AttemptID(1, 1)

    private func checkpoint(_ step: UInt8, _ loss: Double) throws -> Checkpoint {
        Checkpoint(step: UInt64(step), digest: try digest(step), byteCount: 10, objective: loss)
    }

    /// A trial that wrote checkpoints at steps 1, 2 … with these losses before.
    private func ran(_ losses: [Double], kept: KeptCheckpoint) throws -> Bench {
        var bench = Bench()
        bench.join(1)
        var spec = SweepSpec.plain(trials: 2)
        spec.keptCheckpoint = kept
        _ = bench.submit(spec)
        for (index, loss) in losses.enumerated() {
            _ = bench.say(.checkpoint(first, try checkpoint(UInt8(index + 1), loss)), as: 1)
        }
        return bench
    }

    private func released(_ records: [Record]) -> [UInt64] {
        records.compactMap { record in
            if case .checkpointReleased(_, let step) = record { step } else { nil }
        }
    }

    @Test func `while a trial runs the latest and the best are kept`() throws {
        let bench = try ran([5, 3, 4, 4.5], kept: .none)
        #expect(released(bench.journal) == [1, 3])
        #expect(bench.kept(1)?.best?.step == 2)
        #expect(bench.kept(1)?.latest?.step == 4)
    }

    @Test(
        arguments: [
            (KeptCheckpoint.best, [4]), (.latest, [2]), (.both, []), (.none, [2, 4]),
        ] as [(KeptCheckpoint, [UInt64])])
    func `afterwards those are kept that the sweep asks for`(
        kept: KeptCheckpoint, expected: [UInt64]
    ) throws {
        var bench = try ran([5, 3, 4, 4.5], kept: kept)
        #expect(released(bench.result(first).records) == expected)
    }

    @Test func `those of a trial that its sweep's end cuts off are given up as well`() throws {
        var bench = try ran([5], kept: .none)
        let step = bench.step([.command(.cancel(SweepID(1)), RequestID(900))])
        #expect(released(step.records) == [1])
    }
}

@Suite struct HopelessSweepTests {
    private func running(_ trials: UInt32 = 8) -> Bench {
        var bench = Bench()
        bench.join(1)
        _ = bench.submit(.plain(trials: trials))
        return bench
    }

    private func fail(
        _ bench: inout Bench, _ number: UInt32, _ failure: FailureClass, _ message: String
    ) -> Step {
        let attempt = AttemptID(1, number)
        return bench.say(
            .result(
                AttemptResult(attempt: attempt, outcome: .failed(failure), message: message)),
            as: 1)
    }

    @Test func `code that cannot be loaded ends the sweep at its first trial`() {
        var bench = running()
        let step = fail(&bench, 1, .badCode, "Traceback\n  File\nNo module named 'x'\n")
        #expect(step.phases == [.failed])
        #expect(
            step.records.contains(
                .sweepEntered(
                    SweepID(1), .failed,
                    reason: "every trial so far failed alike: No module named 'x'")))
        #expect(step.leases.isEmpty)
    }

    @Test func `five first trials with the same error end the sweep`() {
        var bench = running()
        for number in 1...4 as ClosedRange<UInt32> {
            #expect(fail(&bench, number, .trainerError, "no such file").phases.isEmpty)
        }
        #expect(fail(&bench, 5, .trainerError, "no such file").phases == [.failed])
    }

    @Test(arguments: [FailureClass.trainerError, .metricMissing])
    func `errors that differ in their numbers alone are the same`(failure: FailureClass) {
        var bench = running()
        for number in 1...5 as ClosedRange<UInt32> {
            let message = "Traceback …\nValueError: x = \(Double(number) / 1e7) is no choice\n"
            #expect(fail(&bench, number, failure, message).phases == (number < 5 ? [] : [.failed]))
        }
    }

    @Test func `other errors, other classes or one success let it go on`() {
        var bench = running()
        for number in 1...6 as ClosedRange<UInt32> {
            let message = "no \(["a", "b", "c", "d", "f", "g"][Int(number) - 1])"
            #expect(fail(&bench, number, .trainerError, message).phases.isEmpty)
        }
        bench = running()
        for number in 1...6 as ClosedRange<UInt32> {
            #expect(fail(&bench, number, .outOfMemory, "too large").phases.isEmpty)
        }
        bench = running()
        _ = bench.result(AttemptID(1, 1), loss: 1)
        for number in 2...7 as ClosedRange<UInt32> {
            #expect(fail(&bench, number, .trainerError, "no such file").phases.isEmpty)
        }
    }
}
