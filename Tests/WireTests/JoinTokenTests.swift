import Testing
import Vocabulary
import Wire

/// The text form of join tokens, and what people and terminals do to it.
struct JoinTokenTests {
    private static let places = [
        JoinToken.Place(control: "tcp://10.0.0.1:7801", artifacts: "tcp://10.0.0.1:7802"),
        JoinToken.Place(control: "tcp://[fe80::1]:1", artifacts: "tcp://kitchen.example:65535"),
    ]

    private static let token: JoinToken = {
        var samples = Samples(seed: 7)
        return JoinToken(
            places: places, serverKey: samples.key(), secretKey: Array(samples.key().utf8))
    }()

    @Test func `a token is one word that reads back as it was written`() throws {
        var samples = Samples(seed: 8)
        for count in 1...JoinToken.placeLimit {
            let token = JoinToken(
                places: (0..<count).map { Self.places[$0 % 2] }, serverKey: samples.key(),
                secretKey: Array(samples.key().utf8))
            #expect(try JoinToken(text: token.text) == token)
            #expect(token.text.hasPrefix("pml1-"))
            #expect(
                token.text.allSatisfy {
                    $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
                })
        }
    }

    @Test func `a token that was cut anywhere is refused`() {
        let text = Self.token.text
        for count in 0..<text.count {
            #expect(throws: JoinToken.Problem.self) { _ = try JoinToken(text: text.prefix(count)) }
        }
    }

    @Test func `a token with one other character is refused`() {
        let text = Array(Self.token.text)
        for index in text.indices {
            var changed = text
            changed[index] = changed[index] == "A" ? "B" : "A"
            #expect(throws: JoinToken.Problem.self, "at \(index)") {
                _ = try JoinToken(text: String(changed))
            }
        }
    }

    @Test(arguments: [
        ("", JoinToken.Problem.foreign), ("token", .foreign), ("pml-abc", .foreign),
        ("pml1", .foreign), ("pml1-", .damaged), ("pml2-abcd", .otherVersion),
        ("pml99999999999999999999-abcd", .otherVersion), ("pml1-====", .damaged),
        ("pml1-ab cd", .damaged), ("pml1-\u{661}", .damaged),
    ])
    func `what is no token says what it is`(text: String, problem: JoinToken.Problem) {
        #expect(throws: problem) { _ = try JoinToken(text: text) }
    }

    @Test func `more than a token, and other alphabets, are refused`() {
        let text = Self.token.text
        for wrong in [text + "A", text + text.dropFirst(5), text + "=", text + "\n", " " + text] {
            #expect(throws: JoinToken.Problem.self) { _ = try JoinToken(text: wrong) }
        }
        #expect(throws: JoinToken.Problem.damaged) {
            _ = try JoinToken(text: "pml1-" + String(repeating: "A", count: 1_000_000))
        }
    }

    @Test func `places without tcp and keys that are none are refused`() {
        let broken = [
            JoinToken(places: [], serverKey: Self.token.serverKey, secretKey: []),
            JoinToken(
                places: Self.places, serverKey: String(repeating: "~", count: 40),
                secretKey: Self.token.secretKey),
            JoinToken(
                places: [.init(control: "inproc://a", artifacts: "tcp://a:1")],
                serverKey: Self.token.serverKey, secretKey: Self.token.secretKey),
        ]
        for token in broken {
            #expect(throws: JoinToken.Problem.damaged) { _ = try JoinToken(text: token.text) }
        }
    }

    @Test func `a token does not print its secret`() {
        let secret = String(decoding: Self.token.secretKey, as: UTF8.self)
        var dumped = ""
        dump(Self.token, to: &dumped)
        #expect(!"\(Self.token)\(String(reflecting: Self.token))\(dumped)".contains(secret))
        #expect("\(Self.token)".contains("tcp://10.0.0.1:7801"))
    }

    @Test func `a message with a key that is none is refused`() {
        for key in [
            "", "short", String(repeating: "~", count: 40), String(repeating: "#", count: 40),
        ] {
            let facts = WorkerFacts(host: "h", process: 1, cpus: 1, memoryBytes: 1, software: "1")
            let messages: [WorkerMessage] = [
                .enrol(Enrolment(key: key, name: "oven", facts: facts)), .rotate(key: key),
            ]
            for message in messages {
                for frame in ControlCodec.encodeFrames([message]) {
                    #expect(throws: WireError.self) {
                        _ = try ControlCodec.decodeWorker(frame.span)
                    }
                }
            }
        }
    }
}
