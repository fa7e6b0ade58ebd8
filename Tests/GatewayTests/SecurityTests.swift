import API
import Gateway
import Testing
import Vocabulary

/// Who is heard, and what every answer carries.
@Suite(.timeLimit(.minutes(2))) struct SecurityTests {
    private func request(_ lines: [String]) -> String {
        (lines + ["Connection: close", "", ""]).joined(separator: "\r\n")
    }

    @Test func `health needs no token and says nothing but the version`() async throws {
        try await Kitchen.open { kitchen in
            let reply = try await Connection.exchange(
                kitchen.port, request(["GET /api/v1/health HTTP/1.1", "Host: localhost"]))
            #expect(reply.status == 200)
            #expect(reply.body == #"{"status":"ok","version":"\#(Software.version)"}"#)
        }
    }

    @Test(arguments: [
        [], ["Authorization: Bearer "], ["Authorization: \(Kitchen.token)"],
        ["Authorization: Bearer \(Kitchen.token)x"],
        ["Authorization: Bearer \(Kitchen.token.dropLast())"],
        ["Authorization: Basic \(Kitchen.token)"],
        ["Authorization: Bearer x", "Authorization: Bearer \(Kitchen.token)"],
    ])
    func `a request without the right token is refused`(_ lines: [String]) async throws {
        try await Kitchen.open { kitchen in
            for path in ["/api/v1/sweeps", "/api/v1/nothing", "/"] {
                let reply = try await Connection.exchange(
                    kitchen.port,
                    request(["GET \(path) HTTP/1.1", "Host: 127.0.0.1:\(kitchen.port)"] + lines))
                #expect(reply.status == 401)
                #expect(reply.headers["www-authenticate"] == "Bearer realm=\"picoml\"")
                #expect(try reply.problem.fix?.contains("token file") == true)
                #expect(!reply.body.contains(Kitchen.token))
            }
        }
    }

    @Test(arguments: [
        ("evil.example", 403), ("127.0.0.1.evil.example", 403), ("localhost.", 403),
        ("127.0.0.2", 403), ("[::1]x", 400), ("", 400), ("localhost:x", 400),
        ("localhost", 200), ("LOCALHOST:1", 200), ("127.0.0.1", 200), ("[::1]:80", 200),
        ("oven.example:7800", 200),
    ])
    func `only our own names are answered to`(_ host: String, _ status: Int) async throws {
        try await Kitchen.open(hosts: ["oven.example"]) { kitchen in
            let reply = try await Connection.exchange(
                kitchen.port, request(["GET /api/v1/health HTTP/1.1", "Host: \(host)"]))
            #expect(reply.status == status, "\(reply.body)")
        }
    }

    @Test func `a request without a Host header is refused`() async throws {
        try await Kitchen.open { kitchen in
            let reply = try await Connection.exchange(
                kitchen.port, request(["GET /api/v1/health HTTP/1.1"]))
            #expect(reply.status == 400)
        }
    }

    @Test func `every answer keeps browsers from using it`() async throws {
        try await Kitchen.open { kitchen in
            for path in ["/api/v1/status", "/api/v1/nothing"] {
                let reply = try await kitchen.send(
                    "GET", path, headers: ["Origin: http://evil.example"])
                #expect(reply.headers["x-content-type-options"] == "nosniff")
                #expect(reply.headers["cache-control"] == "no-store")
                #expect(
                    reply.headers["content-security-policy"]
                        == "default-src 'none'; frame-ancestors 'none'")
                #expect(reply.headers["x-request-id"] != nil)
                #expect(reply.headers["access-control-allow-origin"] == nil)
            }
        }
    }

    @Test func `the log knows the request but no secrets`() async throws {
        let logs = LogBook()
        try await Kitchen.open(logs: logs) { kitchen in
            let reply = try await kitchen.send("GET", "/api/v1/status")
            let id = try #require(reply.headers["x-request-id"])
            #expect(logs.lines.contains { $0.contains(id) && $0.contains("/api/v1/status") })
            _ = try await kitchen.send("GET", "/api/v1/nothing?token=stolen\u{1b}[31m")
            _ = try await kitchen.send("POST", "/api/v1/sweeps", body: "{stolen")
            #expect(!logs.lines.contains { $0.contains(Kitchen.token) })
            #expect(!logs.lines.contains { $0.contains("stolen") })
        }
    }

    @Test func `unknown paths and wrong methods are told apart`() async throws {
        try await Kitchen.open { kitchen in
            let nothing = try await kitchen.send("GET", "/api/v1/../../etc/passwd")
            #expect(nothing.status == 404)
            #expect(try nothing.problem.type == .notFound)
            let method = try await kitchen.send("DELETE", "/api/v1/sweeps")
            #expect(method.status == 405)
            #expect(method.headers["allow"] == "GET, POST")
            let options = try await kitchen.send("OPTIONS", "/api/v1/sweeps")
            #expect(options.status == 405)
            let query = try await kitchen.send("GET", "/api/v1/status?x=1")
            #expect(query.status == 400)
        }
    }

    @Test func `a write must be declared to be JSON`() async throws {
        try await Kitchen.open { kitchen in
            for type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
                let reply = try await kitchen.send(
                    "POST", "/api/v1/sweeps/last/cancel", body: "{}",
                    headers: ["Content-Type: \(type)"])
                #expect(reply.status == 415)
            }
            let none = try await kitchen.send("POST", "/api/v1/sweeps/last/cancel")
            #expect(none.status == 415)
            let zipped = try await kitchen.send(
                "POST", "/api/v1/sweeps", body: "{}", headers: ["Content-Encoding: gzip"])
            #expect(zipped.status == 415)
            let utf8 = try await kitchen.send(
                "POST", "/api/v1/sweeps/last/cancel", body: "{}",
                headers: ["Content-Type: Application/JSON ; charset=utf-8"])
            #expect(utf8.status == 404)
        }
    }

    @Test func `a body beyond the limit is refused`() async throws {
        try await Kitchen.open(limits: GatewayLimits(bodyBytes: 100)) { kitchen in
            let declared = try await kitchen.send(
                "POST", "/api/v1/sweeps", body: String(repeating: " ", count: 101))
            #expect(declared.status == 413)
            #expect(try declared.problem.type == .tooLarge)
            let chunked = try await kitchen.send(
                "POST", "/api/v1/sweeps",
                headers: [
                    "Content-Type: application/json", "Transfer-Encoding: chunked", "",
                    "80", String(repeating: " ", count: 128), "0", "",
                ])
            #expect(chunked.status == 413)
        }
    }

    @Test func `headers beyond the limit end the connection`() async throws {
        try await Kitchen.open { kitchen in
            let big = try await Connection.exchange(
                kitchen.port,
                request([
                    "GET /api/v1/health HTTP/1.1", "Host: localhost",
                    "X-Big: " + String(repeating: "x", count: 20_000),
                ]))
            #expect(big.status == 400)
            let many = try await Connection.exchange(
                kitchen.port,
                request(
                    ["GET /api/v1/health HTTP/1.1", "Host: localhost"]
                        + (0..<200).map { "X-\($0): y" }))
            #expect(many.status == 400)
        }
    }

    @Test(arguments: [
        ("", "it is not valid JSON."), ("{", "it is not valid JSON."),
        ("[]", "it is not an object."), ("{}", #"the field "file" is missing."#),
        (#"{"file": 3, "text": ""}"#, #"the field "file" is not a String."#),
        (
            #"{"file": "f", "text": "", "data": {"spec": {}}}"#,
            #"the field "data.spec.path" is missing."#
        ),
    ])
    func `a body that is not what is wanted says where`(
        _ body: String, _ reason: String
    ) async throws {
        try await Kitchen.open { kitchen in
            let reply = try await kitchen.send("POST", "/api/v1/sweeps", body: body)
            #expect(reply.status == 400)
            #expect(try reply.problem.detail.hasSuffix(reason), "\(reply.body)")
        }
    }
}
