import Datasets
import Foundation

/// Where the coordinator answers and the token that it knows this person by.
package struct Access: Hashable, Sendable {
    /// What a person said about the coordinator; nil for what was not said.
    package struct Wishes: Hashable, Sendable {
        /// The address, such as `http://127.0.0.1:7800`.
        package var address: String?
        /// The file with the token.
        package var tokenFile: String?
        /// The state folder.
        package var state: String?

        /// Wishes from the command line.
        package init(address: String? = nil, tokenFile: String? = nil, state: String? = nil) {
            self.address = address
            self.tokenFile = tokenFile
            self.state = state
        }
    }

    /// The scheme, host and port, without a path.
    package var address: String
    /// The bearer token.
    package var token: String

    /// Joins an address and a token.
    package init(address: String, token: String) {
        self.address = address
        self.token = token
    }

    /// The state folder when nobody names one.
    package static let defaultState = ".picoml"

    /// The state folder that is in force: said, `PICOML_STATE`, or `.picoml`.
    package static func state(_ wishes: Wishes, environment: [String: String]) -> String {
        wishes.state ?? named("PICOML_STATE", environment) ?? defaultState
    }

    /// Finds address and token: said, then `PICOML_ADDRESS` and `PICOML_TOKEN_FILE`, then what a
    /// coordinator wrote to the state folder.
    package static func find(
        _ wishes: Wishes, environment: [String: String]
    ) throws(ClientError) -> Access {
        let folder = state(wishes, environment: environment) + "/coordinator"
        let address: String
        if let said = wishes.address ?? named("PICOML_ADDRESS", environment) {
            address = said
        } else {
            address = try published(in: folder)
        }
        let file =
            wishes.tokenFile ?? named("PICOML_TOKEN_FILE", environment) ?? folder + "/token"
        return Access(address: try checked(address), token: try token(in: file))
    }

    private static func named(_ variable: String, _ environment: [String: String]) -> String? {
        environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    private struct Published: Decodable {
        var address: String
    }

    private static func published(in folder: String) throws(ClientError) -> String {
        let path = folder + "/http.json"
        do {
            let bytes = try FileBytes.read(path, limit: 65_536)
            return try JSONDecoder().decode(Published.self, from: Data(bytes)).address
        } catch let problem as FileProblem {
            guard problem.isMissing else {
                throw ClientError(.unreachable, "\(path) \(problem.message).")
            }
            throw ClientError(
                .unreachable, "No coordinator has run here: there is no \(path).",
                fix: "Start one with `picoml up`, or name one with --address and --token-file.")
        } catch {
            throw ClientError(
                .unreachable, "\(path) is not what a coordinator writes.",
                fix: "Start the coordinator again, or name it with --address.")
        }
    }

    private static func checked(_ address: String) throws(ClientError) -> String {
        guard let parts = URLComponents(string: address),
            parts.scheme == "http" || parts.scheme == "https",
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.query == nil,
            parts.path.isEmpty || parts.path == "/"
        else {
            throw ClientError(
                .badInput, "\"\(address)\" is not the address of a coordinator.",
                fix: "Write it as http://127.0.0.1:7800.")
        }
        return address.hasSuffix("/") ? String(address.dropLast()) : address
    }

    private static func token(in path: String) throws(ClientError) -> String {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path, limit: 4096)
        } catch {
            throw ClientError(
                error.isMissing ? .unreachable : .notPermitted,
                "The token file \(path) \(error.message).",
                fix: error.isMissing
                    ? "A coordinator writes it when it starts: `picoml coordinator` or `picoml up`."
                    : "Run this as the user that runs the coordinator.")
        }
        guard try permissions(of: path) & 0o077 == 0 else {
            throw ClientError(
                .notPermitted, "The token file \(path) can be read by other users.",
                fix: "Run `chmod 600 \(path)`.")
        }
        let text = String(decoding: bytes, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        // Only visible ASCII can stand in a header (RFC 9110, section 5.5).
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ClientError(
                .notPermitted, "\(path) does not hold a token.",
                fix: "Start the coordinator again: it writes a new one.")
        }
        return text
    }

    private static func permissions(of path: String) throws(ClientError) -> Int {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
        } catch {
            throw ClientError(.notPermitted, "The token file \(path) cannot be examined.")
        }
    }
}
