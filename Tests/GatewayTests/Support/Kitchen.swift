import API
import FoundationEssentials
import Gateway
import Scheduling
import Storage
import Testing
import Vocabulary

/// A gateway on a port of its own with a state folder of its own.
struct Kitchen: Sendable {
    static let token = "0123456789abcdef0123456789abcdef"

    static let entrance = WorkerEntrance(
        control: "tcp://10.0.0.1:7801", artifacts: "tcp://10.0.0.1:7802",
        serverKey: String(repeating: "s", count: 40))

    let port: Int
    let desk: Desk
    let artifacts: ArtifactStore
    let catalogue: Catalogue

    /// Runs a gateway for the time of `body`.
    static func open(
        records: [Scheduling.Record] = [], limits: GatewayLimits = GatewayLimits(),
        hosts: [String] = [], logs: LogBook = LogBook(),
        _ body: @Sendable (Kitchen) async throws -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "picoml-gateway-\(UInt64.random(in: 0 ... .max))").path
        defer { remove(path) }
        let folder = try StateFolder(path)
        let journal = try Journal(folder)
        let artifacts = try ArtifactStore(folder, keepFree: 0)
        let desk = try Desk(journal, records: records)
        let gateway = try Gateway(
            configuration: GatewayConfiguration(
                port: 0, token: token, entrance: entrance, hosts: hosts, limits: limits),
            perform: { await desk.perform($0) }, catalogue: journal.catalogue,
            artifacts: artifacts, logger: logs.logger)
        let (ports, bound) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { bound.finish() }
                try await gateway.run { bound.yield($0) }
            }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            try await body(
                Kitchen(
                    port: port, desk: desk, artifacts: artifacts,
                    catalogue: journal.catalogue))
            group.cancelAll()
        }
        try journal.close()
    }

    private static func remove(_ path: String) {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            Issue.record(error)
        }
    }

    /// Sends a request with the token and returns the answer.
    func send(
        _ method: String, _ path: String, body: String? = nil, headers: [String] = []
    ) async throws -> Reply {
        var lines = [
            "\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)",
            "Authorization: Bearer \(Self.token)", "Connection: close",
        ]
        if let body {
            lines.append("Content-Length: \(body.utf8.count)")
            if !headers.contains(where: { $0.hasPrefix("Content-Type:") }) {
                lines.append("Content-Type: application/json")
            }
        }
        let text = (lines + headers).joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
        return try await Connection.exchange(port, text)
    }

    /// GETs `path` with `query` and decodes the answer.
    func get<Value: Decodable>(
        _ path: APIPath, _ query: String = "", as type: Value.Type = Value.self
    ) async throws -> Value {
        let reply = try await send("GET", path.text + (query.isEmpty ? "" : "?\(query)"))
        try #require(reply.status == 200, "\(reply.body)")
        return try APICoding.decode(type, from: reply.body.utf8)
    }

    /// POSTs `value` and returns the answer.
    func post(_ path: APIPath, _ value: some Encodable) async throws -> Reply {
        let body = String(decoding: try APICoding.encode(value), as: UTF8.self)
        return try await send("POST", path.text, body: body)
    }

    /// Submits a sweep that multiplies: Exp1 has three trials, Exp2 two.
    func submit(_ text: String = Kitchen.menu) async throws -> Reply {
        try await post(.sweeps, SweepSubmission(file: "menu.yaml", text: text))
    }

    static let menu = """
        name: menu
        trainer: noop
        method: grid
        metric: {name: product, goal: maximize, target: 1000}
        priority: 3
        seed: 5
        experiments:
          Exp1:
            trials: 3
            parameters: {a: {values: [1, 2, 3]}}
          Exp2:
            trials: 2
            parameters: {a: {values: [4, 5]}, b: 10}
        """
}

extension Reply {
    /// The problem in the body.
    var problem: Problem {
        get throws {
            try #require(headers["content-type"] == "application/problem+json", "\(body)")
            let problem = try APICoding.decode(Problem.self, from: body.utf8)
            #expect(problem.status == status)
            return problem
        }
    }
}
