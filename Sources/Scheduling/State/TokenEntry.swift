package import Vocabulary

/// What a join token is good for.
package struct TokenTerms: Hashable, Sendable {
    /// The public key of the pair whose secret key the token carries, 40 characters of Z85; the
    /// secret itself is never here.
    package var key: String
    /// How many workers may enrol with it, from 1.
    package var uses: UInt32
    /// Whether those wait for a person's approval.
    package var needsApproval: Bool
    /// How long it is in force, counted by a clock that nobody sets.
    package var lifetime: Duration
    /// When it ends in milliseconds since 1970: what counts after a restart of the coordinator.
    package var expires: Int64

    /// Describes a token; see the properties.
    package init(
        key: String, uses: UInt32, needsApproval: Bool, lifetime: Duration, expires: Int64
    ) {
        self.key = key
        self.uses = uses
        self.needsApproval = needsApproval
        self.lifetime = lifetime
        self.expires = expires
    }
}

/// Why a token ended before it was used up.
package enum TokenEnding: String, Hashable, Sendable, Codable, CaseIterable {
    /// A person ended it.
    case revoked
    /// Its time was over.
    case expired
}

/// What is known of one join token.
package struct TokenEntry: Hashable, Sendable {
    /// What it is good for.
    package let terms: TokenTerms
    /// The workers that enrolled with it, in that order.
    package var workers: [WorkerID] = []
    /// Why it is no longer in force; nil while it is, and when it was used up.
    package var ending: TokenEnding?

    init(_ terms: TokenTerms) { self.terms = terms }

    /// Whether another worker may enrol with it, its time apart.
    package var isLive: Bool { ending == nil && workers.count < terms.uses }
}
