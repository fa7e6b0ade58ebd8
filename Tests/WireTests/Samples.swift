import Registry
import Scheduling
import Vocabulary

/// Draws random values of everything that is encoded, the same ones for the same seed.
struct Samples {
    var random: RandomSource

    init(seed: UInt64) { random = RandomSource(seed: seed) }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(random.next(below: UInt64(elements.count)))]
    }

    mutating func flip() -> Bool { random.next(below: 2) == 0 }

    mutating func maybe<Value>(_ make: (inout Samples) -> Value) -> Value? {
        flip() ? make(&self) : nil
    }

    mutating func list<Value>(
        atMost count: UInt64 = 4, _ make: (inout Samples) -> Value
    ) -> [Value] {
        (0..<random.next(below: count + 1)).map { _ in make(&self) }
    }

    /// From 1, over the whole range of magnitudes.
    mutating func identifier() -> UInt32 {
        max(1, UInt32(truncatingIfNeeded: random.next()) >> UInt32(random.next(below: 32)))
    }

    mutating func name() -> String {
        let letters = Array("abcXYZ019._-äß中🍜 \"\\\n")
        return String((0..<1 + random.next(below: 20)).map { _ in pick(letters) })
    }

    mutating func text() -> String { flip() ? "" : name() }

    /// Any finite number: every pattern of bits that is one, and the ends.
    mutating func finite() -> Double {
        let edges = [0, -0.0, 1, .pi, .greatestFiniteMagnitude, .leastNonzeroMagnitude]
        if flip() { return pick(edges) }
        let number = Double(bitPattern: random.next())
        return number.isFinite ? number : 0.5
    }

    mutating func digest() -> Digest {
        let bytes = (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        return Digest(bytes: bytes) ?? Digest.zero
    }

    mutating func trialID() -> TrialID {
        TrialID(sweep: SweepID(identifier()), number: identifier())
    }

    mutating func attemptID() -> AttemptID {
        AttemptID(trial: trialID(), number: identifier())
    }

    mutating func workerID() -> WorkerID { WorkerID(identifier()) }

    mutating func tokenID() -> TokenID { TokenID(identifier()) }

    /// A CURVE public key: eight numbers of 32 bits in Z85 (ZeroMQ RFC 32).
    mutating func key() -> String {
        let alphabet = Array(
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#")
        return (0..<8).map { _ in
            var number = Int(random.next() >> 32)
            var group = ""
            for _ in 0..<5 {
                group = "\(alphabet[number % 85])\(group)"
                number /= 85
            }
            return group
        }.joined()
    }

    mutating func value() -> ParameterValue {
        switch random.next(below: 4) {
        case 0: .float(finite())
        case 1: .integer(pick([.min, .max, 0, -1, 7]))
        case 2: .string(text())
        default: .boolean(flip())
        }
    }

    mutating func metrics() -> [Metric] { list { Metric($0.name(), $0.finite()) } }

    mutating func artifacts() -> [Artifact] {
        list {
            Artifact(
                name: $0.name(), digest: $0.digest(),
                byteCount: $0.random.next(below: Limits.artifactBytes + 1))
        }
    }

    mutating func point() -> [Assignment] { list { Assignment($0.name(), $0.value()) } }

    mutating func failure() -> FailureClass { pick(FailureClass.allCases) }

    mutating func task() -> TrialTask {
        switch random.next(below: 3) {
        case 0: .search
        case 1: .confirm(finalist: trialID())
        default: .score(model: name(), version: identifier())
        }
    }

    mutating func objective() -> Objective {
        Objective(
            metric: name(), goal: pick([.minimize, .maximize]), target: maybe { $0.finite() })
    }

    mutating func facts() -> WorkerFacts {
        // A copy draws what came later, so that the golden files of the rest stay.
        var later = self
        return WorkerFacts(
            host: name(), process: identifier(),
            cpus: 1 + UInt32(random.next(below: UInt64(Limits.cpusPerWorker))),
            memoryBytes: random.next(), software: name(), architecture: later.name(),
            distribution: later.name(), labels: later.labels(), devices: later.devices(),
            timeLeft: later.maybe { .milliseconds(Int64($0.random.next(below: 1 << 32))) })
    }

    private mutating func devices() -> [Device] {
        list {
            Device(
                maker: $0.pick(Device.Maker.allCases), identifier: "GPU-\($0.identifier())",
                name: $0.name(), memoryBytes: $0.random.next())
        }
    }

    mutating func gpus() -> DeviceAmount {
        DeviceAmount(thousandths: pick([0, 1, 250, 1000, 8000])) ?? .none
    }

    mutating func labels() -> Labels {
        Labels(list { Label("name-\($0.identifier())", "value/\($0.identifier())") })
    }

    mutating func report() -> MetricReport {
        MetricReport(attempt: attemptID(), step: max(1, random.next()), metrics: metrics())
    }

    mutating func result() -> AttemptResult {
        AttemptResult(
            attempt: attemptID(),
            outcome: pick([.succeeded, .pruned, .returned, .failed(failure())]),
            metrics: metrics(), artifacts: artifacts(), seconds: abs(finite()), message: text())
    }

    mutating func data() -> PreparedData {
        PreparedData(
            spec: DataSpec(
                path: name(), target: name(), time: maybe { $0.name() },
                columns: list { $0.name() }, lags: list { $0.identifier() },
                means: list { $0.identifier() },
                calendar: list { $0.pick(CalendarFeature.allCases) }, validation: finite(),
                gate: finite()),
            source: digest(), search: digest(), searchBytes: random.next(below: 1 << 36),
            gate: maybe { $0.digest() }, gateBytes: random.next(below: 1 << 36),
            validationRows: identifier())
    }

    mutating func dataSet() -> DataSet {
        DataSet(
            name: name(), digest: digest(), payload: digest(),
            byteCount: random.next(below: Limits.artifactBytes + 1), fileCount: identifier(),
            location: maybe { $0.name() })
    }

    /// One drawn by a copy, so that what was drawn before there were data sets stays.
    func laterDataSet() -> DataSet? {
        var later = self
        return later.maybe { $0.dataSet() }
    }

    mutating func lease() -> Lease {
        var later = self
        return Lease(
            attempt: attemptID(), task: task(), experiment: name(),
            trainer: pick(Trainer.allCases), parameters: point(), seed: random.next(),
            cpus: 1 + UInt32(random.next(below: 64)),
            memoryBytes: maybe { $0.random.next() }, diskBytes: maybe { $0.random.next() },
            gpus: later.gpus(),
            devices: later.list { UInt32($0.random.next(below: 256)) },
            isExclusive: later.flip(), timeLimit: maybe { 1 + $0.random.nextUnit() },
            objective: objective(), data: maybe { $0.data() }, dataSet: laterDataSet(),
            model: artifacts(), program: maybe { $0.program() }, code: maybe { $0.digest() },
            checkpoint: maybe { $0.checkpoint() })
    }

    mutating func program() -> Program {
        Program(
            action: pick([
                .python(entry: name(), isReused: random.next(below: 2) == 0),
                .command([name()] + list { $0.text() }),
            ]),
            environment: pick([.system, .requirements(name()), .image(name())]),
            readsOutput: random.next(below: 2) == 0)
    }

    mutating func code() -> CodeBundle {
        CodeBundle(
            digest: digest(), byteCount: random.next(below: 1 << 20), commit: maybe { $0.name() },
            branch: maybe { $0.name() }, isDirty: random.next(below: 2) == 0,
            difference: maybe { $0.digest() })
    }

    mutating func checkpoint() -> Checkpoint {
        Checkpoint(
            step: max(1, random.next()), digest: digest(), byteCount: random.next(below: 1 << 30),
            objective: maybe { $0.finite() })
    }
}

extension Digest {
    /// The digest of 32 zero bytes, as a pattern rather than as a hash.
    static var zero: Digest {
        guard let digest = Digest(bytes: [UInt8](repeating: 0, count: Digest.byteCount)) else {
            preconditionFailure("32 bytes are a digest")
        }
        return digest
    }
}
