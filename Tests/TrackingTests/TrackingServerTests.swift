import Foundation
import FoundationNetworking
import Synchronization
import Testing
import Tracking
import Vocabulary

@Suite struct TrackingServerTests {
    @Test func `a metric is a report, one step later than MLflow counts`() async throws {
        let client = try await TrackingClient()
        let metric = #"{"run_id":"r1","key":"rmse","value":1.5,"timestamp":7,"step":0}"#
        #expect(try await client.post("runs/log-metric", metric) == Answer(200, "{}"))
        #expect(client.reports == [Heard(1, ["rmse": 1.5])])
    }

    @Test func `a batch gives one report for each step, in the order of steps`() async throws {
        let client = try await TrackingClient()
        let batch = """
            {"run_id":"r1","params":[{"key":"a","value":"1"}],"tags":[{"key":"t","value":"x"}],
             "metrics":[{"key":"rmse","value":2,"timestamp":1,"step":4},
                        {"key":"rmse","value":3,"timestamp":1,"step":2},
                        {"key":"mae","value":"NaN","timestamp":1,"step":4},
                        {"key":"rmse","value":2.5,"timestamp":2,"step":4}]}
            """
        #expect(try await client.post("runs/log-batch", batch).status == 200)
        let reports = client.reports
        #expect(reports.map(\.step) == [3, 5])
        #expect(reports.first?.metrics == ["rmse": 3])
        #expect(reports.last?.metrics["rmse"] == 2.5)
        #expect(reports.last?.metrics["mae"]?.isNaN == true)
    }

    @Test func `infinity arrives, and a negative step counts as the first`() async throws {
        let client = try await TrackingClient()
        let metric = #"{"run_uuid":"r1","key":"rmse","value":"-Infinity","step":-3}"#
        #expect(try await client.post("runs/log-metric", metric).status == 200)
        #expect(client.reports == [Heard(1, ["rmse": -.infinity])])
        let largest = #"{"run_id":"r1","key":"rmse","value":1,"step":9223372036854775807}"#
        #expect(try await client.post("runs/log-metric", largest).status == 200)
        #expect(client.reports.last?.step == 1 << 63)
    }

    @Test func `what was logged is shown in the run`() async throws {
        let client = try await TrackingClient()
        _ = try await client.post(
            "runs/log-parameter", #"{"run_id":"r1","key":"lr","value":"0.1"}"#)
        _ = try await client.post("runs/set-tag", #"{"run_id":"r1","key":"k","value":"v"}"#)
        _ = try await client.post("runs/set-tag", #"{"run_id":"r1","key":"gone","value":"v"}"#)
        _ = try await client.post("runs/delete-tag", #"{"run_id":"r1","key":"gone"}"#)
        _ = try await client.post(
            "runs/log-metric", #"{"run_id":"r1","key":"m","value":2,"timestamp":9,"step":3}"#)
        let body = try await client.get("runs/get?run_id=r1").body
        #expect(
            body == """
                {"run":{"data":{"metrics":[{"key":"m","step":3,"timestamp":9,"value":2}],\
                "params":[{"key":"lr","value":"0.1"}],"tags":[{"key":"k","value":"v"}]},\
                "info":{"artifact_uri":"mlflow-artifacts:/0/r1/artifacts","experiment_id":"0",\
                "lifecycle_stage":"active","run_id":"r1","run_name":"1.1","run_uuid":"r1",\
                "start_time":5,"status":"RUNNING","user_id":""},"inputs":{},"outputs":{}}}
                """)
    }

    @Test func `a run's state and name can be changed`() async throws {
        let client = try await TrackingClient()
        let answer = try await client.post(
            "runs/update",
            #"{"run_id":"r1","status":"FINISHED","end_time":11,"run_name":"mine"}"#)
        #expect(answer.status == 200)
        #expect(answer.body.contains(#""run_name":"mine""#))
        #expect(answer.body.contains(#""status":"FINISHED""#))
        #expect(answer.body.contains(#""end_time":11"#))
        let refused = try await client.post("runs/update", #"{"run_id":"r1","status":"LATE"}"#)
        #expect(refused.status == 400)
    }

    @Test func `the experiment answers under every name`() async throws {
        let client = try await TrackingClient()
        let own = try await client.get("experiments/get?experiment_id=0")
        #expect(own.status == 200 && own.body.contains(#""name":"Exp1""#))
        let named = try await client.get("experiments/get-by-name?experiment_name=my%20kitchen")
        #expect(named.status == 200 && named.body.contains(#""name":"my kitchen""#))
        #expect(try await client.get("experiments/get?experiment_id=1").status == 404)
    }

    @Test func `requests without the token are refused and change nothing`() async throws {
        let client = try await TrackingClient()
        let metric = #"{"run_id":"r1","key":"rmse","value":1.5,"step":0}"#
        for header in ["", "Bearer wrong", "Basic secret", "Bearer secret2"] {
            let answer = try await client.post("runs/log-metric", metric, authorization: header)
            #expect(answer.status == 401)
            #expect(answer.body.contains(#""error_code":"UNAUTHENTICATED""#))
        }
        #expect(client.reports.isEmpty)
    }

    @Test(arguments: [
        ("runs/create", #"{"experiment_id":"0"}"#, 404, "ENDPOINT_NOT_FOUND"),
        (
            "runs/log-metric", #"{"run_id":"r2","key":"a","value":1}"#, 404,
            "RESOURCE_DOES_NOT_EXIST"
        ),
        ("runs/log-metric", #"{"key":"a","value":1}"#, 400, "INVALID_PARAMETER_VALUE"),
        ("runs/log-metric", #"{"run_id":"r1","key":"","value":1}"#, 400, "INVALID_PARAMETER_VALUE"),
        (
            "runs/log-metric", #"{"run_id":"r1","key":"a","value":"x"}"#, 400,
            "INVALID_PARAMETER_VALUE"
        ),
        ("runs/log-batch", "[", 400, "INVALID_PARAMETER_VALUE"),
        ("runs/log-batch", "", 400, "INVALID_PARAMETER_VALUE"),
        (
            "runs/log-metric", #"{"run_id":"r1","key":"a","value":1,"step":9223372036854775808}"#,
            400, "INVALID_PARAMETER_VALUE"
        ),
    ])
    func `what cannot be taken is refused in MLflow's form`(
        path: String, body: String, status: Int, code: String
    ) async throws {
        let client = try await TrackingClient()
        let answer = try await client.post(path, body)
        #expect(answer.status == status)
        #expect(answer.body.contains(#""error_code":"\#(code)""#))
        #expect(client.reports.isEmpty)
    }

    @Test func `unknown paths and methods are refused in MLflow's form`() async throws {
        let client = try await TrackingClient()
        let search = try await client.get("runs/search")
        #expect(search.status == 404)
        #expect(search.body.contains(#""error_code":"ENDPOINT_NOT_FOUND""#))
        #expect(try await client.send("DELETE", "runs/get", "").status == 404)
    }

    @Test func `a batch with one bad entry changes nothing`() async throws {
        let client = try await TrackingClient()
        let long = String(repeating: "x", count: 8_001)
        let batch = """
            {"run_id":"r1","params":[{"key":"a","value":"1"},{"key":"b","value":"\(long)"}],
             "metrics":[{"key":"rmse","value":2,"timestamp":1,"step":4}]}
            """
        #expect(try await client.post("runs/log-batch", batch).status == 400)
        #expect(client.reports.isEmpty)
        #expect(try await client.get("runs/get?run_id=r1").body.contains(#""params":[]"#))
    }

    @Test func `a body beyond 1 MiB is refused, and the next request is answered`() async throws {
        let client = try await TrackingClient()
        let huge = #"{"run_id":"r1","x":""# + String(repeating: "x", count: 1 << 20) + #""}"#
        #expect(try await client.post("runs/log-batch", huge).status == 413)
        #expect(try await client.get("runs/get?run_id=r1").status == 200)
    }

    @Test func `parameters beyond the limit are forgotten without an error`() async throws {
        let client = try await TrackingClient()
        let parameters = (0...TrackingRun.entries).map { #"{"key":"p\#($0)","value":"1"}"# }
        let batch = #"{"run_id":"r1","params":[\#(parameters.joined(separator: ","))]}"#
        #expect(try await client.post("runs/log-batch", batch).status == 200)
        let body = try await client.get("runs/get?run_id=r1").body
        #expect(body.contains(#""p\#(TrackingRun.entries - 1)""#))
        #expect(!body.contains(#""p\#(TrackingRun.entries)""#))
    }

    @Test(.timeLimit(.minutes(1)))
    func `nothing listens after the stop`() async throws {
        let client = try await TrackingClient()
        #expect(try await client.get("runs/get?run_id=r1").status == 200)
        client.stop()
        client.stop()
        // Ends when the connection is refused, and fails by the time limit when it never is.
        await #expect(throws: URLError.self) {
            while true {
                _ = try await client.get("runs/get?run_id=r1")
            }
        }
    }
}
