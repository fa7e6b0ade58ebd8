import SwiftProtobuf
import Vocabulary

/// The three fields that say what is optimised.
protocol ObjectiveFields {
    var metric: String { get set }
    var goal: SchemaGoal { get set }
    var target: Double { get set }
    var hasTarget: Bool { get }
}

extension SchemaObjective: ObjectiveFields {}
extension SchemaLease: ObjectiveFields {}

extension ObjectiveFields {
    mutating func setObjective(_ objective: Objective) {
        metric = objective.metric
        goal = objective.goal.schema
        if let value = objective.target { target = value }
    }

    func decodedObjective(_ scrutiny: Scrutiny) throws(WireError) -> Objective {
        Objective(
            metric: try scrutiny.name(metric, "objective.metric"),
            goal: try Structure.present(Objective.Goal(goal), "objective.goal"),
            target: hasTarget ? try scrutiny.finite(target, "objective.target") : nil)
    }
}

extension SchemaLease {
    init(_ lease: Lease) {
        sweep = lease.attempt.trial.sweep.number
        trial = lease.attempt.trial.number
        attempt = lease.attempt.number
        setTask(lease.task)
        experiment = lease.experiment
        trainer = lease.trainer.schema
        parameters = lease.parameters.map { SchemaValue($0) }
        seed = lease.seed
        cpus = lease.cpus
        if let bytes = lease.memoryBytes { memoryBytes = bytes }
        if let bytes = lease.diskBytes { diskBytes = bytes }
        gpuThousandths = lease.gpus.thousandths
        devices = lease.devices
        isExclusive = lease.isExclusive
        if let seconds = lease.timeLimit { timeLimit = seconds }
        setObjective(lease.objective)
        if let prepared = lease.data { data = SchemaPreparedData(prepared) }
        if let set = lease.dataSet { dataSet = SchemaDataSet(set) }
        model = lease.model.map { SchemaArtifact($0) }
        if let own = lease.program { program = SchemaProgram(own) }
        if let digest = lease.code { code = digest.data }
        if let last = lease.checkpoint { checkpoint = SchemaCheckpoint(last) }
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> Lease {
        if hasTimeLimit {
            try scrutiny.require(
                timeLimit > 0 && timeLimit.isFinite, "lease.time_limit", "is not above 0")
        }
        try scrutiny.count(devices.count, atMost: Limits.devicesPerWorker, "lease.devices")
        return Lease(
            attempt: try Structure.attempt(sweep, trial, attempt, "lease.attempt"),
            task: try decodedTask(scrutiny),
            experiment: try scrutiny.name(experiment, "lease.experiment"),
            trainer: try Structure.present(Trainer(trainer), "lease.trainer"),
            parameters: try SchemaValue.point(parameters, scrutiny), seed: seed,
            cpus: try scrutiny.number(cpus, in: 1...Limits.cpusPerWorker, "lease.cpus"),
            memoryBytes: hasMemoryBytes ? memoryBytes : nil,
            diskBytes: hasDiskBytes ? diskBytes : nil,
            gpus: try Structure.devices(gpuThousandths, "lease.gpu_thousandths"),
            devices: devices, isExclusive: isExclusive,
            timeLimit: hasTimeLimit ? timeLimit : nil,
            objective: try decodedObjective(scrutiny),
            data: hasData ? try data.decoded(scrutiny) : nil,
            dataSet: hasDataSet ? try dataSet.decoded(scrutiny) : nil,
            model: try SchemaArtifact.files(model, scrutiny),
            program: hasProgram ? try program.decoded(scrutiny) : nil,
            code: hasCode ? try Structure.digest(code, "lease.code") : nil,
            checkpoint: hasCheckpoint ? try checkpoint.decoded(scrutiny) : nil)
    }
}
