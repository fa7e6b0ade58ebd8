package import Vocabulary

/// Models, their versions and their aliases, as the sum of all changes so far.
///
/// Functions that decide return changes and alter nothing; `apply` alters. So a decision can be
/// made durable between the two, and the changes in order rebuild the registry.
package struct ModelRegistry: Hashable, Sendable {
    /// The alias of the version in use.
    package static let champion = "champion"

    private struct Alias: Hashable, Sendable {
        let name: String
        var version: UInt32
        /// The versions that had the alias before, the oldest first; a rollback takes the last.
        var earlier: [UInt32]
    }

    private struct Model: Hashable, Sendable {
        let name: String
        /// In the order of numbers.
        var versions: [ModelVersion] = []
        /// In the order of names.
        var aliases: [Alias] = []

        func version(_ number: UInt32) -> ModelVersion? {
            let (found, index) = versions.search(number, by: \.number)
            return found ? versions[index] : nil
        }

        func alias(_ name: String) -> Alias? {
            let (found, index) = aliases.search(name, by: \.name)
            return found ? aliases[index] : nil
        }
    }

    /// In the order of names.
    private var entries: [Model] = []
    /// The position in `moves` of each decision.
    private var decisions: [String: Int] = [:]
    /// All moves of all aliases in the order in which they were made: the audit.
    package private(set) var moves: [AliasMove] = []

    /// A registry without models.
    package init() {}

    // MARK: Looking

    /// The names of all models, in order.
    package var models: [String] { entries.map(\.name) }

    /// All versions of `model` in the order of numbers; empty when there is no such model.
    package func versions(of model: String) -> [ModelVersion] { entry(model)?.versions ?? [] }

    /// Version `number` of `model`, if there is one.
    package func version(_ model: String, _ number: UInt32) -> ModelVersion? {
        entry(model)?.version(number)
    }

    /// The version of `model` that was made of `trial`, if there is one.
    package func version(_ model: String, of trial: TrialID) -> ModelVersion? {
        entry(model)?.versions.last { $0.lineage.trial == trial }
    }

    /// The version in use, if there is one.
    package func champion(of model: String) -> ModelVersion? {
        alias(Self.champion, of: model)
    }

    /// The version that `alias` of `model` points to, if it is set.
    package func alias(_ alias: String, of model: String) -> ModelVersion? {
        guard let entry = entry(model), let number = entry.alias(alias)?.version
        else { return nil }
        return entry.version(number)
    }

    /// The aliases of `model` with the versions that they point to, in the order of names.
    package func aliases(of model: String) -> [(alias: String, version: UInt32)] {
        entry(model)?.aliases.map { ($0.name, $0.version) } ?? []
    }

    // MARK: Deciding

    /// Makes the next version of `model` of a trial's files.
    ///
    /// - Returns: One change, or none when the trial already is a version of the model.
    /// - Throws: `RegistryError.invalidModelName` or `.tooManyVersions`.
    package func register(
        model: String, artifacts: [Artifact], lineage: Lineage
    ) throws(RegistryError) -> [RegistryChange] {
        guard NameRule.isModelName(model) else { throw .invalidModelName(model) }
        guard version(model, of: lineage.trial) == nil else { return [] }
        let last = entry(model)?.versions.last?.number ?? 0
        guard last < .max else { throw .tooManyVersions(model: model) }
        return [
            .versionRegistered(
                ModelVersion(
                    model: model, number: last + 1, artifacts: artifacts, lineage: lineage))
        ]
    }

    /// Makes `version` the champion of `model`, provided that the champion still is `previous`.
    ///
    /// - Returns: One change, or none when the decision was already made or `version` already is
    ///   the champion.
    /// - Throws: A `RegistryError`; `.aliasMovedMeanwhile` when someone else was faster.
    package func promote(
        model: String, version: UInt32, expecting previous: UInt32?, decision: String,
        actor: String, reason: String
    ) throws(RegistryError) -> [RegistryChange] {
        try move(
            Self.champion, of: model, to: version, expecting: previous, decision: decision,
            actor: actor, reason: reason)
    }

    /// Points `alias` of `model` to `version`, provided that it still points to `previous`.
    ///
    /// - Returns: One change, or none when the decision was already made or the alias already
    ///   points there.
    /// - Throws: A `RegistryError`; `.aliasMovedMeanwhile` when someone else was faster.
    package func move(
        _ alias: String, of model: String, to version: UInt32, expecting previous: UInt32?,
        decision: String, actor: String, reason: String
    ) throws(RegistryError) -> [RegistryChange] {
        guard NameRule.isAlias(alias) else { throw .invalidAlias(alias) }
        let entry = try known(model)
        guard entry.version(version) != nil else {
            throw .unknownVersion(model: model, version: version)
        }
        let current = entry.alias(alias)?.version
        let move = AliasMove(
            model: model, alias: alias, from: previous, to: version, decision: decision,
            actor: actor, reason: reason)
        guard try isNew(decision, { $0.isSameDecision(as: move) }) else { return [] }
        guard current == previous else {
            throw .aliasMovedMeanwhile(
                model: model, alias: alias, expected: previous, actual: current)
        }
        return current == version ? [] : [.aliasMoved(move)]
    }

    /// Makes the version before the present one the champion of `model` again.
    ///
    /// The chain of champions works as a stack: a promotion puts the old champion on it, a
    /// rollback takes the top off and does not come back as something to roll back to. After
    /// promotions of 1, 2, 3 one rollback gives 2, and a second one 1; if 4 is promoted after the
    /// first, a rollback gives 2 again and then 1, never the rejected 3.
    ///
    /// - Returns: One change, or none when the decision was already made.
    /// - Throws: `RegistryError.unknownModel`, `.nothingToRollBackTo`, `.invalidDecision` or
    ///   `.decisionReused`.
    package func rollback(
        model: String, decision: String, actor: String, reason: String
    ) throws(RegistryError) -> [RegistryChange] {
        let entry = try known(model)
        let isRepeated = { (move: AliasMove) in
            move.isRollback && move.model == model && move.alias == Self.champion
        }
        guard try isNew(decision, isRepeated) else { return [] }
        guard let alias = entry.alias(Self.champion), let target = alias.earlier.last else {
            throw .nothingToRollBackTo(model: model)
        }
        return [
            .aliasMoved(
                AliasMove(
                    model: model, alias: Self.champion, from: alias.version, to: target,
                    decision: decision, actor: actor, reason: reason, isRollback: true))
        ]
    }

    /// Whether `decision` was never made; false when it was made with the outcome that
    /// `isRepeated` tells.
    private func isNew(
        _ decision: String, _ isRepeated: (AliasMove) -> Bool
    ) throws(RegistryError) -> Bool {
        guard (1...Limits.nameBytes).contains(decision.utf8.count) else {
            throw .invalidDecision(decision)
        }
        guard let index = decisions[decision] else { return true }
        guard isRepeated(moves[index]) else { throw .decisionReused(decision) }
        return false
    }

    // MARK: Changing

    /// Takes up a change that was decided by this registry.
    package mutating func apply(_ change: RegistryChange) {
        switch change {
        case .versionRegistered(let version):
            alter(version.model) { model in
                let (found, index) = model.versions.search(version.number, by: \.number)
                if !found { model.versions.insert(version, at: index) }
            }
        case .aliasMoved(let move):
            alter(move.model) { model in
                let (found, index) = model.aliases.search(move.alias, by: \.name)
                if !found {
                    let alias = Alias(name: move.alias, version: move.to, earlier: [])
                    model.aliases.insert(alias, at: index)
                } else if move.isRollback {
                    _ = model.aliases[index].earlier.popLast()
                } else {
                    model.aliases[index].earlier.append(model.aliases[index].version)
                }
                model.aliases[index].version = move.to
            }
            decisions[move.decision] = moves.count
            moves.append(move)
        }
    }

    private mutating func alter(_ model: String, _ body: (inout Model) -> Void) {
        let (found, index) = entries.search(model, by: \.name)
        if !found { entries.insert(Model(name: model), at: index) }
        body(&entries[index])
    }

    private func entry(_ model: String) -> Model? {
        let (found, index) = entries.search(model, by: \.name)
        return found ? entries[index] : nil
    }

    private func known(_ model: String) throws(RegistryError) -> Model {
        guard let entry = entry(model) else { throw .unknownModel(model) }
        return entry
    }
}

extension AliasMove {
    /// Whether both say the same, for other reasons perhaps.
    fileprivate func isSameDecision(as other: AliasMove) -> Bool {
        (model, alias, to, isRollback) == (other.model, other.alias, other.to, other.isRollback)
    }
}

extension Array {
    /// Looks for `key` in an array in the order of keys: where it is, or where it belongs.
    fileprivate func search<Key: Comparable>(
        _ key: Key, by keyPath: KeyPath<Element, Key>
    ) -> (found: Bool, index: Int) {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle][keyPath: keyPath] < key {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return (low < count && self[low][keyPath: keyPath] == key, low)
    }
}
