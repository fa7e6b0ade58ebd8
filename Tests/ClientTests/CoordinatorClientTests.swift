import API
import Client
import Testing
import Vocabulary

/// The client against good, bad and absent answers.
struct CoordinatorClientTests {
    private func failure(
        of response: ScriptedServer.Response
    ) async throws -> (error: ClientError, tries: Int) {
        let server = try ScriptedServer { _ in response }
        defer { server.stop() }
        let client = server.client
        let error = try await #require(throws: ClientError.self) { try await client.models() }
        return (error, server.requests.count)
    }

    @Test func `every call asks for the path that the server reads`() async throws {
        let server = try ScriptedServer { _ in .json("{}", status: 404) }
        defer { server.stop() }
        let client = server.client
        let trial = TrialID(sweep: SweepID(12), number: 3)
        _ = try? await client.sweeps(SweepQuery(limit: 5, phase: .failed))
        _ = try? await client.sweep(.last)
        _ = try? await client.trials(of: .last, TrialQuery(experiment: "a b&c", limit: 2))
        _ = try? await client.curve(of: trial, CurveQuery(metric: "é", points: 9))
        _ = try? await client.log(of: trial)
        try? await client.change(.last, .cancel)
        try? await client.change(WorkerID(4), .drain)
        _ = try? await client.version(3, of: "demand")
        _ = try? await client.hasArtifact(Samples.digest)
        #expect(
            server.requests.map(\.line) == [
                "GET /api/v1/sweeps?limit=5&phase=failed", "GET /api/v1/sweeps/last",
                "GET /api/v1/sweeps/last/trials?experiment=a%20b%26c&order=number&limit=2",
                "GET /api/v1/trials/12.3/curve?metric=%C3%A9&points=9",
                "GET /api/v1/trials/12.3/log", "POST /api/v1/sweeps/last/cancel",
                "POST /api/v1/workers/4/drain", "GET /api/v1/models/demand/versions/3",
                "HEAD /api/v1/artifacts/\(Samples.digest)",
            ])
        #expect(server.requests.allSatisfy { $0.headers["authorization"] == "Bearer secret" })
        #expect(server.requests[5].headers["content-type"] == "application/json")
    }

    @Test func `values arrive as they were sent`() async throws {
        let document = Samples.sweep(.finished, gate: Samples.keep)
        let server = try ScriptedServer { _ in .value(document) }
        defer { server.stop() }
        #expect(try await server.client.sweep(.last) == document)
    }

    @Test func `a coordinator that is not there is told with the next step`() async throws {
        let server = try ScriptedServer { _ in .hangUp }
        server.stop()
        let gone = server.client
        // The port is free once the listening thread has seen the end.
        while !Ports.finding([server.port], areOwn: false).level.isGood { await Task.yield() }
        let error = try await #require(throws: ClientError.self) { try await gone.models() }
        #expect(error.status == .unreachable)
        #expect(error.message == "No coordinator answers at \(server.address).")
        #expect(error.fix.contains("picoml coordinator"))
    }

    @Test func `a coordinator that goes away is asked again, but told to change only once`()
        async throws
    {
        let (error, tries) = try await failure(of: .hangUp)
        #expect(error.status == .unreachable)
        #expect(tries >= 3)
        let server = try ScriptedServer { _ in .hangUp }
        defer { server.stop() }
        let client = server.client
        let change = try await #require(throws: ClientError.self) {
            try await client.change(.last, .cancel)
        }
        #expect(change.fix.contains("look before you try again"))
        #expect(server.requests.count == 1)
    }

    @Test func `a coordinator that is stopping is asked again`() async throws {
        let problem = Problem(.unavailable, "The coordinator is stopping.", fix: "Wait.")
        let (error, tries) = try await failure(of: .value(problem, status: 503))
        #expect(error.status == .unreachable)
        #expect(error.message == "The coordinator is stopping.")
        #expect(tries == 3)
    }

    @Test(arguments: [
        (401, CommandStatus.notPermitted), (403, .notPermitted), (404, .failed), (409, .failed),
        (422, .failed), (429, .failed), (500, .failed), (418, .failed),
    ])
    func `a refusal has an exit code, with and without a reason`(
        status: Int, expected: CommandStatus
    ) async throws {
        let problem = Problem(.notFound, "It said no.", fix: "Do this.")
        let explained = try await failure(of: .value(problem, status: status))
        #expect(explained.error.status == expected)
        // The coordinator's advice on tokens is for those who send headers themselves.
        let advice = status == 401 ? "Name the token file" : "Do this."
        #expect(explained.error.description.hasPrefix("It said no. \(advice)"))
        #expect(explained.tries == 1)
        let silent = try await failure(of: .json("<html>", status: status))
        #expect(silent.error.status == expected)
        #expect(!silent.error.fix.isEmpty)
    }

    @Test func `problems of a file come with their places`() async throws {
        let problem = Problem(
            .invalid, "The sweep file has 1 problem.",
            diagnostics: [Diagnostic(file: "a.yaml", line: 3, column: 5, message: "No.")])
        let (error, _) = try await failure(of: .value(problem, status: 422))
        #expect(error.status == .badInput)
        #expect(error.description.hasPrefix("a.yaml:3:5: error: No."))
    }

    @Test(arguments: [
        ScriptedServer.Response.json("[1, 2"), .json(""), .json("{\"models\":7}"),
        .json("\"\\u0000\""), .bytes([0xFF, 0xFE]),
    ])
    func `an answer that makes no sense is an error`(response: ScriptedServer.Response)
        async throws
    {
        let (error, _) = try await failure(of: response)
        #expect(error.status == .failed)
        #expect(error.message.contains("cannot be understood"))
    }

    @Test func `what is not HTTP is an error`() async throws {
        let (error, _) = try await failure(of: .raw("SSH-2.0-OpenSSH\r\n"))
        #expect(error.status != .done)
    }

    @Test func `the token follows no redirect`() async throws {
        let other = try ScriptedServer { _ in .json("{\"models\":[]}") }
        defer { other.stop() }
        let target = other.address
        let (error, _) = try await failure(
            of: .raw(
                "HTTP/1.1 302 Found\r\nLocation: \(target)/\r\nContent-Length: 0\r\n"
                    + "Connection: close\r\n\r\n"))
        #expect(error.status == .failed)
        #expect(other.requests.isEmpty)
    }

    @Test(arguments: ["", "a/b", "../sweeps", "a b", "é", "-x", "a?b", "a%2Fb"])
    func `a name that is no model's name is not sent`(name: String) async throws {
        let server = try ScriptedServer { _ in .json("{}") }
        defer { server.stop() }
        let client = server.client
        let error = try await #require(throws: ClientError.self) { try await client.model(name) }
        #expect(error.status == .badInput)
        #expect(server.requests.isEmpty)
    }
}

extension Finding.Level {
    fileprivate var isGood: Bool { self == .good }
}
