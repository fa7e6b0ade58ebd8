import API
import FoundationEssentials
import Gateway
import Scheduling
import Storage
import Testing
import Vocabulary

/// Join tokens over HTTP, and the workers that enrol with them.
@Suite(.timeLimit(.minutes(2))) struct TokenRouteTests {
    private static let key = String(repeating: "t", count: 40)

    private static func wanted(
        key: String = Self.key, uses: Int = 2, seconds: Double = 60, approval: Bool = false
    ) -> TokenRequest {
        TokenRequest(key: key, uses: uses, lifetimeSeconds: seconds, needsApproval: approval)
    }

    private static func now() -> Int64 { Int64(Date.now.timeIntervalSince1970 * 1000) }

    @Test func `a token is made, used, listed and revoked`() async throws {
        try await Kitchen.open { kitchen in
            let before = Self.now()
            let reply = try await kitchen.post(.tokens, Self.wanted())
            #expect(reply.status == 201)
            let made = try APICoding.decode(TokenCreated.self, from: reply.body.utf8)
            #expect(made.token.value == TokenID(1))
            let earliest = before + 60_000
            #expect((earliest...Self.now() + 60_000).contains(made.expires.milliseconds))
            #expect(
                [made.control, made.artifacts, made.serverKey] == [
                    Kitchen.entrance.control, Kitchen.entrance.artifacts,
                    Kitchen.entrance.serverKey,
                ])
            // Asked again, because the answer was lost.
            let again = try await kitchen.post(.tokens, Self.wanted())
            #expect(
                try APICoding.decode(TokenCreated.self, from: again.body.utf8).token == made.token)

            try await kitchen.desk.knock("oven", with: TokenID(1))
            let page: TokenPage = try await kitchen.get(.tokens)
            #expect(page.tokens.map(\.used) == [1])
            #expect(page.tokens.map(\.state) == [.live])
            let workers: WorkerPage = try await kitchen.get(.workers)
            #expect(workers.workers.map(\.token) == [Written(TokenID(1))])
            #expect(workers.workers.map(\.state) == [.away])

            let revoked = try await kitchen.send("POST", "/api/v1/tokens/1/revoke", body: "")
            #expect(revoked.status == 200)
            let ended: TokenPage = try await kitchen.get(.tokens)
            #expect(ended.tokens.map(\.state) == [.revoked])
            #expect(
                try await kitchen.send("POST", "/api/v1/tokens/2/revoke", body: "").status == 404)
            #expect(
                try await kitchen.catalogue.audit().map { "\($0.action) \($0.subject)" } == [
                    "end join token 1", "use join token 1", "authorize worker 1",
                    "create join token 1",
                ])
        }
    }

    @Test func `a token that is used up says so`() async throws {
        try await Kitchen.open { kitchen in
            _ = try await kitchen.post(.tokens, Self.wanted(uses: 1))
            try await kitchen.desk.knock("oven", with: TokenID(1))
            try await kitchen.desk.knock("stove", with: TokenID(1))
            let page: TokenPage = try await kitchen.get(.tokens)
            #expect(page.tokens.map(\.state) == [.usedUp])
            let workers: WorkerPage = try await kitchen.get(.workers)
            #expect(workers.workers.map(\.name) == ["oven"])
        }
    }

    @Test func `a worker that waits is shown, approved and counted`() async throws {
        try await Kitchen.open { kitchen in
            _ = try await kitchen.post(.tokens, Self.wanted(approval: true))
            try await kitchen.desk.knock("oven", with: TokenID(1))
            let waiting: WorkerPage = try await kitchen.get(.workers)
            #expect(waiting.workers.map(\.state) == [.pending])
            #expect(waiting.workers.first?.facts?.host == "kitchen")
            let early: StatusDocument = try await kitchen.get(.status)
            #expect(early.workers == 0)
            let path = APIPath.changeWorker(WorkerID(1), .approve)
            #expect(try await kitchen.send("POST", path.text, body: "").status == 200)
            let approved: WorkerPage = try await kitchen.get(.workers)
            #expect(approved.workers.map(\.state) == [.away])
            let status: StatusDocument = try await kitchen.get(.status)
            #expect(status.workers == 1)
            let unknown = APIPath.changeWorker(WorkerID(9), .approve)
            #expect(try await kitchen.send("POST", unknown.text, body: "").status == 404)
            #expect(try await kitchen.catalogue.audit().first?.action == "approve worker")
        }
    }

    @Test(arguments: [
        wanted(key: "short"), wanted(key: String(repeating: "~", count: 40)), wanted(uses: 0),
        wanted(uses: -1), wanted(uses: 10_001), wanted(uses: .max), wanted(seconds: 0),
        wanted(seconds: -5), wanted(seconds: 1e300), wanted(seconds: 31 * 86_400),
    ])
    func `a token that cannot be is refused`(_ request: TokenRequest) async throws {
        try await Kitchen.open { kitchen in
            #expect(try await kitchen.post(.tokens, request).status == 422)
            let page: TokenPage = try await kitchen.get(.tokens)
            #expect(page.tokens.isEmpty)
        }
    }
}
