import API
import Gateway
import Hashing
import Storage
import Testing
import Vocabulary

/// Clients that send or take bytes too slowly are let go.
@Suite(.timeLimit(.minutes(1))) struct PaceTests {
    private let limits = GatewayLimits(
        idle: .seconds(2), grace: .milliseconds(300), bytesPerSecond: 1000)

    @Test func `a connection without a request is closed`() async throws {
        try await Kitchen.open(limits: limits) { kitchen in
            let said = try await Connection.open(kitchen.port) { talk in try await talk.next() }
            #expect(said == nil)
        }
    }

    @Test func `half a head is closed, however it drips`() async throws {
        try await Kitchen.open(limits: limits) { kitchen in
            let ended = try await Connection.open(kitchen.port) { talk in
                try await talk.say("GET /api/v1/health HTTP/1.1\r\n")
                return try await talk.next() == nil
            }
            #expect(ended)
        }
    }

    @Test func `a body that stops is answered with 408 and the connection closed`() async throws {
        try await Kitchen.open(limits: limits) { kitchen in
            let reply = try await kitchen.send(
                "POST", "/api/v1/sweeps",
                headers: ["Content-Type: application/json", "Content-Length: 100"])
            #expect(reply.status == 408)
            #expect(try reply.problem.type == .tooSlow)
        }
    }

    @Test func `a body that drips is not waited for`() async throws {
        try await Kitchen.open(limits: limits) { kitchen in
            let head = """
                POST /api/v1/sweeps HTTP/1.1\r\nHost: localhost\r\n\
                Authorization: Bearer \(Kitchen.token)\r\n\
                Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n
                """
            let isClosed = try await Connection.open(kitchen.port) { talk in
                try await talk.say(head)
                return await talk.drip(within: .seconds(20))
            }
            #expect(isClosed)
        }
    }

    @Test func `a refused upload is not read to its end`() async throws {
        try await Kitchen.open(limits: limits) { kitchen in
            let path = APIPath.artifact(Digest.of("none")).text
            let reply = try await Connection.exchange(
                kitchen.port,
                "PUT \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n")
            #expect(reply.status == 401)
        }
    }

    @Test func `a client that never reads its answer is let go`() async throws {
        try await Kitchen.open(limits: limits) { kitchen in
            let bytes = [UInt8](repeating: 7, count: 64 << 20)
            let digest = try kitchen.artifacts.store(bytes)
            let isClosed = try await Connection.open(kitchen.port) { talk in
                try await talk.say(
                    "GET \(APIPath.artifact(digest).text) HTTP/1.1\r\nHost: localhost\r\n"
                        + "Authorization: Bearer \(Kitchen.token)\r\n\r\n")
                return await talk.drip(within: .seconds(20))
            }
            #expect(isClosed)
        }
    }
}
