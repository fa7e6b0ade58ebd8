import Registry
import Scheduling
import Vocabulary

extension Samples {
    /// One record of every kind.
    mutating func records() -> [Record] {
        // A copy draws the later kinds, so that the golden files of the earlier ones stay.
        var later = self
        var latest = self
        return [
            .workerAuthorized(workerID(), name: name(), key: name()),
            .workerRevoked(workerID()),
            .workerJoined(workerID(), facts()),
            .workerLeft(workerID(), pick(Departure.allCases)),
            .workerExcluded(
                workerID(), for: .milliseconds(Int64(random.next(below: 1 << 30))),
                reason: text()),
            .workerReadmitted(workerID()),
            .sweepSubmitted(SweepID(identifier()), sweep(), source: text(), seed: random.next()),
            .sweepEntered(SweepID(identifier()), pick(SweepPhase.allCases), reason: text()),
            .sweepPaused(SweepID(identifier()), flip()),
            .experimentExhausted(SweepID(identifier()), experiment: identifier() - 1),
            .trialCreated(
                TrialCreation(
                    trial: trialID(), experiment: identifier() - 1, task: task(),
                    parameters: point(), seed: random.next())),
            .attemptStarted(
                attemptID(), workerID(),
                devices: latest.list { UInt32($0.random.next(below: 256)) }),
            .reported(report()),
            .pruneDecided(attemptID()),
            .checkpointed(attemptID(), checkpoint()),
            .checkpointReleased(trialID(), step: random.next()),
            .attemptEnded(
                result(),
                next: pick([.waiting, .running, .succeeded, .pruned, .failed(failure())]),
                objective: maybe { $0.finite() }),
            .gateJudged(SweepID(identifier()), gateReport(), winner: trialID()),
            .registryChanged(.versionRegistered(version())),
            .registryChanged(.aliasMoved(move())),
        ] + later.enrolments() + [.dataAdded(later.dataSet())]
    }

    private mutating func enrolments() -> [Record] {
        [
            .workerPending(workerID(), name: name(), key: name(), facts()),
            .workerApproved(workerID()),
            .workerKeyOffered(workerID(), key: name()),
            .workerKeyReplaced(workerID()),
            .tokenCreated(
                tokenID(),
                TokenTerms(
                    key: name(), uses: identifier(), needsApproval: flip(),
                    lifetime: .milliseconds(Int64(random.next(below: 1 << 40))),
                    expires: Int64(bitPattern: random.next()))),
            .tokenUsed(tokenID(), workerID()),
            .tokenEnded(tokenID(), pick(TokenEnding.allCases)),
        ]
    }

    private mutating func gateReport() -> GateReport {
        GateReport(
            verdict: pick([.promote, .keep]), rows: Int(identifier()), challengerLoss: finite(),
            championLoss: maybe { $0.finite() }, difference: maybe { $0.finite() },
            lower: maybe { $0.finite() }, upper: maybe { $0.finite() }, confidence: finite(),
            reason: text())
    }

    private mutating func version() -> ModelVersion {
        ModelVersion(
            model: name(), number: identifier(), artifacts: artifacts(),
            lineage: Lineage(
                sweep: SweepID(identifier()), trial: trialID(), experiment: name(),
                trainer: pick(Trainer.allCases), parameters: point(), seed: random.next(),
                data: maybe { $0.data() }, software: name(), metrics: metrics()))
    }

    private mutating func move() -> AliasMove {
        AliasMove(
            model: name(), alias: name(), from: maybe { $0.identifier() }, to: identifier(),
            decision: name(), actor: name(), reason: text(), isRollback: flip())
    }

    /// A sweep whose experiments have parameters of every kind of domain.
    mutating func sweep() -> SweepSpec {
        SweepSpec(
            name: name(), model: maybe { $0.name() }, objective: objective(),
            experiments: list { $0.experiment() }, data: maybe { $0.data() },
            dataSet: laterDataSet(), code: maybe { $0.code() },
            promotion: maybe {
                PromotionPolicy(
                    finalists: $0.identifier(), seeds: $0.identifier(), confidence: $0.finite(),
                    resamples: $0.identifier(), blockRows: $0.identifier(), margin: $0.finite())
            },
            priority: pick([.min, .max, 0, -1, 5]),
            sharing: SharingPolicy(
                user: maybe { $0.text() }, weight: identifier(),
                concurrency: maybe { $0.identifier() }, preempts: pick([true, false])),
            retries: RetryPolicy(
                lostAttempts: identifier(), failedAttempts: identifier(),
                crashedAttempts: identifier(),
                outOfMemoryAttempts: identifier(), outOfDiskAttempts: identifier(),
                timeoutAttempts: identifier(), nonFiniteAttempts: identifier()),
            keptCheckpoint: pick(KeptCheckpoint.allCases),
            seed: maybe { $0.random.next() })
    }

    private mutating func experiment() -> ExperimentSpec {
        let rules: [PrunerSpec] = [
            .none, .median(MedianRule(startupTrials: identifier(), warmupSteps: random.next())),
            .asha(
                HalvingRule(
                    minimumStep: random.next(), reductionFactor: identifier(),
                    maximumStep: maybe { $0.random.next() })),
        ]
        var later = self
        return ExperimentSpec(
            name: name(), trainer: pick(Trainer.allCases),
            space: SearchSpace(domains().map { parameter($0) }),
            sampler: pick(SamplerSpec.allCases), pruner: pick(rules), trials: identifier(),
            resources: Resources(
                cpus: identifier(), memoryBytes: maybe { $0.random.next() },
                diskBytes: maybe { $0.random.next() }, gpus: later.gpus(),
                labels: later.labels(), isExclusive: later.flip()),
            timeLimit: maybe { $0.finite() },
            program: maybe { $0.program() })
    }

    private mutating func parameter(_ domain: Domain) -> Parameter {
        Parameter(
            name(), domain,
            when: maybe {
                Condition(parameter: $0.name(), values: $0.list { $0.value() })
            })
    }

    private mutating func domains() -> [Domain] {
        let scales: [Scale] = [.linear, .logarithmic, .inverseLogarithmic]
        return [
            .constant(value()),
            .categorical(list { $0.value() }, weights: maybe { $0.list { $0.finite() } }),
            .float(
                Interval(
                    finite(), finite(), scale: pick(scales), quantum: maybe { $0.finite() })),
            .integer(
                Interval(
                    .min, Int64(bitPattern: random.next()), scale: pick(scales),
                    quantum: maybe { Int64($0.identifier()) })),
            .normal(
                Normal(
                    mean: finite(), deviation: finite(), isLogarithmic: flip(),
                    quantum: maybe { $0.finite() })),
        ]
    }
}
