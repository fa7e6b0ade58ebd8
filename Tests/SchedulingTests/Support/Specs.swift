import Testing
import Vocabulary

extension SweepSpec {
    /// A sweep of one experiment that minimises `loss`.
    static func plain(
        trials: UInt32 = 4, cpus: UInt32 = 1, priority: Int32 = 0, pruner: PrunerSpec = .none,
        target: Double? = nil, retries: RetryPolicy = RetryPolicy()
    ) -> SweepSpec {
        SweepSpec(
            name: "plain", objective: Objective(metric: "loss", goal: .minimize, target: target),
            experiments: [.named("Exp1", trials: trials, cpus: cpus, pruner: pruner)],
            priority: priority, retries: retries)
    }

    /// A sweep whose winner meets the champion of `kitchen`.
    static func promoted(
        trials: UInt32 = 1, finalists: UInt32 = 1, seeds: UInt32 = 1
    ) throws -> SweepSpec {
        var spec = plain(trials: trials)
        spec.model = "kitchen"
        spec.data = PreparedData(
            spec: DataSpec(path: "kitchen.csv", target: "orders"), source: try digest(1),
            search: try digest(2), searchBytes: 10, gate: try digest(3), gateBytes: 10,
            validationRows: 2)
        spec.promotion = PromotionPolicy(finalists: finalists, seeds: seeds, resamples: 100)
        return spec
    }
}

extension ExperimentSpec {
    static func named(
        _ name: String, trials: UInt32, cpus: UInt32 = 1, pruner: PrunerSpec = .none
    ) -> ExperimentSpec {
        ExperimentSpec(
            name: name, trainer: .rehearsal,
            space: SearchSpace([Parameter("x", .integer(Interval(0, 1000)))]), sampler: .grid,
            pruner: pruner, trials: trials, resources: Resources(cpus: cpus))
    }
}

/// 32 bytes of `byte`.
func digest(_ byte: UInt8) throws -> Digest {
    try #require(Digest(bytes: Array(repeating: byte, count: Digest.byteCount)))
}

/// What a training for the gate leaves behind.
func gateFiles(_ byte: UInt8) throws -> [Artifact] {
    [
        Artifact(name: "losses.npy", digest: try digest(byte), byteCount: 8),
        Artifact(name: "model/model.json", digest: try digest(byte &+ 100), byteCount: 8),
    ]
}
