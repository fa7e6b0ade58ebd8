import API
import Registry
import Storage
import Vocabulary

/// The alias that the registry's gate moves.
let championAlias = "champion"

extension ModelEntry {
    /// A model, whose versions are numbered without gaps.
    init(_ row: ModelRow) {
        self.init(
            name: row.name,
            champion: row.aliases.first { $0.name == championAlias }?.version,
            versions: Int(row.latest))
    }
}

extension VersionEntry {
    /// A version to which those of `aliases` point that have its number.
    init(_ row: VersionRow, aliases: [AliasRow]) {
        let version = row.version
        self.init(
            number: version.number, registered: Timestamp(milliseconds: row.registered),
            trial: version.lineage.trial, experiment: version.lineage.experiment,
            metrics: version.lineage.metrics,
            aliases: aliases.filter { $0.version == version.number }.map(\.name))
    }
}

extension VersionDocument {
    /// A version with its lineage.
    init(_ row: VersionRow, aliases: [AliasRow]) {
        let lineage = row.version.lineage
        self.init(
            model: row.version.model, version: VersionEntry(row, aliases: aliases),
            artifacts: row.version.artifacts, parameters: lineage.parameters,
            seed: lineage.seed, data: lineage.data, software: lineage.software)
    }
}

extension AliasMoveDocument {
    /// A move of an alias.
    init(_ row: AliasMoveRow) {
        let move = row.move
        self.init(
            alias: move.alias, from: move.from, to: move.to,
            moved: Timestamp(milliseconds: row.time), decision: move.decision,
            actor: move.actor, reason: move.reason)
    }
}
