import Scheduling
import Testing
import Vocabulary
import Wire

struct RoundTripTests {
    @Test func `every message of a worker comes back as it was sent`() throws {
        var samples = Samples(seed: 1)
        for _ in 0..<500 {
            let messages = samples.workerMessages()
            let frames = ControlCodec.encodeFrames(messages)
            #expect(frames.count == 1)
            #expect(try frames.flatMap { try ControlCodec.decodeWorker($0.span) } == messages)
        }
    }

    @Test func `every message of the coordinator comes back as it was sent`() throws {
        var samples = Samples(seed: 2)
        for _ in 0..<500 {
            let messages = samples.coordinatorMessages()
            let frames = ControlCodec.encodeFrames(messages)
            #expect(frames.count == 1)
            #expect(
                try frames.flatMap { try ControlCodec.decodeCoordinator($0.span) } == messages)
        }
    }

    @Test func `every artifact request and reply comes back as it was sent`() throws {
        var samples = Samples(seed: 3)
        for _ in 0..<500 {
            for request in samples.artifactRequests() {
                let frame = ArtifactCodec.encode(request)
                #expect(try ArtifactCodec.decodeRequest(frame.span) == request)
            }
            for reply in samples.artifactReplies() {
                let frame = ArtifactCodec.encode(reply)
                #expect(try ArtifactCodec.decodeReply(frame.span) == reply)
            }
        }
    }

    @Test func `every record comes back as it was written`() throws {
        var samples = Samples(seed: 4)
        for _ in 0..<500 {
            let records = samples.records()
            #expect(try RecordCodec.decode(RecordCodec.encode(records)) == records)
        }
        #expect(try RecordCodec.decode(RecordCodec.encode([])) == [])
    }

    @Test func `a record that breaks a limit of messages is still read`() throws {
        let longReason = String(repeating: "x", count: Limits.messageBytes + 1)
        let metric = Metric(String(repeating: "m", count: Limits.nameBytes + 1), 3)
        var samples = Samples(seed: 5)
        let result = AttemptResult(
            attempt: samples.attemptID(), outcome: .succeeded,
            metrics: Array(repeating: metric, count: Limits.metricsPerReport + 1),
            seconds: .infinity, message: longReason)
        let records: [Record] = [
            .attemptEnded(result, next: .succeeded, objective: .infinity),
            .sweepEntered(SweepID(1), .failed, reason: longReason),
        ]
        #expect(try RecordCodec.decode(RecordCodec.encode(records)) == records)
    }

    @Test func `equal values have equal bytes and different values different ones`() {
        var samples = Samples(seed: 6)
        for _ in 0..<200 {
            let record = samples.records()
            let other = samples.records()
            #expect(RecordCodec.encode(record) == RecordCodec.encode(record))
            #expect(RecordCodec.encode(record) != RecordCodec.encode(other))
        }
    }

    @Test func `a metric that is not a number survives in a report and in a failure`() throws {
        let attempt = AttemptID(trial: TrialID(sweep: SweepID(1), number: 2), number: 3)
        let metrics = [Metric("loss", .nan), Metric("gain", -.infinity)]
        let failure = AttemptResult(
            attempt: attempt, outcome: .failed(.nonFiniteMetric), metrics: metrics)
        let sent: [WorkerMessage] = [
            .report([MetricReport(attempt: attempt, step: 1, metrics: metrics)]),
            .result(failure),
        ]
        let frame = try #require(ControlCodec.encodeFrames(sent).first)
        let received = try ControlCodec.decodeWorker(frame.span)
        guard case .report(let reports) = received.first, case .result(let end) = received.last
        else {
            Issue.record("two messages were sent")
            return
        }
        for metrics in [reports.first?.metrics ?? [], end.metrics] {
            #expect(metrics.map(\.name) == ["loss", "gain"])
            #expect(metrics.first?.value.isNaN == true)
            #expect(metrics.last?.value == -.infinity)
        }
    }
}
