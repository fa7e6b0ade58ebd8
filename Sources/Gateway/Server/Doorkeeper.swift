import API
import HTTPTypes
import Hashing
import Hummingbird
import Vocabulary

/// Decides whether a request is heard at all.
struct Doorkeeper: Sendable {
    private let hosts: Set<String>
    private let token: Digest

    /// A doorkeeper for what `configuration` allows.
    init(_ configuration: GatewayConfiguration) {
        let named = [configuration.host, "localhost", "127.0.0.1", "::1"] + configuration.hosts
        hosts = Set(named.map(HostName.canonical))
        token = Digest.of(configuration.token)
    }

    /// Refuses names that are not ours, so that no web page can reach the gateway under a name
    /// of its own (DNS rebinding).
    func checkHost(_ head: HTTPRequest) throws(Problem) {
        guard let authority = head.authority, let host = HostName.host(ofAuthority: authority)
        else {
            throw Problem(
                .malformed, "The request has no valid Host header.",
                fix: "Send the host and port that you connect to as Host.")
        }
        guard hosts.contains(host) else {
            throw Problem(
                .forbiddenHost, "This coordinator does not answer under the name \"\(host)\".",
                fix: "Use 127.0.0.1 or localhost, or add the name to http.hosts of the "
                    + "coordinator's configuration.")
        }
    }

    /// Refuses requests without the token.
    ///
    /// Hashes are compared, so that the time tells neither
    /// the token's length nor where two tokens differ.
    func checkToken(_ head: HTTPRequest) throws(Problem) {
        let fix =
            "Send the content of the token file in the coordinator's state folder as "
            + "\"Authorization: Bearer TOKEN\"."
        guard let value = head.headerFields[.authorization] else {
            throw Problem(.unauthenticated, "The request carries no token.", fix: fix)
        }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw Problem(.unauthenticated, "The token is not sent as a bearer token.", fix: fix)
        }
        let offered = Digest.of(String(parts[1]))
        guard ConstantTime.areEqual(offered.bytes, token.bytes) else {
            throw Problem(
                .unauthenticated, "The token is not the one of this coordinator.", fix: fix)
        }
    }
}
