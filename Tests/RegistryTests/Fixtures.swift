import Registry
import Vocabulary

/// Values that registry tests share.
enum Fixtures {
    static func trial(_ number: UInt32) -> TrialID {
        TrialID(sweep: SweepID(1), number: number)
    }

    static func lineage(trial number: UInt32) -> Lineage {
        Lineage(
            sweep: SweepID(1), trial: trial(number), experiment: "Exp1", trainer: .xgboost,
            parameters: [Assignment("eta", .float(0.1))], seed: 7, data: nil,
            software: "0.1.0", metrics: [Metric("rmse", 1.5)])
    }

    /// A registry in which `model` has `count` versions.
    static func registry(
        _ model: String = "orders", versions count: UInt32
    ) throws(RegistryError) -> ModelRegistry {
        var registry = ModelRegistry()
        for number in 1...count {
            registry.apply(
                try registry.register(
                    model: model, artifacts: [], lineage: lineage(trial: number)))
        }
        return registry
    }
}

extension ModelRegistry {
    mutating func apply(_ changes: [RegistryChange]) {
        for change in changes { apply(change) }
    }

    /// Promotes and applies.
    mutating func promoteNow(
        _ version: UInt32, decision: String, model: String = "orders"
    ) throws(RegistryError) {
        apply(
            try promote(
                model: model, version: version, expecting: champion(of: model)?.number,
                decision: decision, actor: "gate", reason: "better"))
    }

    /// Rolls back and applies.
    mutating func rollbackNow(decision: String) throws(RegistryError) {
        apply(
            try rollback(
                model: "orders", decision: decision, actor: "person:ann", reason: "decayed"))
    }
}
