import Registry
import Scheduling
import Vocabulary

// Each pair maps one enumeration of the vocabulary to the schema's and back; nil stands for the
// unspecified value and for values of newer versions.

extension Trainer {
    var schema: SchemaTrainer {
        switch self {
        case .xgboost: .xgboost
        case .rehearsal: .rehearsal
        case .noop: .noop
        case .python: .python
        case .command: .command
        }
    }

    init?(_ schema: SchemaTrainer) {
        switch schema {
        case .xgboost: self = .xgboost
        case .rehearsal: self = .rehearsal
        case .noop: self = .noop
        case .python: self = .python
        case .command: self = .command
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension SamplerSpec {
    var schema: SchemaSampler {
        switch self {
        case .random: .random
        case .grid: .grid
        case .sobol: .sobol
        case .tpe: .tpe
        }
    }

    init?(_ schema: SchemaSampler) {
        switch schema {
        case .random: self = .random
        case .grid: self = .grid
        case .sobol: self = .sobol
        case .tpe: self = .tpe
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension Objective.Goal {
    var schema: SchemaGoal {
        switch self {
        case .minimize: .minimize
        case .maximize: .maximize
        }
    }

    init?(_ schema: SchemaGoal) {
        switch schema {
        case .minimize: self = .minimize
        case .maximize: self = .maximize
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension Scale {
    var schema: SchemaScale {
        switch self {
        case .linear: .linear
        case .logarithmic: .logarithmic
        case .inverseLogarithmic: .inverseLogarithmic
        }
    }

    init?(_ schema: SchemaScale) {
        switch schema {
        case .linear: self = .linear
        case .logarithmic: self = .logarithmic
        case .inverseLogarithmic: self = .inverseLogarithmic
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension CalendarFeature {
    var schema: SchemaCalendarFeature {
        switch self {
        case .hour: .hour
        case .weekday: .weekday
        case .month: .month
        case .dayOfYear: .dayOfYear
        case .year: .year
        }
    }

    init?(_ schema: SchemaCalendarFeature) {
        switch schema {
        case .hour: self = .hour
        case .weekday: self = .weekday
        case .month: self = .month
        case .dayOfYear: self = .dayOfYear
        case .year: self = .year
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension StopReason {
    var schema: SchemaStopReason {
        switch self {
        case .pruned: .pruned
        case .cancelled: .cancelled
        case .fenced: .fenced
        case .preempted: .preempted
        }
    }

    init?(_ schema: SchemaStopReason) {
        switch schema {
        case .pruned: self = .pruned
        case .cancelled: self = .cancelled
        case .fenced: self = .fenced
        case .preempted: self = .preempted
        // Whatever reason a newer version has: the execution is to end.
        case .UNRECOGNIZED: self = .cancelled
        case .unspecified: return nil
        }
    }
}

extension Verdict {
    var schema: SchemaVerdict {
        switch self {
        case .committed: .committed
        case .superseded: .superseded
        case .rejected: .rejected
        }
    }

    init?(_ schema: SchemaVerdict) {
        switch schema {
        case .committed: self = .committed
        case .superseded: self = .superseded
        case .rejected: self = .rejected
        // Whatever a newer version made of it: the result was dealt with.
        case .UNRECOGNIZED: self = .superseded
        case .unspecified: return nil
        }
    }
}

extension FailureClass {
    var schema: SchemaFailure {
        switch self {
        case .trainerError: .trainerError
        case .crash: .crash
        case .nonFiniteMetric: .nonFiniteMetric
        case .metricMissing: .metricMissing
        case .outOfMemory: .outOfMemory
        case .outOfDisk: .outOfDisk
        case .workerLost: .workerLost
        case .timeout: .timeout
        case .cancelled: .cancelled
        case .badCode: .badCode
        }
    }

    init?(_ schema: SchemaFailure) {
        switch schema {
        // A class that only newer versions know is an error of the trainer here.
        case .trainerError, .UNRECOGNIZED: self = .trainerError
        case .crash: self = .crash
        case .nonFiniteMetric: self = .nonFiniteMetric
        case .metricMissing: self = .metricMissing
        case .outOfMemory: self = .outOfMemory
        case .outOfDisk: self = .outOfDisk
        case .workerLost: self = .workerLost
        case .timeout: self = .timeout
        case .cancelled: self = .cancelled
        case .badCode: self = .badCode
        case .unspecified: return nil
        }
    }
}

extension KeptCheckpoint {
    var schema: SchemaKeptCheckpoint {
        switch self {
        case .best: .best
        case .latest: .latest
        case .both: .both
        case .none: .none
        }
    }

    init?(_ schema: SchemaKeptCheckpoint) {
        switch schema {
        // Files of older versions do not say it.
        case .best, .unspecified: self = .best
        case .latest: self = .latest
        case .both: self = .both
        case .none: self = .none
        case .UNRECOGNIZED: return nil
        }
    }
}

extension Outcome {
    var schema: (ending: SchemaEnding, failure: SchemaFailure) {
        switch self {
        case .succeeded: (.succeeded, .unspecified)
        case .pruned: (.pruned, .unspecified)
        case .failed(let failure): (.failed, failure.schema)
        case .returned: (.returned, .unspecified)
        }
    }

    init?(_ ending: SchemaEnding, _ failure: SchemaFailure) {
        switch ending {
        case .succeeded: self = .succeeded
        case .pruned: self = .pruned
        case .failed:
            guard let failure = FailureClass(failure) else { return nil }
            self = .failed(failure)
        case .returned: self = .returned
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension TrialState {
    var schema: (state: SchemaTrialState, failure: SchemaFailure) {
        switch self {
        case .waiting: (.waiting, .unspecified)
        case .running: (.running, .unspecified)
        case .succeeded: (.succeeded, .unspecified)
        case .pruned: (.pruned, .unspecified)
        case .failed(let failure): (.failed, failure.schema)
        }
    }

    init?(_ state: SchemaTrialState, _ failure: SchemaFailure) {
        switch state {
        case .waiting: self = .waiting
        case .running: self = .running
        case .succeeded: self = .succeeded
        case .pruned: self = .pruned
        case .failed:
            guard let failure = FailureClass(failure) else { return nil }
            self = .failed(failure)
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension SweepPhase {
    var schema: SchemaSweepPhase {
        switch self {
        case .searching: .searching
        case .confirming: .confirming
        case .judging: .judging
        case .finished: .finished
        case .failed: .failed
        case .cancelled: .cancelled
        }
    }

    init?(_ schema: SchemaSweepPhase) {
        switch schema {
        case .searching: self = .searching
        case .confirming: self = .confirming
        case .judging: self = .judging
        case .finished: self = .finished
        case .failed: self = .failed
        case .cancelled: self = .cancelled
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension Departure {
    var schema: SchemaDeparture {
        switch self {
        case .lost: .lost
        case .left: .left
        case .revoked: .revoked
        }
    }

    init?(_ schema: SchemaDeparture) {
        switch schema {
        case .lost: self = .lost
        case .left: self = .left
        case .revoked: self = .revoked
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension GateReport.Verdict {
    var schema: SchemaGateVerdict {
        switch self {
        case .promote: .promote
        case .keep: .keep
        }
    }

    init?(_ schema: SchemaGateVerdict) {
        switch schema {
        case .promote: self = .promote
        case .keep: self = .keep
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension Device.Maker {
    var schema: SchemaDeviceMaker {
        switch self {
        case .nvidia: .nvidia
        case .amd: .amd
        }
    }

    init?(_ schema: SchemaDeviceMaker) {
        switch schema {
        case .nvidia: self = .nvidia
        case .amd: self = .amd
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}
