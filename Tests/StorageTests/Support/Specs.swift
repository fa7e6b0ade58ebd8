import Registry
import Vocabulary

extension SweepSpec {
    /// A sweep with `experiments` experiments called Exp1 and so on.
    static func example(
        _ name: String = "kitchen", experiments: Int = 2, goal: Objective.Goal = .minimize
    ) -> SweepSpec {
        let space = SearchSpace([
            Parameter("eta", .float(Interval(0.01, 0.3))),
            Parameter("depth", .integer(Interval(2, 8))),
        ])
        return SweepSpec(
            name: name, model: "demand", objective: Objective(metric: "rmse", goal: goal),
            experiments: (1...experiments).map {
                ExperimentSpec(name: "Exp\($0)", trainer: .noop, space: space, trials: 100)
            })
    }
}

extension GateReport {
    static let example = GateReport(
        verdict: .promote, rows: 100, challengerLoss: 1.5, championLoss: 2, difference: 0.5,
        lower: 0.25, upper: 0.75, confidence: 0.95, reason: "it is better")
}

extension ModelVersion {
    /// Version `number` of model "demand", of a trial with that number.
    static func example(_ number: UInt32) -> ModelVersion {
        let sweep = SweepID(1)
        return ModelVersion(
            model: "demand", number: number,
            artifacts: [
                Artifact(
                    name: "model/booster.json", digest: .example(UInt8(number)), byteCount: 12)
            ],
            lineage: Lineage(
                sweep: sweep, trial: TrialID(sweep: sweep, number: number), experiment: "Exp1",
                trainer: .xgboost, parameters: [Assignment("eta", .float(0.1))], seed: .max,
                data: nil, software: "1.0", metrics: [Metric("rmse", 1.5)]))
    }
}

extension Digest {
    /// A digest that is no file's.
    static func example(_ byte: UInt8) -> Digest {
        guard let digest = Digest(bytes: Array(repeating: byte, count: byteCount)) else {
            preconditionFailure("a digest has \(byteCount) bytes")
        }
        return digest
    }
}
