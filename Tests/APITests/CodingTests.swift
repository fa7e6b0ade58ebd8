import API
import Registry
import Testing
import Vocabulary

/// The JSON of the API: what is written, and that it reads back as the same value.
struct CodingTests {
    private let sweep = SweepID(12)
    private let trial = TrialID(sweep: SweepID(12), number: 3)

    private func text(_ value: some Encodable) throws -> String {
        String(decoding: try APICoding.encode(value), as: UTF8.self)
    }

    private func readBack<Value: Codable & Equatable>(_ value: Value) throws -> Bool {
        try APICoding.decode(Value.self, from: APICoding.encode(value)) == value
    }

    @Test func `keys are snake_case and ids are texts`() throws {
        let best = BestTrial(
            trial: trial, experiment: "Exp1", objective: 0.5,
            parameters: [Assignment("maxDepth", .integer(4))])
        #expect(
            try text(best)
                == #"{"experiment":"Exp1","objective":0.5,"#
                + #""parameters":[{"name":"maxDepth","value":4}],"trial":"12.3"}"#)
    }

    @Test func `numbers without a JSON form are texts`() throws {
        let curve = CurveDocument(
            trial: trial, metric: "loss",
            points: [
                CurvePoint(step: 1, value: .infinity), CurvePoint(step: 2, value: -.infinity),
            ])
        #expect(
            try text(curve)
                == #"{"metric":"loss","points":[{"step":1,"value":"inf"},"#
                + #"{"step":2,"value":"-inf"}],"trial":"12.3"}"#)
        #expect(try readBack(curve))
        let nan = CurvePoint(step: 3, value: .nan)
        let read = try APICoding.decode(CurvePoint.self, from: APICoding.encode(nan))
        #expect(read.value.isNaN)
    }

    @Test func `a seed of 64 bits keeps every bit`() throws {
        let document = TrialDocument(
            trial: entry, seed: .max, attempts: [], metrics: [], artifacts: [], checkpoints: [])
        #expect(try text(document).contains(#""seed":"18446744073709551615""#))
    }

    @Test func `every document reads back as it was written`() throws {
        let entry = sweepEntry
        #expect(try readBack(HealthDocument(version: "1.2.3")))
        #expect(
            try readBack(
                StatusDocument(
                    version: "1", started: Timestamp(milliseconds: 5), openSweeps: 1, sweeps: 2,
                    trials: TrialCounts(waiting: 1, running: 2), connectedWorkers: 3, workers: 4,
                    cpus: 5, models: 6)))
        #expect(try readBack(SweepPage(sweeps: [entry], next: sweep)))
        #expect(try readBack(sweepDocument))
        #expect(try readBack(TrialPage(trials: [self.entry], next: "7")))
        #expect(try readBack(workerDocument))
        #expect(try readBack(versionDocument))
        #expect(
            try readBack(
                ModelDocument(
                    name: "demand", champion: versionDocument,
                    versions: [versionDocument.version],
                    aliases: [AliasDocument(name: "champion", version: 2)],
                    history: [
                        AliasMoveDocument(
                            alias: "champion", from: nil, to: 2,
                            moved: Timestamp(milliseconds: 1), decision: "d", actor: "gate",
                            reason: "better")
                    ])))
        #expect(
            try readBack(
                Problem(
                    .invalid, "no", fix: "yes",
                    diagnostics: [Diagnostic(file: "a", line: 1, column: 2, message: "m")])))
    }

    @Test func `prepared data keeps its fields in a submission`() throws {
        let digest = try #require(Digest(text: String(repeating: "ab", count: 32)))
        let data = PreparedData(
            spec: DataSpec(path: "a.csv", target: "y", calendar: [.dayOfYear]), source: digest,
            search: digest, searchBytes: 10, gate: nil, gateBytes: 0, validationRows: 3)
        let submission = SweepSubmission(file: "a.yaml", text: "x", data: data)
        #expect(try text(submission).contains(#""search_bytes":10"#))
        #expect(try readBack(submission))
    }

    @Test func `a reason is all that a promotion needs beside its version`() throws {
        let body = Array(#"{"version": 3, "reason": "it is better"}"#.utf8)
        let request = try APICoding.decode(PromotionRequest.self, from: body)
        #expect(request == PromotionRequest(version: 3, reason: "it is better"))
    }

    @Test(arguments: [#"{"sweep":"0"}"#, #"{"sweep":"1.2"}"#, #"{"sweep":12}"#, #"{}"#, "", "["])
    func `an id in another form is refused`(_ body: String) {
        struct Holder: Codable { var sweep: Written<SweepID> }
        #expect(throws: DecodingError.self) {
            try APICoding.decode(Holder.self, from: Array(body.utf8))
        }
    }

    @Test func `problems carry the members of RFC 9457`() throws {
        let problem = Problem(.conflict, "It has ended.")
        #expect(
            try text(problem)
                == #"{"detail":"It has ended.","status":409,"#
                + #""title":"Its state does not allow it","type":"urn:picoml:problem:conflict"}"#)
        #expect(Set(Problem.Kind.allCases.map(\.status)).count == Problem.Kind.allCases.count)
    }

    private var entry: TrialEntry {
        TrialEntry(
            id: trial, experiment: "Exp1", task: "search", state: .failed,
            failure: .outOfMemory, objective: nil,
            parameters: [Assignment("eta", .float(0.25)), Assignment("kind", .string("a"))],
            attempts: 2, created: Timestamp(milliseconds: 1), ended: nil)
    }

    private var sweepEntry: SweepEntry {
        SweepEntry(
            id: sweep, name: "s", model: "demand", phase: .judging, reason: "", paused: true,
            objective: Objective(metric: "rmse", goal: .minimize, target: 1),
            submitted: Timestamp(milliseconds: 1), ended: Timestamp(milliseconds: 2),
            trials: TrialCounts(succeeded: 1, pruned: 2, failed: 3), best: nil)
    }

    private var sweepDocument: SweepDocument {
        SweepDocument(
            sweep: sweepEntry,
            experiments: [
                ExperimentDocument(
                    name: "Exp1", trainer: "xgboost", sampler: "sobol", total: 10,
                    trials: TrialCounts(), best: nil)
            ], confirmations: TrialCounts(running: 1), secondsLeft: 1.5,
            gate: GateReport(
                verdict: .promote, rows: 10, challengerLoss: 1, championLoss: nil,
                difference: nil, lower: nil, upper: nil, confidence: 0.95, reason: "first"),
            winner: trial, version: 1, warnings: [], priority: -1, seed: 7, source: "text")
    }

    private var workerDocument: WorkerDocument {
        WorkerDocument(
            id: WorkerID(1), name: "oven", state: .connected,
            facts: WorkerFacts(
                host: "h", process: 1, cpus: 2, memoryBytes: 3, software: "4",
                // Names that a coder with a strategy for keys would change.
                labels: Labels([Label("diskType", "nvme"), Label("rack_row", "7")])),
            authorized: Timestamp(milliseconds: 1), joined: nil,
            running: [AttemptID(trial: trial, number: 1)])
    }

    private var versionDocument: VersionDocument {
        VersionDocument(
            model: "demand",
            version: VersionEntry(
                number: 2, registered: Timestamp(milliseconds: 1), trial: trial,
                experiment: "Exp1", metrics: [Metric("rmse", 1.5)], aliases: ["champion"]),
            artifacts: [], parameters: [], seed: 1, data: nil, software: "1")
    }
}
