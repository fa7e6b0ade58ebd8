import API
import Client
import Foundation
import Testing
import Vocabulary
import Wire
import ZeroMQ

/// A join token as a person gets it.
struct IssuedToken {
    let id: TokenID
    let text: String

    /// The key pair that it carries.
    func keys() throws -> CurveKeyPair {
        try CurveKeyPair(secretKey: CurveSecretKey(JoinToken(text: text).secretKey))
    }
}

extension Cluster {
    /// Makes a join token by the command line.
    func token(_ options: String...) async throws -> IssuedToken {
        try await token(options)
    }

    /// Makes a join token by the command line.
    func token(_ options: [String]) async throws -> IssuedToken {
        let child = try launch(
            "token", ["coordinator", "token", "create", "--json"] + options)
        let code = try await child.end()
        try #require(code == 0, "\(child.log)")
        let made = try #require(
            JSONSerialization.jsonObject(with: Data(child.output.utf8)) as? [String: String])
        return IssuedToken(
            id: try #require(TokenID(text: made["token"] ?? "")),
            text: try #require(made["text"]))
    }

    /// Starts a worker that joins with `token`, and waits for nothing.
    func launchJoining(
        _ name: String, _ token: IssuedToken, _ options: String..., prefix: [String] = []
    ) throws -> ChildProcess {
        try launch(
            name,
            [
                "worker", "--join", token.text, "--state", "\(folder)/\(name)", "--name", name,
                "--cpus", "1", "--log-level", "debug",
            ] + options, prefix: prefix)
    }

    /// Starts a worker that joins with `token` and is refused; returns what it says.
    func refused(_ name: String, _ token: IssuedToken) async throws -> String {
        let worker = try launchJoining(name, token)
        let code = try await worker.end(within: .seconds(40))
        #expect(code == 1)
        return worker.log
    }

    /// The state of the token called `id`.
    func state(of id: TokenID) async throws -> TokenDocument.State? {
        try await client().tokens().tokens.first { $0.id.value == id }?.state
    }
}
