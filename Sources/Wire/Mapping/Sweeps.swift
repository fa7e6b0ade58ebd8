import SwiftProtobuf
import Vocabulary

extension SchemaSweepSpec {
    init(_ spec: SweepSpec) {
        name = spec.name
        if let name = spec.model { model = name }
        objective.setObjective(spec.objective)
        experiments = spec.experiments.map { SchemaExperimentSpec($0) }
        if let prepared = spec.data { data = SchemaPreparedData(prepared) }
        if let set = spec.dataSet { dataSet = SchemaDataSet(set) }
        if let bundle = spec.code { code = SchemaCodeBundle(bundle) }
        if let policy = spec.promotion { promotion = SchemaPromotionPolicy(policy) }
        priority = spec.priority
        sharing = SchemaSharingPolicy(spec.sharing)
        retries = SchemaRetryPolicy(spec.retries)
        keptCheckpoint = spec.keptCheckpoint.schema
        if let number = spec.seed { seed = number }
    }

    func decoded() throws(WireError) -> SweepSpec {
        SweepSpec(
            name: name, model: hasModel ? model : nil,
            objective: try objective.decodedObjective(.disk),
            experiments: try Structure.list(experiments) { experiment throws(WireError) in
                try experiment.decoded()
            },
            data: hasData ? try data.decoded(.disk) : nil,
            dataSet: hasDataSet ? try dataSet.decoded(.disk) : nil,
            code: hasCode ? try code.decoded(.disk) : nil,
            promotion: hasPromotion ? promotion.decoded() : nil, priority: priority,
            sharing: sharing.decoded(), retries: retries.decoded(),
            keptCheckpoint: try Structure.present(
                KeptCheckpoint(keptCheckpoint), "sweep.kept_checkpoint"),
            seed: hasSeed ? seed : nil)
    }
}

extension SchemaSharingPolicy {
    init(_ policy: SharingPolicy) {
        if let name = policy.user { user = name }
        weight = policy.weight
        if let count = policy.concurrency { concurrency = count }
        preempts = policy.preempts
    }

    func decoded() -> SharingPolicy {
        SharingPolicy(
            user: hasUser ? user : nil, weight: max(1, weight),
            concurrency: hasConcurrency ? concurrency : nil, preempts: preempts)
    }
}

extension SchemaRetryPolicy {
    init(_ policy: RetryPolicy) {
        lostAttempts = policy.lostAttempts
        failedAttempts = policy.failedAttempts
        outOfMemoryAttempts = policy.outOfMemoryAttempts
        outOfDiskAttempts = policy.outOfDiskAttempts
        timeoutAttempts = policy.timeoutAttempts
        nonFiniteAttempts = policy.nonFiniteAttempts
        crashedAttempts = policy.crashedAttempts
    }

    func decoded() -> RetryPolicy {
        RetryPolicy(
            lostAttempts: lostAttempts, failedAttempts: failedAttempts,
            crashedAttempts: max(1, crashedAttempts),
            outOfMemoryAttempts: max(1, outOfMemoryAttempts),
            outOfDiskAttempts: max(1, outOfDiskAttempts),
            timeoutAttempts: max(1, timeoutAttempts),
            nonFiniteAttempts: max(1, nonFiniteAttempts))
    }
}

extension SchemaPromotionPolicy {
    init(_ policy: PromotionPolicy) {
        finalists = policy.finalists
        seeds = policy.seeds
        confidence = policy.confidence
        resamples = policy.resamples
        blockRows = policy.blockRows
        margin = policy.margin
    }

    func decoded() -> PromotionPolicy {
        PromotionPolicy(
            finalists: finalists, seeds: seeds, confidence: confidence, resamples: resamples,
            blockRows: blockRows, margin: margin)
    }
}

extension SchemaExperimentSpec {
    init(_ experiment: ExperimentSpec) {
        name = experiment.name
        trainer = experiment.trainer.schema
        parameters = experiment.space.parameters.map { SchemaParameter($0) }
        sampler = experiment.sampler.schema
        switch experiment.pruner {
        case .none: pruner = nil
        case .median(let rule):
            median.startupTrials = rule.startupTrials
            median.warmupSteps = rule.warmupSteps
        case .asha(let rule):
            halving.minimumStep = rule.minimumStep
            halving.reductionFactor = rule.reductionFactor
            if let step = rule.maximumStep { halving.maximumStep = step }
        }
        trials = experiment.trials
        cpus = experiment.resources.cpus
        if let bytes = experiment.resources.memoryBytes { memoryBytes = bytes }
        if let bytes = experiment.resources.diskBytes { diskBytes = bytes }
        gpuThousandths = experiment.resources.gpus.thousandths
        labels = experiment.resources.labels.schema
        isExclusive = experiment.resources.isExclusive
        if let seconds = experiment.timeLimit { timeLimit = seconds }
        if let own = experiment.program { program = SchemaProgram(own) }
    }

    func decoded() throws(WireError) -> ExperimentSpec {
        ExperimentSpec(
            name: name, trainer: try Structure.present(Trainer(trainer), "experiment.trainer"),
            space: SearchSpace(
                try Structure.list(parameters) { parameter throws(WireError) in
                    try parameter.decoded()
                }),
            sampler: try Structure.present(SamplerSpec(sampler), "experiment.sampler"),
            pruner: decodedPruner, trials: trials,
            resources: Resources(
                cpus: cpus, memoryBytes: hasMemoryBytes ? memoryBytes : nil,
                diskBytes: hasDiskBytes ? diskBytes : nil,
                gpus: try Structure.devices(gpuThousandths, "experiment.gpu_thousandths"),
                labels: try SchemaLabel.labels(labels, .disk, "experiment.labels"),
                isExclusive: isExclusive),
            timeLimit: hasTimeLimit ? timeLimit : nil,
            program: hasProgram ? try program.decoded(.disk) : nil)
    }

    private var decodedPruner: PrunerSpec {
        switch pruner {
        case .median(let rule):
            .median(
                MedianRule(startupTrials: rule.startupTrials, warmupSteps: rule.warmupSteps))
        case .halving(let rule):
            .asha(
                HalvingRule(
                    minimumStep: rule.minimumStep, reductionFactor: rule.reductionFactor,
                    maximumStep: rule.hasMaximumStep ? rule.maximumStep : nil))
        case nil: .none
        }
    }
}
