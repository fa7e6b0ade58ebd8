package import Vocabulary

/// One model that won a sweep, with everything needed to say where it came from.
package struct ModelVersion: Hashable, Sendable, Codable {
    /// The registry name of the model that it is a version of.
    package var model: String
    /// The position in the order of registration, from 1.
    package var number: UInt32
    /// The files that make up the model.
    package var artifacts: [Artifact]
    /// Where it came from.
    package var lineage: Lineage

    /// Describes version `number` of `model`.
    package init(model: String, number: UInt32, artifacts: [Artifact], lineage: Lineage) {
        self.model = model
        self.number = number
        self.artifacts = artifacts
        self.lineage = lineage
    }
}

/// Where a version came from: enough to train it again.
package struct Lineage: Hashable, Sendable, Codable {
    /// The sweep that found it.
    package var sweep: SweepID
    /// The trial whose files it consists of.
    package var trial: TrialID
    /// The name of the trial's experiment.
    package var experiment: String
    /// The code that trained it and that can score it.
    package var trainer: Trainer
    /// The parameters that it was trained with.
    package var parameters: [Assignment]
    /// Seed of the trainer's random choices.
    package var seed: UInt64
    /// The data that it was trained on; nil for trainers that need none.
    package var data: PreparedData?
    /// The version of the code that trained it.
    package var software: String
    /// The final metrics of the trial.
    package var metrics: [Metric]

    /// Describes an origin; see the properties.
    package init(
        sweep: SweepID, trial: TrialID, experiment: String, trainer: Trainer,
        parameters: [Assignment], seed: UInt64, data: PreparedData?, software: String,
        metrics: [Metric]
    ) {
        self.sweep = sweep
        self.trial = trial
        self.experiment = experiment
        self.trainer = trainer
        self.parameters = parameters
        self.seed = seed
        self.data = data
        self.software = software
        self.metrics = metrics
    }
}
