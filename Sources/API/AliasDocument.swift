/// Where an alias points.
package struct AliasDocument: Hashable, Sendable, Codable {
    /// The alias, such as `champion`.
    package var name: String
    /// The version that it points to.
    package var version: UInt32

    /// Says that `name` points to `version`.
    package init(name: String, version: UInt32) {
        self.name = name
        self.version = version
    }
}

/// A move of an alias.
package struct AliasMoveDocument: Hashable, Sendable, Codable {
    /// The alias, such as `champion`.
    package var alias: String
    /// The version that it pointed to before; nil for none.
    package var from: UInt32?
    /// The version that it points to since.
    package var to: UInt32
    /// When.
    package var moved: Timestamp
    /// The unique name of the decision.
    package var decision: String
    /// Who decided: `gate` or `person:` with a name.
    package var actor: String
    /// Why.
    package var reason: String

    /// Describes a move; see the properties.
    package init(
        alias: String, from: UInt32?, to: UInt32, moved: Timestamp, decision: String,
        actor: String, reason: String
    ) {
        self.alias = alias
        self.from = from
        self.to = to
        self.moved = moved
        self.decision = decision
        self.actor = actor
        self.reason = reason
    }
}

/// A version to make the champion.
package struct PromotionRequest: Hashable, Sendable, Codable {
    /// The version's number.
    package var version: UInt32
    /// Why; kept for ever.
    package var reason: String
    /// Who asks, for the record; nil for somebody who has the token.
    package var actor: String?
    /// A name of the sender's choice for this decision, so that sending it again changes nothing;
    /// nil makes every request a decision of its own.
    package var decision: String?

    /// Asks to make `version` the champion.
    package init(
        version: UInt32, reason: String, actor: String? = nil, decision: String? = nil
    ) {
        self.version = version
        self.reason = reason
        self.actor = actor
        self.decision = decision
    }
}

/// A wish to make the previous champion the champion again.
package struct RollbackRequest: Hashable, Sendable, Codable {
    /// Why; kept for ever.
    package var reason: String
    /// Who asks, for the record; nil for somebody who has the token.
    package var actor: String?
    /// A name of the sender's choice for this decision, so that sending it again changes nothing;
    /// nil makes every request a decision of its own.
    package var decision: String?

    /// Asks for the previous champion.
    package init(reason: String, actor: String? = nil, decision: String? = nil) {
        self.reason = reason
        self.actor = actor
        self.decision = decision
    }
}

/// The champion of a model after a change.
package struct ChampionChanged: Hashable, Sendable, Codable {
    /// The model.
    package var model: String
    /// Its champion.
    package var version: UInt32

    /// Says that `version` is the champion of `model`.
    package init(model: String, version: UInt32) {
        self.model = model
        self.version = version
    }
}
