package import Vocabulary
import SwiftProtobuf

/// Messages of the control socket in frames; `Schema/picoml.proto` describes the bytes.
package enum ControlCodec {
    /// Frames with the messages of a worker, in their order.
    ///
    /// Each holds at most `Limits.messagesPerFrame` messages and `Limits.controlFrameBytes` bytes;
    /// a long list of reports is divided. Only a single message that is larger by itself gives a
    /// frame above the limit, which the receiver drops.
    package static func encodeFrames(_ messages: some Sequence<WorkerMessage>) -> [[UInt8]] {
        var frames = FrameList(.worker)
        for message in messages { append(message, to: &frames) }
        return frames.finish()
    }

    /// Frames with the messages of the coordinator, in their order.
    ///
    /// Each holds at most `Limits.messagesPerFrame` messages and `Limits.controlFrameBytes` bytes.
    /// Only a single message that is larger by itself gives a frame above the limit, which the
    /// receiver drops.
    package static func encodeFrames(_ messages: some Sequence<CoordinatorMessage>) -> [[UInt8]] {
        var frames = FrameList(.coordinator)
        for message in messages { append(message, to: &frames) }
        return frames.finish()
    }

    /// The messages of a worker in one frame.
    ///
    /// A hello of a worker with which no protocol version is shared is returned alone, with its
    /// versions and as much of its facts as could be read, so that the worker can be told.
    ///
    /// - Throws: `WireError` when `frame` is not such a frame, exceeds a limit, or holds a message
    ///   that is malformed, or unknown and not marked as optional.
    package static func decodeWorker(
        _ frame: Span<UInt8>
    ) throws(WireError) -> [WorkerMessage] {
        var reader = try open(frame, .worker)
        var messages: [WorkerMessage] = []
        while let entry = try reader.next(frame) {
            guard let message = try worker(entry, frame, reader.version) else { continue }
            if case .hello(let hello) = message,
                ProtocolVersion.negotiate(
                    minimum: hello.minimumVersion, maximum: hello.maximumVersion) == nil
            {
                return [message]
            }
            messages.append(message)
        }
        return messages
    }

    /// The messages of the coordinator in one frame.
    ///
    /// - Throws: `WireError` when `frame` is not such a frame, exceeds a limit, or holds a message
    ///   that is malformed, or unknown and not marked as optional.
    package static func decodeCoordinator(
        _ frame: Span<UInt8>
    ) throws(WireError) -> [CoordinatorMessage] {
        var reader = try open(frame, .coordinator)
        var messages: [CoordinatorMessage] = []
        while let entry = try reader.next(frame) {
            guard let message = try coordinator(entry, frame, reader.version) else { continue }
            messages.append(message)
        }
        return messages
    }

    private static func open(
        _ frame: Span<UInt8>, _ content: FrameContent
    ) throws(WireError) -> FrameReader {
        guard frame.count <= Limits.controlFrameBytes else {
            throw .tooLarge(count: frame.count, limit: Limits.controlFrameBytes)
        }
        let reader = try FrameReader(frame, content: content, limit: Limits.messagesPerFrame)
        try reader.requireNoPayload(frame)
        return reader
    }
}

extension ControlCodec {
    private static func append(_ message: WorkerMessage, to frames: inout FrameList) {
        switch message {
        case .hello(let hello):
            frames.append(SchemaWorkerMessageKind.hello, SchemaHello(hello).body)
        case .renew(let renewal):
            frames.append(SchemaWorkerMessageKind.renew, SchemaRenewal(renewal).body)
        case .report(let reports): append(reports[...], to: &frames)
        case .checkpoint(let attempt, let checkpoint):
            frames.append(
                SchemaWorkerMessageKind.checkpoint,
                SchemaAttemptCheckpoint(attempt, checkpoint).body)
        case .log(let part):
            frames.append(SchemaWorkerMessageKind.log, SchemaLogPart(part).body)
        case .result(let result):
            frames.append(SchemaWorkerMessageKind.result, SchemaAttemptResult(result).body)
        case .draining(let reason):
            var body = SchemaDraining()
            body.reason = reason
            frames.append(SchemaWorkerMessageKind.draining, body.body)
        case .goodbye: frames.append(SchemaWorkerMessageKind.goodbye, [])
        case .enrol(let enrolment):
            frames.append(SchemaWorkerMessageKind.enrol, SchemaEnrolment(enrolment).body)
        case .rotate(let key):
            frames.append(SchemaWorkerMessageKind.rotate, SchemaRotation(key: key).body)
        }
    }

    /// Halves the list until each part fits a frame.
    private static func append(_ reports: ArraySlice<MetricReport>, to frames: inout FrameList) {
        var message = SchemaReports()
        message.reports = reports.map { SchemaMetricReport($0) }
        let body = message.body
        guard body.count > FrameList.largestBody, reports.count > 1 else {
            frames.append(SchemaWorkerMessageKind.report, body)
            return
        }
        append(reports.prefix(reports.count / 2), to: &frames)
        append(reports.dropFirst(reports.count / 2), to: &frames)
    }

    private static func append(_ message: CoordinatorMessage, to frames: inout FrameList) {
        typealias Kind = SchemaCoordinatorMessageKind
        switch message {
        case .welcome(let welcome): frames.append(Kind.welcome, SchemaWelcome(welcome).body)
        case .reject(let reason):
            var body = SchemaReject()
            body.reason = reason
            frames.append(Kind.reject, body.body)
        case .assign(let lease): frames.append(Kind.assign, SchemaLease(lease).body)
        case .stop(let attempt, let reason):
            frames.append(Kind.stop, SchemaStop(attempt, reason).body)
        case .acknowledge(let attempt, let verdict):
            frames.append(Kind.acknowledge, SchemaAcknowledgement(attempt, verdict).body)
        case .artifactsMissing(let attempt):
            frames.append(Kind.artifactsMissing, SchemaAttemptName(attempt).body)
        case .readLog(let request):
            frames.append(Kind.readLog, SchemaLogRequest(request).body)
        case .renewed: frames.append(Kind.renewed, [])
        case .drain: frames.append(Kind.drain, [])
        case .resync: frames.append(Kind.resync, [])
        case .enrolled(let worker, let isPending):
            frames.append(
                Kind.enrolled, SchemaEnrolled(worker, isPending: isPending).body)
        case .rotated: frames.append(Kind.rotated, [])
        }
    }

    private static func worker(
        _ entry: FrameEntry, _ frame: Span<UInt8>, _ version: UInt32
    ) throws(WireError) -> WorkerMessage? {
        switch SchemaWorkerMessageKind(rawValue: Int(entry.kind)) {
        case .hello: return .hello(try entry.decode(SchemaHello.self, frame).decoded(.peer))
        case .renew: return .renew(try entry.decode(SchemaRenewal.self, frame).decoded(.peer))
        case .report:
            let message = try entry.decode(SchemaReports.self, frame)
            return .report(
                try Structure.list(message.reports) { report throws(WireError) in
                    try report.decoded(.peer)
                })
        case .checkpoint:
            let (attempt, checkpoint) = try entry.decode(SchemaAttemptCheckpoint.self, frame)
                .decoded(.peer)
            return .checkpoint(attempt, checkpoint)
        case .log: return .log(try entry.decode(SchemaLogPart.self, frame).decoded(.peer))
        case .result:
            return .result(try entry.decode(SchemaAttemptResult.self, frame).decoded(.peer))
        case .draining:
            let reason = try entry.decode(SchemaDraining.self, frame).reason
            return .draining(reason: try Scrutiny.peer.text(reason, "draining.reason"))
        case .goodbye: return .goodbye
        case .enrol:
            return .enrol(try entry.decode(SchemaEnrolment.self, frame).decoded(.peer))
        case .rotate:
            return .rotate(key: try entry.decode(SchemaRotation.self, frame).decoded(.peer))
        case .unspecified, .UNRECOGNIZED, nil:
            try entry.skipIfOptional(version: version)
            return nil
        }
    }

    private static func coordinator(
        _ entry: FrameEntry, _ frame: Span<UInt8>, _ version: UInt32
    ) throws(WireError) -> CoordinatorMessage? {
        switch SchemaCoordinatorMessageKind(rawValue: Int(entry.kind)) {
        case .welcome:
            return .welcome(try entry.decode(SchemaWelcome.self, frame).decoded(.peer))
        case .reject:
            let reason = try entry.decode(SchemaReject.self, frame).reason
            return .reject(reason: try Scrutiny.peer.text(reason, "reject.reason"))
        case .assign: return .assign(try entry.decode(SchemaLease.self, frame).decoded(.peer))
        case .stop:
            let stop = try entry.decode(SchemaStop.self, frame)
            return .stop(
                try Structure.attempt(stop.sweep, stop.trial, stop.attempt, "stop.attempt"),
                try Structure.present(StopReason(stop.reason), "stop.reason"))
        case .acknowledge:
            let end = try entry.decode(SchemaAcknowledgement.self, frame)
            return .acknowledge(
                try Structure.attempt(end.sweep, end.trial, end.attempt, "acknowledge.attempt"),
                try Structure.present(Verdict(end.verdict), "acknowledge.verdict"))
        case .artifactsMissing:
            let attempt = try entry.decode(SchemaAttemptName.self, frame)
            return .artifactsMissing(try attempt.decoded("artifacts_missing.attempt"))
        case .readLog:
            return .readLog(try entry.decode(SchemaLogRequest.self, frame).decoded())
        case .renewed: return .renewed
        case .drain: return .drain
        case .resync: return .resync
        case .enrolled: return try entry.decode(SchemaEnrolled.self, frame).decoded()
        case .rotated: return .rotated
        case .unspecified, .UNRECOGNIZED, nil:
            try entry.skipIfOptional(version: version)
            return nil
        }
    }
}

extension SchemaStop {
    init(_ attempt: AttemptID, _ reason: StopReason) {
        sweep = attempt.trial.sweep.number
        trial = attempt.trial.number
        self.attempt = attempt.number
        self.reason = reason.schema
    }
}

extension SchemaAcknowledgement {
    init(_ attempt: AttemptID, _ verdict: Verdict) {
        sweep = attempt.trial.sweep.number
        trial = attempt.trial.number
        self.attempt = attempt.number
        self.verdict = verdict.schema
    }
}
