package import Vocabulary

/// A join token, without its secret.
package struct TokenDocument: Hashable, Sendable, Codable {
    /// Whether it is in force.
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// Another worker may enrol with it.
        case live
        /// As many workers enrolled with it as may.
        case usedUp
        /// A person ended it.
        case revoked
        /// Its time is over.
        case expired
    }

    /// Its number.
    package var id: Written<TokenID>
    /// Whether it is in force.
    package var state: State
    /// How many workers may enrol with it.
    package var uses: Int
    /// How many did.
    package var used: Int
    /// Whether those wait for a person's approval.
    package var needsApproval: Bool
    /// When it was made.
    package var created: Timestamp
    /// When its time is over.
    package var expires: Timestamp

    /// Describes a token; see the properties.
    package init(
        id: TokenID, state: State, uses: Int, used: Int, needsApproval: Bool,
        created: Timestamp, expires: Timestamp
    ) {
        self.id = Written(id)
        self.state = state
        self.uses = uses
        self.used = used
        self.needsApproval = needsApproval
        self.created = created
        self.expires = expires
    }
}

/// All join tokens, by number.
package struct TokenPage: Hashable, Sendable, Codable {
    /// The tokens.
    package var tokens: [TokenDocument]

    /// Lists `tokens`.
    package init(tokens: [TokenDocument]) { self.tokens = tokens }
}

/// A join token to make.
package struct TokenRequest: Hashable, Sendable, Codable {
    /// The public key of a CURVE key pair made for this token alone, 40 characters of Z85.
    ///
    /// Its secret half stays with whoever asks. The same key again gives the same token.
    package var key: String
    /// How many workers may enrol with it, from 1.
    package var uses: Int
    /// For how many seconds it is in force.
    package var lifetimeSeconds: Double
    /// Whether those who enrol wait for a person's approval.
    package var needsApproval: Bool

    /// Describes a token to make; see the properties.
    package init(key: String, uses: Int, lifetimeSeconds: Double, needsApproval: Bool) {
        self.key = key
        self.uses = uses
        self.lifetimeSeconds = lifetimeSeconds
        self.needsApproval = needsApproval
    }
}

/// A join token was made, and what else belongs into its text.
package struct TokenCreated: Hashable, Sendable, Codable {
    /// Its number.
    package var token: Written<TokenID>
    /// When its time is over.
    package var expires: Timestamp
    /// The control socket that the coordinator listens on, such as `tcp://10.0.0.1:7801`.
    package var control: String
    /// The artifact socket that it listens on.
    package var artifacts: String
    /// The coordinator's CURVE public key, 40 characters of Z85.
    package var serverKey: String

    /// Describes what was made; see the properties.
    package init(
        token: TokenID, expires: Timestamp, control: String, artifacts: String,
        serverKey: String
    ) {
        self.token = Written(token)
        self.expires = expires
        self.control = control
        self.artifacts = artifacts
        self.serverKey = serverKey
    }
}
