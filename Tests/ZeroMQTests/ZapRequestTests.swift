import CLibZMQ
import Testing
import ZeroMQ

/// Speaks ZAP (RFC 27) with the handler, as libzmq would.
@Suite struct ZapRequestTests {
    let context: Context
    let authenticator: Authenticator

    init() throws {
        context = try Context()
        authenticator = try Authenticator(in: context, domain: "test")
        try authenticator.admit(only: [:])
    }

    @Test func `other mechanisms are refused`() throws {
        let null = try ask(["1.0", "id", "test", "127.0.0.1", "", "NULL"])
        #expect(null[3] == bytes("400"))
        let plain = try ask(["1.0", "id", "test", "127.0.0.1", "", "PLAIN", "admin", "admin"])
        #expect(plain[3] == bytes("400"))
        #expect(authenticator.counts.refused == 2)
    }

    @Test func `an admitted key gets in by one way only`() throws {
        let keys = try CurveKeyPair.generate()
        try authenticator.admit(only: [keys.publicKey: "worker"])
        let key = binary(keys.publicKey)
        let right = try ask(["1.0", "id", "test", "127.0.0.1", "", "CURVE"], key)
        #expect(right.dropFirst(3) == [bytes("200"), bytes("OK"), bytes("worker"), []])
        let wrong = [
            ["1.0", "id", "other", "127.0.0.1", "", "CURVE"],
            ["1.0", "id", "", "127.0.0.1", "", "CURVE"],
            ["1.0", "id", "test", "127.0.0.1", "", "GSSAPI"],
            ["1.0", "id", "test", "127.0.0.1", "", "PLAIN"],
        ]
        for request in wrong {
            let reply = try ask(request, key)
            #expect(reply[3] == bytes("400"))
            #expect(reply[5] == [])
        }
        #expect(authenticator.counts.admitted == 1)
    }

    @Test func `an answer names the request and the reason`() throws {
        let reply = try ask([
            "1.0", "id", "test", "127.0.0.1", "", "CURVE", "0123456789abcdef0123456789abcdef",
        ])
        #expect(
            reply == [[], bytes("1.0"), bytes("id"), bytes("400"), bytes("unknown key"), [], []])
    }

    @Test func `a key of the wrong size is refused`() throws {
        let reply = try ask(["1.0", "id", "test", "127.0.0.1", "", "CURVE", "short"])
        #expect(reply[3] == bytes("400"))
    }

    @Test func `what is not ZAP is answered with 500, or not at all`() throws {
        let version = try ask(["2.0", "id", "test", "127.0.0.1", "", "NULL"])
        #expect(version[3] == bytes("500"))
        let short = try ask(["1.0", "id"])
        #expect(short[3] == bytes("500"))

        let dealer = try connected()
        #expect(try dealer.send([[]]) == .sent)
        #expect(try dealer.send([[UInt8]](repeating: [], count: 100)) == .sent)
        // Neither has a request id to answer to; the handler lives on.
        let reply = try ask(["1.0", "id", "test", "127.0.0.1", "", "NULL"])
        #expect(reply[3] == bytes("400"))
        try wait(for: "the count") { authenticator.counts.malformed == 4 }
        #expect(try dealer.nextIfAny() == nil)
    }

    private func binary(_ key: CurveKey) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        _ = unsafe zmq_z85_decode(&bytes, key.text)
        return bytes
    }

    private func connected() throws -> Socket {
        let dealer = try Socket(.dealer, in: context, options: quickOptions())
        try dealer.connect("inproc://zeromq.zap.01")
        return dealer
    }

    private func ask(_ frames: [String], _ credentials: [UInt8]...) throws -> [[UInt8]] {
        let dealer = try connected()
        try dealer.deliver([[]] + frames.map { bytes($0) } + credentials)
        return try dealer.next()
    }
}
