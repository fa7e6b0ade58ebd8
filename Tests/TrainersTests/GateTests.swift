import Datasets
import Foundation
import Testing
import Trainers
import Vocabulary

/// What the gate gets: the model's files and the loss of each row.
@Suite struct GateTests {
    static let confirm = TrialTask.confirm(finalist: TrialID(sweep: SweepID(1), number: 7))
    static let score = TrialTask.score(model: "demand", version: 3)
    static let rounds = Assignment("rounds", .integer(8))

    func losses(_ fixture: TrialFixture) throws -> [Double] {
        try Losses.read(FileBytes.read("\(fixture.directory)/losses.npy", limit: 1 << 30))
    }

    @Test func `a finalist leaves its model and its losses`() throws {
        let fixture = try TrialFixture()
        let run = try fixture.run(fixture.lease([Self.rounds], task: Self.confirm))
        #expect(run.exitCode == 0)
        #expect(
            run.artifacts == [
                "model/model.ubj", "model/MLmodel", "model/conda.yaml", "model/python_env.yaml",
                "model/requirements.txt", "losses.npy",
            ])
        for name in run.artifacts {
            #expect(FileManager.default.fileExists(atPath: "\(fixture.directory)/\(name)"))
        }
        let description = try FileBytes.read("\(fixture.directory)/model/MLmodel", limit: 10_000)
        let text = String(decoding: description, as: UTF8.self)
        #expect(text.contains("    xgb_version: \(XGBoostLibrary.version)\n"))
        #expect(text.contains(#"{"type": "double", "name": "lag_168", "required": true}"#))
        let result = try #require(run.result)
        #expect(result["rmse"] == run.curve.last)
        let losses = try losses(fixture)
        #expect(losses.count == Int(fixture.table.gateRows))
        let mean = losses.reduce(0, +) / Double(losses.count)
        #expect(abs(mean.squareRoot() / (try #require(result["gate_rmse"])) - 1) < 1e-6)
    }

    @Test func `a registered version scores as it did when it was made`() throws {
        let fixture = try TrialFixture()
        let made = try fixture.run(fixture.lease([Self.rounds], task: Self.confirm))
        let expected = try losses(fixture)
        // Content-addressed files have no extension to tell the format by.
        let stored = "\(fixture.directory)/0123abcd"
        try FileManager.default.moveItem(
            atPath: "\(fixture.directory)/model/model.ubj", toPath: stored)
        try FileManager.default.removeItem(atPath: "\(fixture.directory)/losses.npy")
        let run = try fixture.run(
            fixture.lease([], task: Self.score),
            modelPaths: ["model/model.ubj": stored, "model/MLmodel": "/nonexistent"])
        #expect(run.exitCode == 0, "\(run.messages)")
        #expect(run.artifacts == ["losses.npy"])
        #expect(run.result == ["gate_rmse": try #require(made.result?["gate_rmse"])])
        #expect(try losses(fixture) == expected)
    }

    @Test func `a version of other features is refused`() throws {
        let fixture = try TrialFixture()
        _ = try fixture.run(fixture.lease([Self.rounds], task: Self.confirm))
        defer { withExtendedLifetime(fixture) {} }
        var spec = TrialFixture.features
        spec.lags = [1, 24, 167]
        let other = try TrialFixture(spec: spec)
        let run = try other.run(
            other.lease([], task: Self.score),
            modelPaths: ["model/model.ubj": "\(fixture.directory)/model/model.ubj"])
        #expect(run.failure?.message.contains("the gate rows have tmin, pn") == true)
    }

    @Test func `a file that is no model is refused`() throws {
        let fixture = try TrialFixture(rows: 400)
        let path = "\(fixture.directory)/garbage"
        try FileBytes.write(Array("{\"learner\":12}".utf8), to: path)
        let garbage = try fixture.run(
            fixture.lease([], task: Self.score), modelPaths: ["model/model.ubj": path])
        #expect(garbage.failure?.kind == .trainerError)
        #expect(garbage.failure?.message.hasPrefix("XGBoost: ") == true)
        let none = try fixture.run(fixture.lease([], task: Self.score))
        #expect(none.failure?.message.contains("no model.ubj") == true)
        let missing = try fixture.run(
            fixture.lease([], task: Self.score), modelPaths: ["model/model.ubj": "/nonexistent"])
        #expect(missing.failure?.message.contains("cannot be opened") == true)
    }

    @Test(arguments: [
        ("rmse", "reg:squarederror"), ("mae", "reg:squarederror"), ("mape", "reg:squarederror"),
        ("rmsle", "reg:squaredlogerror"), ("mphe", "reg:pseudohubererror"),
        ("logloss", "binary:logistic"), ("error", "binary:logistic"),
        ("poisson-nloglik", "count:poisson"),
    ])
    func `the losses are what XGBoost's metric is the mean of`(
        metric: String, objective: String
    ) throws {
        // Labels 1 and 2, or 0 and 1, that the previous one decides, with some noise.
        var random = RandomSource(seed: 5)
        let base = objective.hasPrefix("binary") ? 0 : 1
        var label = 0
        let rows = (0..<300).map { _ in
            label = random.nextUnit() < 0.2 ? Int(random.next(below: 2)) : 1 - label
            return "\(base + label)"
        }
        let fixture = try TrialFixture(
            csv: Array("y\n\(rows.joined(separator: "\n"))\n".utf8),
            spec: DataSpec(path: "", target: "y", lags: [1, 2], validation: 0.2, gate: 0.3))
        var parameters = [Self.rounds, Assignment("objective", .string(objective))]
        if metric == "mphe" { parameters.append(Assignment("huber_slope", .float(0.5))) }
        let run = try fixture.run(
            fixture.lease(parameters, task: Self.confirm, metric: metric))
        let value = try #require(run.result?["gate_\(metric)"], "\(run.messages)")
        let losses = try losses(fixture)
        var mean = losses.reduce(0, +) / Double(losses.count)
        if metric.hasPrefix("rms") { mean = mean.squareRoot() }
        #expect(mean > 0)
        #expect(abs(mean - value) < 1e-4 * value)
    }

    @Test(arguments: ["auc", "aucpr"])
    func `ranking metrics come with Brier scores`(metric: String) throws {
        let rows = (0..<200).map { "\(($0 / 2) % 2)" }.joined(separator: "\n")
        let fixture = try TrialFixture(
            csv: Array("y\n\(rows)\n".utf8),
            spec: DataSpec(path: "", target: "y", lags: [1, 2], validation: 0.2, gate: 0.3))
        let run = try fixture.run(
            fixture.lease(
                [Self.rounds, Assignment("objective", .string("binary:logistic"))],
                task: Self.confirm, metric: metric))
        let value = try #require(run.result?["gate_\(metric)"])
        #expect(value > 0.99)
        for loss in try losses(fixture) { #expect((0..<0.25).contains(loss)) }
    }
}
