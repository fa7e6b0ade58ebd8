import API
import Client
import ConfigurationFiles
import Wire
import ZeroMQ

/// A join token that is wanted.
struct JoinTokenOrder {
    /// How many workers may join with it.
    var uses: Int
    /// How long it is in force.
    var seconds: Double
    /// Whether those who join wait for a person's approval.
    var needsApproval = false
    /// Where workers reach the coordinator's control socket; none for where it listens.
    var control: [Endpoint] = []
    /// Where they reach its artifact socket, one for each of `control`; none for the same hosts.
    var artifacts: [Endpoint] = []

    /// Where a person names other addresses, such as `--endpoint`.
    var controlOption = "--endpoint"

    /// A token that was made.
    struct Made {
        var document: TokenCreated
        /// What a worker joins with: a secret.
        var text: String
        /// What keeps other hosts from the coordinator; nil for nothing.
        var warning: String?
    }

    /// Makes the token; its secret stays here.
    func make(_ client: CoordinatorClient) async throws -> Made {
        let keys = try CurveKeyPair.generate()
        let created = try await client.createToken(
            TokenRequest(
                key: keys.publicKey.text, uses: uses, lifetimeSeconds: seconds,
                needsApproval: needsApproval))
        let text = unsafe keys.secretKey.withText { secret in
            unsafe JoinToken(
                places: places(created), serverKey: created.serverKey, secretKey: Array(secret)
            ).text
        }
        return Made(
            document: created, text: text,
            warning: control.isEmpty ? warning(about: created.control) : nil)
    }

    private func places(_ created: TokenCreated) -> [JoinToken.Place] {
        guard !control.isEmpty else {
            return [JoinToken.Place(control: created.control, artifacts: created.artifacts)]
        }
        let port = Endpoint(argument: created.artifacts)?.port ?? 7802
        return control.indices.map { index in
            let first = control[index]
            let other =
                artifacts.isEmpty ? Endpoint(host: first.host, port: port) : artifacts[index]
            return JoinToken.Place(control: first.zeroMQ, artifacts: other.zeroMQ)
        }
    }

    /// What keeps other hosts from a coordinator that listens at `address`; nil for nothing.
    private func warning(about address: String) -> String? {
        guard let endpoint = Endpoint(argument: address) else { return nil }
        if ["0.0.0.0", "::", "*"].contains(endpoint.host) {
            return "\(address) is no address that another host can use: say which one is with "
                + "\(controlOption) tcp://ADDRESS:\(endpoint.port)"
        }
        guard ["localhost", "::1"].contains(endpoint.host) || endpoint.host.hasPrefix("127.")
        else { return nil }
        return "the coordinator listens at \(address), for this host alone: for others start it "
            + "with --control tcp://ADDRESS:\(endpoint.port) and --artifacts, or say with "
            + "\(controlOption) under which address a tunnel makes it reachable"
    }
}
