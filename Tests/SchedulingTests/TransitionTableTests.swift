import Scheduling
import Testing
import Vocabulary

/// Every state of a trial against every message about its first attempt.
@Suite struct TransitionTableTests {
    enum Start: CaseIterable {
        case waiting, running, runningAnother, succeeded, pruned, failed, lost, cancelled
    }

    enum Message: CaseIterable {
        case report, success, failure, returned, renewal
    }

    /// Worker 1 stands in for everyone; its capacity goes when the trial is to wait.
    private func bench(_ start: Start) -> Bench {
        var bench = Bench()
        bench.join(1)
        let retries = RetryPolicy(lostAttempts: start == .lost ? 1 : 5)
        _ = bench.submit(.plain(trials: 1, target: -1, retries: retries))
        // Keeps the sweep open when its first trial has ended.
        _ = bench.submit(.plain(trials: 1))
        switch start {
        case .running: break
        case .waiting:
            _ = bench.say(.draining(reason: ""), as: 1)
            _ = bench.result(AttemptID(1, 1), .returned, loss: nil)
        case .runningAnother: _ = bench.hello(1)
        case .succeeded: _ = bench.result(AttemptID(1, 1), loss: 1)
        case .pruned: _ = bench.result(AttemptID(1, 1), .pruned, loss: 1)
        case .failed: _ = bench.result(AttemptID(1, 1), .failed(.trainerError), loss: nil)
        case .lost: _ = bench.hello(1)
        case .cancelled: _ = bench.ask(.cancel(SweepID(1)))
        }
        return bench
    }

    private func message(_ message: Message) -> WorkerMessage {
        let attempt = AttemptID(1, 1)
        return switch message {
        case .report:
            .report([MetricReport(attempt: attempt, step: 1, metrics: [Metric("loss", 1)])])
        case .success: .result(.of(attempt, loss: 1))
        case .failure: .result(.of(attempt, .failed(.trainerError), loss: nil))
        case .returned: .result(.of(attempt, .returned, loss: nil))
        case .renewal: .renew(Renewal(prefetch: 0, held: [attempt]))
        }
    }

    /// What is recorded of the attempt, and what the worker hears about it.
    private func expected(_ start: Start, _ message: Message) -> (Int, [CoordinatorMessage]) {
        let attempt = AttemptID(1, 1)
        return switch (start, message) {
        case (.running, .report): (1, [])
        case (.running, .renewal): (0, [.renewed])
        case (.running, _): (1, [.acknowledge(attempt, .committed)])
        case (_, .report): (0, [])
        case (_, .renewal): (0, [.stop(attempt, .fenced), .renewed])
        default: (0, [.acknowledge(attempt, .superseded)])
        }
    }

    @Test(arguments: Start.allCases, Message.allCases)
    func `only the attempt that runs is heard`(start: Start, message: Message) {
        var bench = bench(start)
        let before = bench.coordinator.durable[TrialID(1, 1)]?.state
        let step = bench.say(self.message(message), as: 1)
        let (records, messages) = expected(start, message)
        let about = step.records.filter {
            switch $0 {
            case .reported(let report): report.attempt == AttemptID(1, 1)
            case .attemptEnded(let result, _, _): result.attempt == AttemptID(1, 1)
            default: false
            }
        }
        #expect(about.count == records)
        #expect(
            step.messages.filter { if case .assign = $0 { false } else { true } } == messages)
        if records == 0 { #expect(bench.coordinator.durable[TrialID(1, 1)]?.state == before) }
    }
}
