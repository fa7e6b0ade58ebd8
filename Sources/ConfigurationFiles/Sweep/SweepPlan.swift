package import Vocabulary

/// What a sweep would do, told before anything runs.
package struct SweepPlan: Hashable, Sendable {
    /// What one experiment would do.
    package struct Experiment: Hashable, Sendable {
        /// The name.
        package var name: String
        /// The code that trains.
        package var trainer: Trainer
        /// How points are chosen.
        package var method: SamplerSpec
        /// The most trials: the budget, or the grid where that is smaller.
        package var trials: UInt32
        /// Points of the grid; nil when a parameter is continuous or there are too many to count.
        package var gridSize: UInt64?
        /// The last step at which the pruner decides; nil when it has none.
        package var maximumStep: UInt64?
        /// CPUs of one trial.
        package var cpus: UInt32
    }

    /// The experiments in the order of the file.
    package var experiments: [Experiment]
    /// Trainings of finalists after the search: finalists times seeds; 0 without promotion.
    package var confirmations: UInt32
    /// Trials of the search and confirmations together.
    package var totalTrials: UInt64

    /// Plans `file`.
    package init(_ file: SweepFile) {
        experiments = file.spec.experiments.map { experiment in
            let gridSize = GridSize.combinations(of: experiment.space)
            var trials = experiment.trials
            if experiment.sampler == .grid, let gridSize {
                trials = min(trials, UInt32(clamping: gridSize))
            }
            var maximumStep: UInt64?
            if case .asha(let rule) = experiment.pruner { maximumStep = rule.maximumStep }
            return Experiment(
                name: experiment.name, trainer: experiment.trainer, method: experiment.sampler,
                trials: trials, gridSize: gridSize, maximumStep: maximumStep,
                cpus: experiment.resources.cpus)
        }
        let searched = experiments.reduce(UInt64(0)) { $0 + UInt64($1.trials) }
        let finalists = file.spec.promotion.map { min(UInt64($0.finalists), searched) } ?? 0
        confirmations = UInt32(
            clamping: finalists * UInt64(file.spec.promotion?.seeds ?? 0))
        totalTrials = searched + UInt64(confirmations)
    }
}
