import API
import Gateway
import Hashing
import NIOCore
import Storage
import Testing
import Vocabulary

/// Artifacts over HTTP: stored once, verified, resumed, and read in parts.
@Suite(.timeLimit(.minutes(2))) struct ArtifactRouteTests {
    private let text = "the menu book that only proven dishes enter"
    private var digest: Digest { Digest.of(text) }
    private var path: String { APIPath.artifact(digest).text }

    private func put(
        _ kitchen: Kitchen, _ body: String, range: String? = nil, path: String? = nil
    ) async throws -> Reply {
        try await kitchen.send(
            "PUT", path ?? self.path, body: body,
            headers: ["Content-Type: application/octet-stream"]
                + (range.map { ["Content-Range: bytes \($0)"] } ?? []))
    }

    @Test func `an upload is stored, found and read back`() async throws {
        try await Kitchen.open { kitchen in
            #expect(try await kitchen.send("HEAD", path).status == 404)
            let created = try await put(kitchen, text)
            #expect(created.status == 201)
            #expect(
                created.body == #"{"byte_count":\#(text.utf8.count),"digest":"\#(digest)"}"#)
            #expect(try await put(kitchen, text).status == 200)
            let head = try await kitchen.send("HEAD", path)
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect(head.headers["content-length"] == "\(text.utf8.count)")
            #expect(head.headers["etag"] == "\"\(digest)\"")
            let whole = try await kitchen.send("GET", path)
            #expect(whole.body == text)
            #expect(whole.headers["content-type"] == "application/octet-stream")
        }
    }

    @Test func `bytes with another hash are refused and forgotten`() async throws {
        try await Kitchen.open { kitchen in
            let reply = try await put(kitchen, String(text.reversed()))
            #expect(reply.status == 422)
            #expect(try reply.problem.detail.contains("have the hash"))
            #expect(try await kitchen.send("GET", path).status == 404)
            #expect(try await put(kitchen, text).status == 201)
        }
    }

    @Test func `an upload goes on where it ended`() async throws {
        try await Kitchen.open { kitchen in
            let size = text.utf8.count
            let first = try await put(kitchen, String(text.prefix(10)), range: "0-9/\(size)")
            #expect(first.status == 202)
            #expect(first.headers["upload-offset"] == "10")
            #expect(try await kitchen.send("GET", path).status == 404)
            let asked = try await put(kitchen, "", range: "*/\(size)")
            #expect(asked.status == 202)
            #expect(asked.headers["upload-offset"] == "10")
            let gap = try await put(
                kitchen, String(text.dropFirst(20)), range: "20-\(size - 1)/\(size)")
            #expect(gap.status == 409)
            #expect(try gap.problem.fix == "Begin at byte 10.")
            let overlap = try await put(
                kitchen, String(text.dropFirst(5)), range: "5-\(size - 1)/\(size)")
            #expect(overlap.status == 201)
            #expect(try await kitchen.send("GET", path).body == text)
            #expect(try await put(kitchen, "", range: "*/\(size)").status == 200)
        }
    }

    @Test func `an upload whose connection broke goes on where it broke`() async throws {
        let chunk = Limits.artifactChunkBytes
        let bytes = String(repeating: "0123456789abcdef", count: chunk / 4)
        let digest = Digest.of(bytes)
        let path = APIPath.artifact(digest).text
        let size = bytes.utf8.count
        try await Kitchen.open { kitchen in
            try await Connection.open(kitchen.port) { talk in
                try await talk.say(
                    "PUT \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(size)\r\n"
                        + "Authorization: Bearer \(Kitchen.token)\r\n\r\n"
                        + bytes.prefix(chunk + 100))
            }
            // The server takes what has come before it notices that there is no more.
            let clock = ContinuousClock()
            let end = clock.now + .seconds(20)
            var offset: Int?
            while offset ?? 0 < chunk, clock.now < end {
                let asked = try await put(kitchen, "", range: "*/\(size)", path: path)
                offset = asked.headers["upload-offset"].flatMap { Int($0) }
            }
            let start = try #require(offset)
            #expect(start >= chunk)
            let rest = try await put(
                kitchen, String(bytes.dropFirst(start)),
                range: "\(start)-\(size - 1)/\(size)", path: path)
            #expect(rest.status == 201, "\(rest.body)")
            #expect(try await kitchen.send("GET", path).body == bytes)
        }
    }

    @Test func `a client that waits for permission gets it`() async throws {
        try await Kitchen.open { kitchen in
            let bytes = try await Connection.open(kitchen.port) { talk in
                try await talk.say(
                    "PUT \(path) HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                        + "Content-Length: \(text.utf8.count)\r\nConnection: close\r\n"
                        + "Authorization: Bearer \(Kitchen.token)\r\n\r\n")
                #expect(try await talk.next() == "HTTP/1.1 100 Continue\r\n\r\n")
                try await talk.say(text)
                return try await talk.listen()
            }
            #expect(Reply(bytes)?.status == 201)
        }
    }

    @Test func `an empty artifact is one too`() async throws {
        try await Kitchen.open { kitchen in
            let path = APIPath.artifact(Digest.of("")).text
            #expect(try await put(kitchen, "", path: path).status < 300)
            let whole = try await kitchen.send("GET", path)
            #expect(whole.status == 200)
            #expect(whole.body.isEmpty)
            let part = try await kitchen.send("GET", path, headers: ["Range: bytes=0-"])
            #expect(part.status == 416)
        }
    }

    @Test(arguments: [
        ("bytes=0-2", 206, "the", "bytes 0-2/43"), ("bytes=37-", 206, " enter", "bytes 37-42/43"),
        ("bytes=-5", 206, "enter", "bytes 38-42/43"), ("bytes=40-99", 206, "ter", "bytes 40-42/43"),
        ("bytes=-99", 206, nil, "bytes 0-42/43"), ("bytes=0-0,2-3", 200, nil, nil),
        ("bytes=5-3", 200, nil, nil), ("lines=1-2", 200, nil, nil), ("bytes=x-", 200, nil, nil),
        ("bytes=-", 200, nil, nil), ("bytes=43-", 416, "", nil), ("bytes=-0", 416, "", nil),
        ("bytes=99999999999999999999999-", 200, nil, nil),
    ])
    func `a range is cut out`(
        _ range: String, _ status: Int, _ expected: String?, _ field: String?
    ) async throws {
        try await Kitchen.open { kitchen in
            _ = try kitchen.artifacts.store(Array(text.utf8))
            let reply = try await kitchen.send("GET", path, headers: ["Range: \(range)"])
            #expect(reply.status == status)
            if status < 300 { #expect(reply.body == expected ?? text) }
            #expect(reply.headers["content-range"] == field)
        }
    }

    @Test(arguments: [
        "0-9/43", "0-42/9", "5-3/43", "x", "*/43", "0-42", "0-42/x",
        "0-18446744073709551615/18446744073709551615",
    ])
    func `a Content-Range that contradicts the body is refused`(_ range: String) async throws {
        try await Kitchen.open { kitchen in
            let reply = try await put(kitchen, text, range: range)
            #expect(reply.status == 400)
        }
    }

    @Test func `an upload must say its length and have a possible one`() async throws {
        try await Kitchen.open { kitchen in
            let chunked = try await kitchen.send(
                "PUT", path, headers: ["Transfer-Encoding: chunked", "", "0", ""])
            #expect(chunked.status == 411)
            let large = try await kitchen.send(
                "PUT", path, headers: ["Content-Length: \(Limits.artifactBytes + 1)"])
            #expect(large.status == 413)
        }
    }
}
