import Dispatch
import Foundation
import FoundationNetworking
import Synchronization
import Testing
import Tracking
import Vocabulary

/// A server of its own with somebody who talks to it over HTTP.
final class TrackingClient: Sendable {
    private let server: TrackingServer
    private let heard: Heard.Log

    init() async throws {
        let heard = Heard.Log()
        self.heard = heard
        let run = TrackingRun(id: "r1", experiment: "Exp1", name: "1.1", started: 5)
        // On a thread of its own: starting a server blocks.
        server = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try TrackingServer(run, token: "secret") { report in
                            heard.reports.withLock { $0.append(Heard(report)) }
                        }
                    })
            }
        }
    }

    deinit { server.stop() }

    var reports: [Heard] { heard.reports.withLock { $0 } }

    func stop() { server.stop() }

    func get(_ path: String) async throws -> Answer { try await send("GET", path, nil) }

    func post(
        _ path: String, _ body: String, authorization: String = "Bearer secret"
    ) async throws -> Answer {
        try await send("POST", path, body, authorization: authorization)
    }

    func send(
        _ method: String, _ path: String, _ body: String?,
        authorization: String = "Bearer secret"
    ) async throws -> Answer {
        let address = "http://127.0.0.1:\(server.port)/api/2.0/mlflow/\(path)"
        var request = URLRequest(url: try #require(URL(string: address)))
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue(authorization, forHTTPHeaderField: "Authorization")
        // A connection of its own: one that is kept is answered even after the server's stop.
        let session = URLSession(configuration: .ephemeral)
        defer { session.finishTasksAndInvalidate() }
        let (data, response) = try await session.data(for: request)
        let status = try #require(response as? HTTPURLResponse).statusCode
        return Answer(status, String(decoding: data, as: UTF8.self))
    }
}

/// What a client was answered.
struct Answer: Equatable {
    var status: Int
    var body: String

    init(_ status: Int, _ body: String) {
        self.status = status
        self.body = body
    }
}

/// What the trial would have heard.
struct Heard: Equatable, Sendable {
    var step: UInt64
    var metrics: [String: Double]

    init(_ step: UInt64, _ metrics: [String: Double]) {
        self.step = step
        self.metrics = metrics
    }

    init(_ report: TrackedReport) {
        self.init(
            report.step,
            Dictionary(uniqueKeysWithValues: report.metrics.map { ($0.name, $0.value) }))
    }

    final class Log: Sendable {
        let reports = Mutex<[Heard]>([])
    }
}
