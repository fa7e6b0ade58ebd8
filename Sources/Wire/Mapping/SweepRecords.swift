import Scheduling
import SwiftProtobuf
import Vocabulary

extension SchemaSweepSubmitted {
    init(_ sweep: SweepID, _ spec: SweepSpec, source: String, seed: UInt64) {
        self.sweep = sweep.number
        self.spec = SchemaSweepSpec(spec)
        self.source = source
        self.seed = seed
    }

    func decoded() throws(WireError) -> Record {
        .sweepSubmitted(
            try Structure.sweep(sweep), try spec.decoded(), source: source, seed: seed)
    }
}

extension SchemaSweepEntered {
    init(_ sweep: SweepID, _ phase: SweepPhase, reason: String) {
        self.sweep = sweep.number
        self.phase = phase.schema
        self.reason = reason
    }

    func decoded() throws(WireError) -> Record {
        .sweepEntered(
            try Structure.sweep(sweep),
            try Structure.present(SweepPhase(phase), "sweep_entered.phase"), reason: reason)
    }
}

extension SchemaSweepPaused {
    init(_ sweep: SweepID, _ isPaused: Bool) {
        self.sweep = sweep.number
        self.isPaused = isPaused
    }

    func decoded() throws(WireError) -> Record {
        .sweepPaused(try Structure.sweep(sweep), isPaused)
    }
}

extension SchemaExperimentExhausted {
    init(_ sweep: SweepID, _ experiment: UInt32) {
        self.sweep = sweep.number
        self.experiment = experiment
    }

    func decoded() throws(WireError) -> Record {
        .experimentExhausted(try Structure.sweep(sweep), experiment: experiment)
    }
}
