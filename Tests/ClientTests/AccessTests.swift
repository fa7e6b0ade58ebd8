import Client
import Foundation
import Testing

/// Where a command finds the coordinator and its token.
struct AccessTests {
    private func access(
        address: String? = nil, tokenFile: String? = nil, state: String? = nil,
        _ environment: [String: String] = [:]
    ) throws -> Access {
        try Access.find(
            .init(address: address, tokenFile: tokenFile, state: state), environment: environment)
    }

    @Test func `the state folder says all that is needed`() throws {
        try inTemporaryFolder { folder in
            try writeState("http://127.0.0.1:7805/", in: folder)
            let expected = Access(address: "http://127.0.0.1:7805", token: "secret")
            #expect(try access(state: folder) == expected)
            #expect(try access(["PICOML_STATE": folder]) == expected)
        }
    }

    @Test func `options win over the environment, and that over the state folder`() throws {
        try inTemporaryFolder { folder in
            try writeState("http://127.0.0.1:1", in: folder)
            try inTemporaryFolder { other in
                let token = try writeToken("other", in: other)
                let environment = [
                    "PICOML_ADDRESS": "http://127.0.0.1:2", "PICOML_TOKEN_FILE": token,
                ]
                #expect(
                    try access(state: folder, environment)
                        == Access(address: "http://127.0.0.1:2", token: "other"))
                #expect(
                    try access(address: "http://127.0.0.1:3", state: folder, environment)
                        == Access(address: "http://127.0.0.1:3", token: "other"))
                #expect(
                    try access(tokenFile: folder + "/coordinator/token", environment).token
                        == "secret")
            }
        }
    }

    @Test func `without a coordinator the next step is to start one`() throws {
        try inTemporaryFolder { folder in
            let error = try #require(throws: ClientError.self) { try access(state: folder) }
            #expect(error.status == .unreachable)
            #expect(error.fix.contains("picoml up"))
        }
    }

    @Test func `a token that others can read is refused with the command that mends it`() throws {
        try inTemporaryFolder { folder in
            try writeState("http://127.0.0.1:1", in: folder)
            for mode in [0o640, 0o604, 0o644] {
                let path = try writeToken("secret", in: folder, mode: mode)
                let error = try #require(throws: ClientError.self) { try access(state: folder) }
                #expect(error.status == .notPermitted)
                #expect(error.fix == "Run `chmod 600 \(path)`.")
            }
        }
    }

    @Test(arguments: ["", "two words", "line\nbreak", "ümlaut"])
    func `a token that cannot stand in a header is refused`(token: String) throws {
        try inTemporaryFolder { folder in
            try writeState("http://127.0.0.1:1", in: folder)
            try writeToken(token, in: folder)
            let error = try #require(throws: ClientError.self) { try access(state: folder) }
            #expect(error.status == .notPermitted)
        }
    }

    @Test(arguments: [
        "127.0.0.1:7800", "ftp://127.0.0.1", "http://", "http://user@host:1", "http://h/path",
        "http://h?x=1", "http://a b", "",
    ])
    func `an address that is none is refused`(address: String) throws {
        try inTemporaryFolder { folder in
            try writeState("http://127.0.0.1:1", in: folder)
            let error = try #require(throws: ClientError.self) {
                try access(address: address, state: folder)
            }
            #expect(error.status == .badInput)
            #expect(error.fix.contains("http://127.0.0.1:7800"))
        }
    }

    @Test func `a state folder with something else in it is told`() throws {
        try inTemporaryFolder { folder in
            try writeState("x", in: folder)
            try Data("[]".utf8)
                .write(to: URL(fileURLWithPath: folder + "/coordinator/http.json"))
            let error = try #require(throws: ClientError.self) { try access(state: folder) }
            #expect(error.message.contains("http.json"))
        }
    }
}
