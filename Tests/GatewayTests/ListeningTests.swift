import Gateway
import Storage
import Testing

/// Where the gateway listens, and what it says when it cannot.
@Suite(.timeLimit(.minutes(1))) struct ListeningTests {
    private func gateway(
        _ kitchen: Kitchen, host: String = "127.0.0.1", port: Int = 0,
        token: String = Kitchen.token, allowRemote: Bool = false
    ) throws(GatewayError) -> Gateway {
        let desk = kitchen.desk
        return try Gateway(
            configuration: GatewayConfiguration(
                host: host, port: port, token: token, entrance: Kitchen.entrance,
                allowRemote: allowRemote),
            perform: { await desk.perform($0) }, catalogue: kitchen.catalogue,
            artifacts: kitchen.artifacts, logger: LogBook().logger)
    }

    @Test(arguments: ["0.0.0.0", "192.168.1.10", "::", "kitchen.example", "127.0.0.1.example"])
    func `an address that others can reach must be allowed`(_ host: String) async throws {
        try await Kitchen.open { kitchen in
            let error = #expect(throws: GatewayError.remoteAddress(host: host)) {
                try gateway(kitchen, host: host)
            }
            #expect(error?.description.contains("allow_remote") == true)
            #expect(throws: Never.self) {
                try gateway(kitchen, host: host, allowRemote: true)
            }
        }
    }

    @Test func `a short token and a wrong port are refused`() async throws {
        try await Kitchen.open { kitchen in
            #expect(throws: GatewayError.weakToken) { try gateway(kitchen, token: "secret") }
            #expect(throws: GatewayError.invalidPort(70_000)) {
                try gateway(kitchen, port: 70_000)
            }
        }
    }

    @Test func `a port in use is named with what to do`() async throws {
        try await Kitchen.open { kitchen in
            let second = try gateway(kitchen, port: kitchen.port)
            let error = await #expect(throws: GatewayError.self) { try await second.run() }
            #expect(error == .portInUse(host: "127.0.0.1", port: kitchen.port))
            #expect(error?.description.contains("choose another http.port") == true)
        }
    }

    @Test func `an address of another host is named`() async throws {
        try await Kitchen.open { kitchen in
            // TEST-NET-1 (RFC 5737) is nobody's address.
            let elsewhere = try gateway(kitchen, host: "192.0.2.1", allowRemote: true)
            let error = await #expect(throws: GatewayError.self) { try await elsewhere.run() }
            #expect(error == .unknownAddress(host: "192.0.2.1"))
        }
    }

    @Test func `it ends with its task, open connections included`() async throws {
        try await Kitchen.open { kitchen in
            let second = try gateway(kitchen)
            let (ports, bound) = AsyncStream.makeStream(of: Int.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await second.run { bound.yield($0) } }
                var iterator = ports.makeAsyncIterator()
                let port = try #require(await iterator.next())
                try await Connection.open(port) { talk in
                    try await talk.say("GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    #expect(try await talk.next()?.hasPrefix("HTTP/1.1 200") == true)
                    // The group ends only when `run` has returned.
                }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }
}
