import Datasets
import Foundation
import Testing
import Trainers
import Vocabulary

/// Saved models that predict.
@Suite struct PredictorTests {
    /// A trained model with the features of the gate rows.
    func model() throws -> (fixture: TrialFixture, path: String, features: Features) {
        let fixture = try TrialFixture()
        let task = TrialTask.confirm(finalist: TrialID(sweep: SweepID(1), number: 1))
        let run = try fixture.run(
            fixture.lease([Assignment("rounds", .integer(10))], task: task))
        try #require(run.exitCode == 0)
        let features = try Features.make(
            from: TrialFixture.demand(rows: 1400), file: "", spec: TrialFixture.features)
        return (
            fixture, "\(fixture.directory)/model/model.ubj",
            features.suffix(Int(fixture.table.gateRows))
        )
    }

    @Test func `predictions are those that the gate judged`() throws {
        let (fixture, path, features) = try model()
        defer { withExtendedLifetime(fixture) {} }
        let predictor = try Predictor(path: path)
        let predictions = try predictor.predict(features.values, names: features.names)
        let losses = try Losses.read(
            FileBytes.read("\(fixture.directory)/losses.npy", limit: 1 << 20))
        let errors = zip(predictions, features.targets).map { prediction, target -> Double in
            let error = Double(prediction) - Double(target)
            return error * error
        }
        #expect(errors == losses)
    }

    @Test func `no rows give no predictions`() throws {
        let (fixture, path, features) = try model()
        defer { withExtendedLifetime(fixture) {} }
        let predictor = try Predictor(path: path)
        #expect(try predictor.predict([], names: features.names) == [])
    }

    @Test func `rows of other features are refused`() throws {
        let (fixture, path, features) = try model()
        defer { withExtendedLifetime(fixture) {} }
        let predictor = try Predictor(path: path)
        let error = #expect(throws: XGBoostError.self) {
            try predictor.predict([1, 2], names: ["a", "b"])
        }
        #expect(error?.message.hasSuffix("not on a, b") == true)
        #expect(throws: XGBoostError.self) {
            try predictor.predict([1], names: features.names)
        }
        #expect(throws: XGBoostError.self) { _ = try Predictor(path: "/nonexistent") }
    }

    @Test func `the process answers in JSON`() throws {
        let (fixture, path, features) = try model()
        defer { withExtendedLifetime(fixture) {} }
        let width = features.names.count
        let rows = (0..<5).map { row in
            features.values[row * width..<(row + 1) * width].map { $0.isNaN ? nil : $0 }
        }
        let request = PredictRequest(model: path, names: features.names, rows: rows)
        let (code, output) = try answer(to: try JSONEncoder().encode(request))
        #expect(code == 0)
        let answer = try JSONDecoder().decode(PredictAnswer.self, from: output)
        let predictor = try Predictor(path: path)
        let expected = try predictor.predict(
            Array(features.values.prefix(5 * width)), names: features.names)
        #expect(answer.predictions == expected)
    }

    @Test(arguments: [
        "", "{}", #"{"model":"/nonexistent","names":["a"],"rows":[[1]]}"#,
        #"{"model":"/nonexistent","names":["a"],"rows":[[1,2]]}"#,
    ])
    func `a bad request gets no answer`(request: String) throws {
        let (code, output) = try answer(to: Data(request.utf8))
        #expect(code == 1)
        #expect(output.isEmpty)
    }

    private func answer(to request: Data) throws -> (code: Int32, output: Data) {
        let (input, output) = (Pipe(), Pipe())
        // Both fit into a pipe's buffer, so nobody has to read at the other end meanwhile.
        try #require(request.count < 60_000)
        try input.fileHandleForWriting.write(contentsOf: request)
        try input.fileHandleForWriting.close()
        let code = PredictProcess.answer(
            input: input.fileHandleForReading.fileDescriptor,
            output: output.fileHandleForWriting.fileDescriptor)
        try output.fileHandleForWriting.close()
        return (code, try output.fileHandleForReading.readToEnd() ?? Data())
    }
}
