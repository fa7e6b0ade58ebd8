/// Why the registry refuses a change; `description` is a sentence for people.
package enum RegistryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text cannot name a model.
    case invalidModelName(String)
    /// The text cannot name an alias.
    case invalidAlias(String)
    /// The decision has no identifier, or one longer than `Limits.nameBytes`.
    case invalidDecision(String)
    /// No version of the model was ever registered.
    case unknownModel(String)
    /// The model has no version with that number.
    case unknownVersion(model: String, version: UInt32)
    /// The alias is not where the caller believed it to be.
    case aliasMovedMeanwhile(model: String, alias: String, expected: UInt32?, actual: UInt32?)
    /// The champion has no predecessor.
    case nothingToRollBackTo(model: String)
    /// The decision was already made, with another outcome.
    case decisionReused(String)
    /// The model has as many versions as can be numbered.
    case tooManyVersions(model: String)

    /// What is wrong and what to do about it.
    package var description: String {
        switch self {
        case .invalidModelName(let name):
            "\"\(name)\" cannot name a model: use 1 to 128 letters, digits, dots, hyphens and "
                + "underscores, starting with a letter or digit."
        case .invalidAlias(let name):
            "\"\(name)\" cannot name an alias: use 1 to 128 letters, digits, dots, hyphens and "
                + "underscores, starting with a letter or digit, but not \"latest\" or a version "
                + "such as \"v3\"."
        case .invalidDecision(let identifier):
            "\"\(identifier.prefix(32))\" cannot identify a decision: give it 1 to 256 bytes."
        case .unknownModel(let model):
            "The registry has no model \"\(model)\"."
        case .unknownVersion(let model, let version):
            "Model \"\(model)\" has no version \(version)."
        case .aliasMovedMeanwhile(let model, let alias, let expected, let actual):
            "The alias \"\(alias)\" of model \"\(model)\" is \(place(actual)), not "
                + "\(place(expected)) as expected: look again and repeat the decision."
        case .nothingToRollBackTo(let model):
            "Model \"\(model)\" has no champion before the present one to roll back to."
        case .decisionReused(let identifier):
            "Decision \"\(identifier)\" was already made with another outcome: use a new "
                + "identifier for a new decision."
        case .tooManyVersions(let model):
            "Model \"\(model)\" has as many versions as can be numbered."
        }
    }

    private func place(_ version: UInt32?) -> String {
        version.map { "at version \($0)" } ?? "unset"
    }
}
