import ConfigurationFiles
import Datasets
package import Vocabulary

/// What a sweep would do and cost, before anything runs.
package struct Plan: Hashable, Sendable, Codable {
    /// What one experiment would do.
    package struct Experiment: Hashable, Sendable, Codable {
        /// The name.
        package var name: String
        /// The code that trains.
        package var trainer: Trainer
        /// How points are suggested.
        package var method: SamplerSpec
        /// Parameters that are searched, constants apart.
        package var parameters: Int
        /// The most trials.
        package var trials: UInt32
        /// Points of the grid; nil when there is no end of them.
        package var gridSize: UInt64?
        /// `asha`, `median` or nil.
        package var pruner: String?
        /// CPUs of one trial.
        package var cpus: UInt32
        /// The most rounds that all its trials train together; nil when `rounds` is unbounded.
        package var rounds: UInt64?
        /// The most CPU seconds of all its trials; nil without a time limit.
        package var cpuSeconds: Double?
    }

    /// The rows and features that its data gives.
    package struct Rows: Hashable, Sendable, Codable {
        /// The file.
        package var path: String
        /// Rows that models are trained on.
        package var training: Int
        /// Rows on which trials are compared.
        package var validation: Int
        /// Rows that only the gate sees.
        package var gate: Int
        /// Rows without a full lag window, left out.
        package var dropped: Int
        /// The features in order.
        package var features: [String]
    }

    /// The sweep's name.
    package var name: String
    /// The model that the winner becomes a version of; nil for none.
    package var model: String?
    /// What is optimised.
    package var objective: Objective
    /// The experiments in the order of the file.
    package var experiments: [Experiment]
    /// Trials that prove the winner: finalists times seeds.
    package var confirmations: UInt32
    /// All trials.
    package var totalTrials: UInt64
    /// The data; nil for trainers that need none.
    package var data: Rows?
    /// The data set that programs get, as the file names it; nil for none.
    package var dataSet: String?
    /// What can be used but hardly means what its author thinks.
    package var warnings: [Diagnostic]

    /// Plans `sweep`.
    package init(_ sweep: PreparedSweep) {
        let plan = SweepPlan(sweep.file)
        let spec = sweep.file.spec
        name = spec.name
        model = spec.model
        objective = spec.objective
        experiments = zip(plan.experiments, spec.experiments).map(Experiment.init)
        confirmations = plan.confirmations
        totalTrials = plan.totalTrials
        data = sweep.table.map { Rows($0, path: sweep.file.data?.path ?? "") }
        dataSet = sweep.file.dataSet?.description
        warnings = sweep.file.warnings
    }
}

extension Plan.Experiment {
    init(_ plan: SweepPlan.Experiment, _ spec: ExperimentSpec) {
        name = plan.name
        trainer = plan.trainer
        method = plan.method
        parameters = spec.space.parameters.count { !$0.domain.isConstant }
        trials = plan.trials
        gridSize = plan.gridSize
        pruner =
            switch spec.pruner {
            case .none: nil
            case .median: "median"
            case .asha: "asha"
            }
        cpus = plan.cpus
        let each = spec.space.parameters.first { $0.name == "rounds" }?.domain.largestWhole
        rounds = each.flatMap {
            let (product, overflow) = $0.multipliedReportingOverflow(by: UInt64(plan.trials))
            return overflow ? nil : product
        }
        cpuSeconds = spec.timeLimit.map { $0 * Double(plan.trials) * Double(plan.cpus) }
    }
}

extension Plan.Rows {
    init(_ table: PreparedTable, path: String) {
        self.path = path
        training = Int(table.trainingRows)
        validation = Int(table.validationRows)
        gate = Int(table.gateRows)
        dropped = table.droppedRows
        features = table.featureNames
    }
}

extension Domain {
    fileprivate var isConstant: Bool {
        if case .constant = self { true } else { false }
    }

    /// The largest value, when all of them are whole numbers from 0.
    fileprivate var largestWhole: UInt64? {
        switch self {
        case .constant(let value): Self.whole(value)
        case .categorical(let values, _):
            values.map(Self.whole).reduce(0) { largest, value in
                largest.flatMap { largest in value.map { max(largest, $0) } }
            }
        case .integer(let interval): UInt64(exactly: interval.upper)
        case .float, .normal: nil
        }
    }

    private static func whole(_ value: ParameterValue) -> UInt64? {
        if case .integer(let number) = value { UInt64(exactly: number) } else { nil }
    }
}
