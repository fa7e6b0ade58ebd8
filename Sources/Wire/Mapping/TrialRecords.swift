import Scheduling
import SwiftProtobuf
import Vocabulary

extension SchemaTrialCreated {
    init(_ creation: TrialCreation) {
        sweep = creation.trial.sweep.number
        trial = creation.trial.number
        experiment = creation.experiment
        setTask(creation.task)
        parameters = creation.parameters.map { SchemaValue($0) }
        seed = creation.seed
    }

    func decoded() throws(WireError) -> Record {
        .trialCreated(
            TrialCreation(
                trial: try Structure.trial(sweep, trial, "trial_created.trial"),
                experiment: experiment, task: try decodedTask(.disk),
                parameters: try SchemaValue.point(parameters, .disk), seed: seed))
    }
}

extension SchemaAttemptStarted {
    init(_ attempt: AttemptID, _ worker: WorkerID, _ devices: [UInt32]) {
        sweep = attempt.trial.sweep.number
        trial = attempt.trial.number
        self.attempt = attempt.number
        self.worker = worker.number
        self.devices = devices
    }

    func decoded() throws(WireError) -> Record {
        .attemptStarted(
            try Structure.attempt(sweep, trial, attempt, "attempt_started.attempt"),
            try Structure.worker(worker), devices: devices)
    }
}

extension SchemaAttemptCheckpoint {
    func decodedRecord() throws(WireError) -> Record {
        let (attempt, checkpoint) = try decoded(.disk)
        return .checkpointed(attempt, checkpoint)
    }
}

extension SchemaCheckpointReleased {
    init(_ trial: TrialID, _ step: UInt64) {
        sweep = trial.sweep.number
        self.trial = trial.number
        self.step = step
    }

    func decoded() throws(WireError) -> Record {
        .checkpointReleased(
            try Structure.trial(sweep, trial, "checkpoint_released.trial"), step: step)
    }
}

extension SchemaAttemptEnded {
    init(_ result: AttemptResult, _ next: TrialState, _ objective: Double?) {
        self.result = SchemaAttemptResult(result)
        (self.next, failure) = next.schema
        if let objective { self.objective = objective }
    }

    func decoded() throws(WireError) -> Record {
        .attemptEnded(
            try result.decoded(.disk),
            next: try Structure.present(TrialState(next, failure), "attempt_ended.next"),
            objective: hasObjective ? objective : nil)
    }
}
