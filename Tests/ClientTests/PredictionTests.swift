import API
import Client
import Foundation
import Hashing
import Testing
import Vocabulary

/// A model that is fetched by digest and asked in a process of its own.
struct PredictionTests {
    /// y = 2x + 1, in XGBoost's JSON form.
    private static let model = Array(
        """
        {"learner":{"attributes":{},"feature_names":["x"],"feature_types":["float"],\
        "gradient_booster":{"model":{"boosted_rounds":1,"param":{"num_feature":"1",\
        "num_output_group":"1"},"weights":[2.0E0,1.0E0]},"name":"gblinear"},"learner_model_param":\
        {"base_score":"0","boost_from_average":"1","num_class":"0","num_feature":"1",\
        "num_target":"1"},"objective":{"name":"reg:squarederror","reg_loss_param":\
        {"scale_pos_weight":"1"}}},"version":[1,7,4]}
        """.utf8)

    private static let spec = DataSpec(path: "rows.csv", target: "y", columns: ["x"])

    private func predict(
        _ stored: [UInt8], digest: Digest, rows: String = "x,y\n1,3.5\n2,\n",
        _ executable: String = executablePath
    ) async throws -> Prediction {
        let document = Samples.versionDocument(
            spec: Self.spec,
            artifacts: [Artifact(name: "model/model.ubj", digest: digest, byteCount: 1)])
        let server = try ScriptedServer { request in
            request.target.contains("artifacts") ? .bytes(stored) : .value(document)
        }
        defer { server.stop() }
        return try await inTemporaryFolder { folder in
            let input = "\(folder)/rows.csv"
            try Data(rows.utf8).write(to: URL(fileURLWithPath: input))
            return try await Predicting(server.client, executable: executable)
                .predict("demand", version: 2, input: input, rows: 5)
        }
    }

    @Test func `rows are predicted beside what is known of them`() async throws {
        let prediction = try await predict(Self.model, digest: Digest.of(Self.model))
        #expect(
            prediction
                == Prediction(
                    model: "demand", version: 2, target: "y",
                    rows: [
                        .init(time: "line 2", predicted: 3, actual: 3.5),
                        .init(time: "line 3", predicted: 5, actual: nil),
                    ]))
    }

    @Test func `other bytes than those that were stored are not loaded`() async throws {
        let error = try await #require(throws: ClientError.self) {
            try await predict(Self.model, digest: Samples.digest)
        }
        #expect(error.message.contains("not those that were stored"))
    }

    @Test func `a model that cannot be loaded ends the child, not the command`() async throws {
        let broken = Array("{\"learner\":1}".utf8)
        let error = try await #require(throws: ClientError.self) {
            try await predict(broken, digest: Digest.of(broken))
        }
        #expect(error.status == .failed)
        #expect(error.message.hasPrefix("The model cannot predict these rows"))
    }

    @Test func `a file without the model's columns is told with its place`() async throws {
        let error = try await #require(throws: ClientError.self) {
            try await predict(
                Self.model, digest: Digest.of(Self.model), rows: "z,y\n1,2\n")
        }
        #expect(error.status == .badInput)
        #expect(error.description.contains("rows.csv:1"))
    }

    @Test func `an alias that is not there is told with those that are`() async throws {
        let model = Samples.model()
        let server = try ScriptedServer { _ in .value(model) }
        defer { server.stop() }
        let predicting = Predicting(server.client)
        #expect(try await predicting.version(of: "demand", alias: "champion") == 2)
        let error = try await #require(throws: ClientError.self) {
            try await predicting.version(of: "demand", alias: "challenger")
        }
        #expect(error.fix.contains("champion"))
    }
}
