import FoundationEssentials

/// The bodies of the calls that are understood; unknown fields are passed over.
enum TrackingCall {
    struct LogParameter: Decodable {
        var key: String
        var value: String
    }

    struct LogBatch: Decodable {
        var metrics: [LoggedMetric]?
        var params: [KeyedText]?
        var tags: [KeyedText]?
    }

    struct DeleteTag: Decodable {
        var key: String
    }

    struct UpdateRun: Decodable {
        var status: String?
        var end_time: Int64?
        var run_name: String?
    }

    /// What every call about a run has; the older field is for older clients.
    struct Address: Decodable {
        var run_id: String?
        var run_uuid: String?

        var run: String? { run_id ?? run_uuid }
    }
}

/// The answers, with the names that MLflow's REST API gives their fields.
enum TrackingAnswer {
    struct Nothing: Encodable {}

    struct Info: Encodable {
        var run_id: String
        var run_uuid: String
        var experiment_id = TrackingServer.experimentID
        var run_name: String
        var user_id = ""
        var status: String
        var start_time: Int64
        var end_time: Int64?
        var artifact_uri: String
        var lifecycle_stage = "active"

        init(_ run: TrackingRun) {
            run_id = run.id
            run_uuid = run.id
            run_name = run.name
            status = run.status
            start_time = run.started
            end_time = run.ended
            artifact_uri = "mlflow-artifacts:/\(TrackingServer.experimentID)/\(run.id)/artifacts"
        }
    }

    struct UpdatedRun: Encodable {
        var run_info: Info
    }

    struct WholeRun: Encodable {
        struct Body: Encodable {
            var info: Info
            var data: Values
            var inputs = Nothing()
            var outputs = Nothing()
        }
        struct Values: Encodable {
            var metrics: [LoggedMetric]
            var params: [KeyedText]
            var tags: [KeyedText]
        }
        var run: Body

        init(_ run: TrackingRun) {
            self.run = Body(
                info: Info(run),
                data: Values(metrics: run.metrics, params: run.parameters, tags: run.tags))
        }
    }

    struct Experiment: Encodable {
        struct Body: Encodable {
            var experiment_id = TrackingServer.experimentID
            var name: String
            var artifact_location = "mlflow-artifacts:/\(TrackingServer.experimentID)"
            var lifecycle_stage = "active"
            var last_update_time: Int64
            var creation_time: Int64
        }
        var experiment: Body

        init(named name: String, of run: TrackingRun) {
            experiment = Body(
                name: name, last_update_time: run.started, creation_time: run.started)
        }
    }
}

/// A refusal, in MLflow's JSON form for errors.
struct TrackingProblem: Error, Encodable {
    let status: Int
    let error_code: String
    let message: String

    private enum CodingKeys: String, CodingKey {
        case error_code, message
    }

    static func invalid(_ message: String) -> TrackingProblem {
        TrackingProblem(status: 400, error_code: "INVALID_PARAMETER_VALUE", message: message)
    }

    static func unknownRun(_ id: String) -> TrackingProblem {
        TrackingProblem(
            status: 404, error_code: "RESOURCE_DOES_NOT_EXIST",
            message: "This trial has no run \(id.prefix(64)).")
    }

    static let unknownPath = TrackingProblem(
        status: 404, error_code: "ENDPOINT_NOT_FOUND",
        message: "A trial's tracking server takes parameters, metrics and tags of its own run, "
            + "and nothing else.")

    static let unauthenticated = TrackingProblem(
        status: 401, error_code: "UNAUTHENTICATED",
        message: "The request does not carry the token of this trial (MLFLOW_TRACKING_TOKEN).")
}

/// JSON as MLflow's client writes and reads it: NaN and infinities are texts.
enum TrackingCoding {
    static func decode<Value: Decodable>(
        _ type: Value.Type, _ bytes: [UInt8]
    ) throws(TrackingProblem) -> Value {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        do {
            return try decoder.decode(type, from: Data(bytes))
        } catch {
            throw .invalid("The body is not what this call takes: \(error)")
        }
    }

    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        return Array(try encoder.encode(value))
    }
}
