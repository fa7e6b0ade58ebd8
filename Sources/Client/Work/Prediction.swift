import API
import Datasets
import Foundation
import Hashing
import Trainers
import Vocabulary

/// What a model says of the last rows of a file.
package struct Prediction: Hashable, Sendable, Codable {
    /// One row of the file.
    package struct Row: Hashable, Sendable, Codable {
        /// The time as it stands in the file, or the line.
        package var time: String
        /// What the model predicts.
        package var predicted: Double
        /// What the file says; nil when it does not know yet.
        package var actual: Double?

        /// Describes a row; see the properties.
        package init(time: String, predicted: Double, actual: Double?) {
            self.time = time
            self.predicted = predicted
            self.actual = actual
        }
    }

    /// The model.
    package var model: String
    /// The version that was asked.
    package var version: UInt32
    /// The column that is predicted.
    package var target: String
    /// The rows in the order of time.
    package var rows: [Row]

    /// Describes predictions; see the properties.
    package init(model: String, version: UInt32, target: String, rows: [Row]) {
        self.model = model
        self.version = version
        self.target = target
        self.rows = rows
    }
}

/// Asks a registered model for predictions, in a child process.
package struct Predicting: Sendable {
    private let client: CoordinatorClient
    private let executable: String

    /// Gets models through `client`; `executable` is run as `predict-process`.
    package init(_ client: CoordinatorClient, executable: String = "/proc/self/exe") {
        self.client = client
        self.executable = executable
    }

    /// The version of `model` that `alias` points to.
    package func version(
        of model: String, alias: String
    ) async throws(ClientError) -> UInt32 {
        let document = try await client.model(model)
        if let found = document.aliases.first(where: { $0.name == alias }) {
            return found.version
        }
        let names = document.aliases.map(\.name)
        throw ClientError(
            .failed, "The model \(model) has no \(alias).",
            fix: names.isEmpty
                ? "Run a sweep, or promote a version: `picoml model promote`."
                : "It has \(names.joined(separator: ", ")).")
    }

    /// Predicts the last `rows` rows of the CSV file at `input` with `version` of `model`.
    package func predict(
        _ model: String, version: UInt32, input: String, rows: Int
    ) async throws(ClientError) -> Prediction {
        let document = try await client.version(version, of: model)
        guard let spec = document.data?.spec else {
            throw ClientError(
                .failed, "Version \(version) of \(model) was trained without data.",
                fix: "Choose another with --version.")
        }
        let features = try Self.features(of: input, spec: spec, rows: rows)
        let bytes = try await modelFile(of: document)
        let values = try Self.inTemporaryFolder { folder throws(ClientError) in
            try predictions(of: bytes, for: features, in: folder)
        }
        return Prediction(
            model: model, version: version, target: spec.target,
            rows: values.indices.map { row in
                let actual = Double(features.targets[row])
                return Prediction.Row(
                    time: features.times[row], predicted: Double(values[row]),
                    actual: actual.isNaN ? nil : actual)
            })
    }

    private static func features(
        of input: String, spec: DataSpec, rows: Int
    ) throws(ClientError) -> Features {
        do {
            let bytes = try FileBytes.read(input, limit: PreparedTable.fileBytes)
            return try Features.make(
                from: bytes, file: input, spec: spec, allowsMissingTarget: true
            ).suffix(rows)
        } catch let problem as FileProblem {
            throw ClientError(.badInput, "The file \(input) \(problem.message).")
        } catch let problems as Diagnostics {
            throw ClientError(problems)
        } catch {
            throw ClientError(.badInput, "The file \(input) cannot be read: \(error).")
        }
    }

    private func modelFile(of document: VersionDocument) async throws(ClientError) -> [UInt8] {
        guard
            let artifact = document.artifacts.first(where: {
                $0.name == "model.ubj" || $0.name.hasSuffix("/model.ubj")
            })
        else {
            throw ClientError(
                .failed, "The version has no file model.ubj, so it is no XGBoost model.",
                fix: "Choose another with --version.")
        }
        let bytes = try await client.artifact(artifact.digest)
        guard Digest.of(bytes) == artifact.digest else {
            throw ClientError(
                .failed, "The model's bytes are not those that were stored.",
                fix: "Try again; if it stays so, check the coordinator's disk.")
        }
        return bytes
    }
}

extension Predicting {
    private func predictions(
        of model: [UInt8], for features: Features, in folder: String
    ) throws(ClientError) -> [Float] {
        let width = features.names.count
        let request = PredictRequest(
            model: "\(folder)/model.ubj", names: features.names,
            rows: (0..<features.rows).map { row in
                features.values[row * width..<(row + 1) * width].map { $0.isNaN ? nil : $0 }
            })
        do {
            try FileBytes.write(model, to: request.model)
            try FileBytes.write(
                [UInt8](try JSONEncoder().encode(request)), to: "\(folder)/request.json")
            let answer = try run(in: folder)
            let values = try JSONDecoder().decode(PredictAnswer.self, from: answer).predictions
            guard values.count == features.rows else {
                throw ClientError(.failed, "The model gave \(values.count) predictions.")
            }
            return values
        } catch let error as ClientError {
            throw error
        } catch {
            throw ClientError(.failed, "The prediction failed: \(error).")
        }
    }

    /// Runs the child with files as its input and output, which no pipe can block, and waits on
    /// the thread that started it: the child dies with that thread.
    private func run(in folder: String) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = ["predict-process"]
        process.standardInput = try FileHandle(
            forReadingFrom: URL(fileURLWithPath: "\(folder)/request.json"))
        for name in ["answer.json", "error.txt"] {
            try FileBytes.write([], to: "\(folder)/\(name)")
        }
        process.standardOutput = try FileHandle(
            forWritingTo: URL(fileURLWithPath: "\(folder)/answer.json"))
        process.standardError = try FileHandle(
            forWritingTo: URL(fileURLWithPath: "\(folder)/error.txt"))
        try process.run()
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let message = String(
                decoding: try FileBytes.read("\(folder)/error.txt", limit: 1 << 20).prefix(
                    Limits.messageBytes), as: UTF8.self)
            throw ClientError(
                .failed,
                "The model cannot predict these rows: "
                    + message.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return Data(try FileBytes.read("\(folder)/answer.json", limit: 1 << 30))
    }

    /// Runs `body` with a new folder that only this user can enter, and removes it.
    private static func inTemporaryFolder<Result>(
        _ body: (String) throws(ClientError) -> Result
    ) throws(ClientError) -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("picoml-predict-\(UUID().uuidString)").path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw ClientError(
                .failed, "The temporary folder \(folder) cannot be made.",
                fix: "Free some space there, or set TMPDIR.")
        }
        // A folder that cannot be removed is the system's to clean; the result is good.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder)
    }
}
