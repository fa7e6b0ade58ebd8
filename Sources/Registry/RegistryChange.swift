/// A durable fact about the registry; applying all of them in order rebuilds it.
package enum RegistryChange: Hashable, Sendable, Codable {
    /// A version came into being.
    case versionRegistered(ModelVersion)
    /// An alias points to another version than before.
    case aliasMoved(AliasMove)
}

/// One move of an alias: a line of the audit.
package struct AliasMove: Hashable, Sendable, Codable {
    /// The model whose alias moved.
    package var model: String
    /// The alias, such as `champion`.
    package var alias: String
    /// The version that had the alias before; nil for the first move.
    package var from: UInt32?
    /// The version that has it now.
    package var to: UInt32
    /// Identifies the decision; the same decision never moves an alias twice.
    package var decision: String
    /// Who decided: `gate` or `person:NAME`.
    package var actor: String
    /// Why, in a sentence for people.
    package var reason: String
    /// Whether the move takes an earlier one back instead of adding to the chain.
    package var isRollback: Bool

    /// Describes a move; see the properties.
    package init(
        model: String, alias: String, from: UInt32?, to: UInt32, decision: String,
        actor: String, reason: String, isRollback: Bool = false
    ) {
        self.model = model
        self.alias = alias
        self.from = from
        self.to = to
        self.decision = decision
        self.actor = actor
        self.reason = reason
        self.isRollback = isRollback
    }
}
