package import Vocabulary

/// A registered model, in short.
package struct ModelEntry: Hashable, Sendable, Codable {
    /// Its name.
    package var name: String
    /// The version that is its champion; nil for none.
    package var champion: UInt32?
    /// How many versions it has.
    package var versions: Int

    /// Describes a model; see the properties.
    package init(name: String, champion: UInt32?, versions: Int) {
        self.name = name
        self.champion = champion
        self.versions = versions
    }
}

/// All registered models, by name.
package struct ModelPage: Hashable, Sendable, Codable {
    /// The models.
    package var models: [ModelEntry]

    /// Lists `models`.
    package init(models: [ModelEntry]) { self.models = models }
}

/// A registered model with all its versions and every move of its aliases.
package struct ModelDocument: Hashable, Sendable, Codable {
    /// Its name.
    package var name: String
    /// The champion with its lineage; nil for none.
    package var champion: VersionDocument?
    /// Its versions, newest first.
    package var versions: [VersionEntry]
    /// Where its aliases point, by name.
    package var aliases: [AliasDocument]
    /// Every move of an alias, newest first.
    package var history: [AliasMoveDocument]

    /// Describes a model; see the properties.
    package init(
        name: String, champion: VersionDocument?, versions: [VersionEntry],
        aliases: [AliasDocument], history: [AliasMoveDocument]
    ) {
        self.name = name
        self.champion = champion
        self.versions = versions
        self.aliases = aliases
        self.history = history
    }
}

/// A version of a model, in short.
package struct VersionEntry: Hashable, Sendable, Codable {
    /// Its number within the model, from 1.
    package var number: UInt32
    /// When it was registered.
    package var registered: Timestamp
    /// The trial that made it.
    package var trial: Written<TrialID>
    /// The name of the trial's experiment.
    package var experiment: String
    /// The metrics of the trial.
    package var metrics: [Metric]
    /// The aliases that point to it, by name.
    package var aliases: [String]

    /// Describes a version; see the properties.
    package init(
        number: UInt32, registered: Timestamp, trial: TrialID, experiment: String,
        metrics: [Metric], aliases: [String]
    ) {
        self.number = number
        self.registered = registered
        self.trial = Written(trial)
        self.experiment = experiment
        self.metrics = metrics
        self.aliases = aliases
    }
}

/// A version of a model with its files and where it comes from.
package struct VersionDocument: Hashable, Sendable, Codable {
    /// The model.
    package var model: String
    /// The version in short.
    package var version: VersionEntry
    /// Its files.
    package var artifacts: [Artifact]
    /// Its point of the search space.
    package var parameters: [Assignment]
    /// Seed of the trainer's own random choices, in decimal: JSON numbers end at 53 bits.
    package var seed: String
    /// What it was trained on; nil for trainers that need no data.
    package var data: PreparedData?
    /// The version of `picoml` that trained it.
    package var software: String

    /// Describes a version; see the properties.
    package init(
        model: String, version: VersionEntry, artifacts: [Artifact], parameters: [Assignment],
        seed: UInt64, data: PreparedData?, software: String
    ) {
        self.model = model
        self.version = version
        self.artifacts = artifacts
        self.parameters = parameters
        self.seed = "\(seed)"
        self.data = data
        self.software = software
    }
}
