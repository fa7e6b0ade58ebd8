import Testing
import Vocabulary
import Wire

struct FrameSplittingTests {
    private let attempt = AttemptID(trial: TrialID(sweep: SweepID(1), number: 2), number: 3)

    @Test func `no message gives no frame`() {
        #expect(ControlCodec.encodeFrames([WorkerMessage]()).isEmpty)
    }

    @Test func `a frame holds no more messages than its limit`() throws {
        let messages = Array(
            repeating: WorkerMessage.goodbye, count: 2 * Limits.messagesPerFrame + 1)
        let frames = ControlCodec.encodeFrames(messages)
        let counts = try frames.map { try ControlCodec.decodeWorker($0.span).count }
        #expect(counts == [Limits.messagesPerFrame, Limits.messagesPerFrame, 1])
    }

    @Test func `a frame holds no more bytes than its limit`() throws {
        let text = String(repeating: "x", count: Limits.messageBytes)
        let messages = (1...100).map {
            CoordinatorMessage.reject(reason: "\($0) \(text.dropLast(9))")
        }
        let frames = ControlCodec.encodeFrames(messages)
        #expect(frames.count > 1)
        #expect(frames.allSatisfy { $0.count <= Limits.controlFrameBytes })
        #expect(try frames.flatMap { try ControlCodec.decodeCoordinator($0.span) } == messages)
    }

    @Test func `a long list of reports is divided and keeps its order`() throws {
        let reports = (1...20_000).map {
            MetricReport(
                attempt: attempt, step: UInt64($0), metrics: [Metric("rmse", 1 / Double($0))])
        }
        let frames = ControlCodec.encodeFrames([WorkerMessage.report(reports)])
        #expect(frames.count > 1)
        #expect(frames.allSatisfy { $0.count <= Limits.controlFrameBytes })
        var received: [MetricReport] = []
        for frame in frames {
            for case .report(let part) in try ControlCodec.decodeWorker(frame.span) {
                received += part
            }
        }
        #expect(received == reports)
    }
}
