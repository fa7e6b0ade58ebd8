import Testing
import Vocabulary
import Wire

/// Each message breaks one rule; beside it stands the field that the refusal must name.
struct ValidationTests {
    private static let attempt = AttemptID(
        trial: TrialID(sweep: SweepID(1), number: 2), number: 3)
    private static let zeroTrial = AttemptID(
        trial: TrialID(sweep: SweepID(1), number: 0), number: 3)
    private static let longName = String(repeating: "n", count: Limits.nameBytes + 1)
    private static let longText = String(repeating: "t", count: Limits.messageBytes + 1)

    private func field(_ reading: Reading) -> String {
        guard case .refused(.invalid(let field, _)) = reading else { return "\(reading)" }
        return field
    }

    private func field(_ message: WorkerMessage) -> String {
        field(Decoder.worker.read(ControlCodec.encodeFrames([message]).first ?? []))
    }

    private func field(_ message: CoordinatorMessage) -> String {
        field(Decoder.coordinator.read(ControlCodec.encodeFrames([message]).first ?? []))
    }

    private func result(_ change: (inout AttemptResult) -> Void) -> String {
        var ended = AttemptResult(attempt: Self.attempt, outcome: .succeeded)
        change(&ended)
        return field(.result(ended))
    }

    private func lease(_ change: (inout Lease) -> Void) -> String {
        var work = Lease(
            attempt: Self.attempt, task: .search, experiment: "Exp1", trainer: .noop,
            parameters: [], seed: 1, cpus: 1, timeLimit: nil,
            objective: Objective(metric: "rmse", goal: .minimize), data: nil)
        change(&work)
        return field(.assign(work))
    }

    @Test func `a result and a lease that break no rule are accepted`() {
        #expect(result { _ in } == "accepted")
        #expect(lease { _ in } == "accepted")
    }

    @Test func `a bad result is refused by field`() {
        let metric = Metric("rmse", 1)
        let file = Artifact(name: "f", digest: .zero, byteCount: 1)
        #expect(result { $0.attempt = Self.zeroTrial } == "result.attempt")
        #expect(result { $0.metrics = [Metric("rmse", .nan)] } == "result.metrics")
        #expect(
            result { $0.metrics = Array(repeating: metric, count: Limits.metricsPerReport + 1) }
                == "metrics")
        #expect(result { $0.metrics = [Metric(Self.longName, 1)] } == "metric.name")
        #expect(
            result {
                $0.artifacts = Array(repeating: file, count: Limits.artifactsPerAttempt + 1)
            } == "artifacts")
        #expect(
            result { $0.artifacts = [Artifact(name: "", digest: .zero, byteCount: 1)] }
                == "artifact.name")
        #expect(
            result {
                $0.artifacts = [
                    Artifact(name: "f", digest: .zero, byteCount: Limits.artifactBytes + 1)
                ]
            } == "artifact.byte_count")
        #expect(result { $0.seconds = -1 } == "result.seconds")
        #expect(result { $0.seconds = .infinity } == "result.seconds")
        #expect(result { $0.message = Self.longText } == "result.message")
    }

    @Test func `a bad lease is refused by field`() {
        let deep = Array(
            repeating: Assignment("p", .integer(1)), count: Limits.parametersPerSpace + 1)
        #expect(lease { $0.attempt = Self.zeroTrial } == "lease.attempt")
        #expect(lease { $0.experiment = Self.longName } == "lease.experiment")
        #expect(lease { $0.parameters = deep } == "parameters")
        #expect(lease { $0.parameters = [Assignment("p", .float(.nan))] } == "value.float")
        #expect(lease { $0.parameters = [Assignment(Self.longName, .integer(1))] } == "value.name")
        #expect(
            lease { $0.parameters = [Assignment("p", .string(Self.longText))] } == "value.text")
        #expect(lease { $0.cpus = 0 } == "lease.cpus")
        #expect(lease { $0.timeLimit = 0 } == "lease.time_limit")
        #expect(lease { $0.timeLimit = .nan } == "lease.time_limit")
        #expect(lease { $0.objective.target = .infinity } == "objective.target")
        #expect(
            lease { $0.task = .confirm(finalist: Self.zeroTrial.trial) } == "finalist")
        #expect(lease { $0.task = .score(model: "m", version: 0) } == "scored.version")
    }

    @Test func `bad signs of life are refused by field`() {
        let later = AttemptID(trial: TrialID(sweep: SweepID(2), number: 1), number: 1)
        #expect(field(.renew(Renewal(prefetch: 0, held: [Self.attempt, later]))) == "accepted")
        #expect(
            field(.renew(Renewal(prefetch: 0, held: [later, Self.attempt]))) == "renewal.held")
        #expect(field(.renew(Renewal(prefetch: .max, held: []))) == "prefetch")
        let held = (1...UInt32(Limits.leasesPerWorker + 1)).map {
            AttemptID(trial: TrialID(sweep: SweepID(1), number: $0), number: 1)
        }
        #expect(field(.renew(Renewal(prefetch: 0, held: held))) == "held")
        let point = MetricReport(attempt: Self.attempt, step: 0, metrics: [])
        #expect(field(.report([point])) == "report.step")
    }

    @Test func `a bad hello is refused by field`() {
        func hello(_ change: (inout WorkerFacts) -> Void) -> String {
            var facts = WorkerFacts(
                host: "oven", process: 7, cpus: 4, memoryBytes: 1, software: "1.0.0")
            change(&facts)
            return field(.hello(Hello(facts: facts, prefetch: 0, held: [])))
        }
        #expect(hello { _ in } == "accepted")
        #expect(hello { $0.cpus = 0 } == "facts.cpus")
        #expect(hello { $0.cpus = Limits.cpusPerWorker + 1 } == "facts.cpus")
        #expect(hello { $0.host = Self.longName } == "facts.host")
        #expect(hello { $0.software = Self.longName } == "facts.software")
        #expect(hello { $0.architecture = Self.longName } == "facts.architecture")
        #expect(hello { $0.distribution = Self.longName } == "facts.distribution")
        #expect(hello { $0.labels["zone"] = "a b" } == "facts.labels")
        #expect(hello { $0.labels[""] = "b" } == "facts.labels")
        #expect(hello { $0.timeLeft = .seconds(400_000_000) } == "facts.milliseconds_left")
        let device = Device(maker: .amd, identifier: "0", name: "n", memoryBytes: 1)
        #expect(hello { $0.devices = [device] } == "accepted")
        #expect(
            hello {
                $0.devices = [device]
                $0.devices[0].identifier = "0,1"
            } == "device.identifier")
        #expect(
            hello {
                $0.devices = Array(repeating: device, count: Limits.devicesPerWorker + 1)
            } == "facts.devices")
        #expect(
            hello { facts in
                for number in 0...Limits.labels { facts.labels["l\(number)"] = "v" }
            } == "facts.labels")
    }

    @Test func `bad messages of the coordinator are refused by field`() {
        let welcome = Welcome(
            version: ProtocolVersion.current + 1, worker: WorkerID(1), renewMilliseconds: 1,
            leaseMilliseconds: 1)
        let frame = ControlCodec.encodeFrames([CoordinatorMessage.welcome(welcome)])[0]
        let foreign = WireError.foreignProtocol(version: ProtocolVersion.current + 1)
        #expect(Decoder.coordinator.read(frame) == .refused(foreign))
        #expect("\(foreign)".contains("upgrade picoml on the side with the lower one"))
        #expect(field(.reject(reason: Self.longText)) == "reject.reason")
        #expect(field(.artifactsMissing(Self.zeroTrial)) == "artifacts_missing.attempt")
    }

    @Test func `an enumeration without a value is refused by field, a newer value is understood`()
        throws
    {
        var forged = ForgedFrame(letter: UInt8(ascii: "C"))
        // Stop: sweep 1, trial 2, attempt 3, reason.
        for (reason, expected) in [(UInt8(1), "accepted"), (0, "stop.reason"), (99, "accepted")] {
            forged.entries = [(4, 0, [0x08, 1, 0x10, 2, 0x18, 3, 0x20, reason])]
            #expect(field(Decoder.coordinator.read(forged.bytes)) == expected)
        }
        let stop = try ControlCodec.decodeCoordinator(forged.bytes.span)
        #expect(
            stop == [
                .stop(
                    AttemptID(trial: TrialID(sweep: SweepID(1), number: 2), number: 3), .cancelled)
            ])
        // Acknowledgement: the same with a verdict.
        forged.entries = [(5, 0, [0x08, 1, 0x10, 2, 0x18, 3, 0x20, 99])]
        let end = try ControlCodec.decodeCoordinator(forged.bytes.span)
        #expect(
            end == [
                .acknowledge(
                    AttemptID(trial: TrialID(sweep: SweepID(1), number: 2), number: 3), .superseded)
            ])
    }

    @Test func `GPUs from the first on whose maker is new are left out`() throws {
        let device = Device(maker: .amd, identifier: "0", name: "n", memoryBytes: 1)
        var facts = WorkerFacts(host: "h", process: 1, cpus: 1, memoryBytes: 1, software: "1")
        facts.devices = [device, device, device]
        let hello = WorkerMessage.hello(Hello(facts: facts, prefetch: 0, held: []))
        var forged = try #require(ForgedFrame(parsing: ControlCodec.encodeFrames([hello])[0]))
        // The second one's maker (field 1): a device begins with 08 02, AMD.
        let body = forged.entries[0].body
        let makers = body.indices.dropLast(3).filter { Array(body[$0..<$0 + 3]) == [8, 2, 0x12] }
        try #require(makers.count == 3)
        forged.entries[0].body[makers[1] + 1] = 77
        guard case .hello(let read)? = try ControlCodec.decodeWorker(forged.bytes.span).first else {
            Issue.record("a hello was sent")
            return
        }
        #expect(read.facts.devices == [device])
    }

    @Test func `a text that is not UTF-8 is refused`() {
        var forged = ForgedFrame(letter: UInt8(ascii: "C"))
        forged.entries = [(2, 0, [0x0A, 2, 0xC3, 0xA4])]
        #expect(Decoder.coordinator.read(forged.bytes) == .accepted)
        forged.entries = [(2, 0, [0x0A, 2, 0xC3, 0x28])]
        #expect(Decoder.coordinator.read(forged.bytes) == .refused(.malformed(kind: 2)))
    }

    @Test func `a part beyond the end of its artifact is refused`() {
        let far = ArtifactRequest.chunk(.zero, offset: Limits.artifactBytes, bytes: [1])
        let last = ArtifactRequest.chunk(.zero, offset: Limits.artifactBytes - 1, bytes: [1])
        let large = ArtifactRequest.fetch(
            .zero, offset: 0, byteCount: UInt32(Limits.artifactChunkBytes) + 1)
        let chunk = [UInt8](repeating: 0, count: Limits.artifactChunkBytes + 1)
        #expect(Decoder.request.read(ArtifactCodec.encode(last)) == .accepted)
        #expect(field(Decoder.request.read(ArtifactCodec.encode(far))) == "artifact.offset")
        #expect(field(Decoder.request.read(ArtifactCodec.encode(large))) == "artifact.count")
        #expect(
            field(
                Decoder.request.read(
                    ArtifactCodec.encode(.chunk(.zero, offset: 0, bytes: chunk))))
                == "artifact.count")
        let reply = ArtifactReply.bytes(.zero, offset: .max, byteCount: 8, bytes: [1])
        #expect(field(Decoder.reply.read(ArtifactCodec.encode(reply))) == "artifact.offset")
        let offer = ArtifactRequest.offer(.zero, byteCount: .max)
        #expect(field(Decoder.request.read(ArtifactCodec.encode(offer))) == "artifact.total")
    }

    @Test func `a digest of another length is refused`() {
        var forged = ForgedFrame(letter: UInt8(ascii: "Q"))
        forged.entries = [(1, 0, [0x0A, 31] + [UInt8](repeating: 9, count: 31))]
        #expect(field(Decoder.request.read(forged.bytes)) == "artifact.digest")
        forged.entries = [(1, 0, [0x0A, 32] + [UInt8](repeating: 9, count: 32))]
        #expect(Decoder.request.read(forged.bytes) == .accepted)
    }
}
