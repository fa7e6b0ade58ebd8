package import Registry
package import Vocabulary

/// A durable fact: the coordinator's state is a fold over these, live and after a restart alike.
///
/// Records say what was decided, not why, so that replaying them needs no sampler and no clock.
/// They are kept for ever: a case may be added, but never changes its meaning. What is large and
/// rare lies on the heap, because each record takes the room of the largest.
package enum Record: Hashable, Sendable {
    /// A worker's public key was let in under a number.
    case workerAuthorized(WorkerID, name: String, key: String)
    /// A worker's key is no longer let in.
    case workerRevoked(WorkerID)
    /// A worker said hello.
    indirect case workerJoined(WorkerID, WorkerFacts)
    /// A worker's connection ended for good.
    case workerLeft(WorkerID, Departure)
    /// A worker gets no trials for a while, because what it holds keeps getting lost; for no time
    /// in particular, until it says hello again, when that was its own decision.
    case workerExcluded(WorkerID, for: Duration, reason: String)
    /// An excluded worker gets trials again.
    case workerReadmitted(WorkerID)
    /// A worker's public key was made known with a join token; it is let in once approved.
    indirect case workerPending(WorkerID, name: String, key: String, WorkerFacts)
    /// A person let a pending worker in.
    case workerApproved(WorkerID)
    /// A worker is to be known by another key; both are let in until the new one is used.
    case workerKeyOffered(WorkerID, key: String)
    /// A worker used the key that it offered, which replaces the one before.
    case workerKeyReplaced(WorkerID)
    /// A join token is in force.
    case tokenCreated(TokenID, TokenTerms)
    /// A worker was authorised, or is pending, by means of a token, which has one use less.
    case tokenUsed(TokenID, WorkerID)
    /// A token ended before it was used up.
    case tokenEnded(TokenID, TokenEnding)
    /// A data set was added; it is what its name means from now on.
    indirect case dataAdded(DataSet)
    /// A sweep was accepted; `source` is the text its author wrote, `seed` the one in force.
    indirect case sweepSubmitted(SweepID, SweepSpec, source: String, seed: UInt64)
    /// A sweep entered another phase; every trial of it that was still open then ended as
    /// cancelled.
    case sweepEntered(SweepID, SweepPhase, reason: String)
    /// A sweep was paused (`true`) or resumed.
    case sweepPaused(SweepID, Bool)
    /// An experiment's search space has no further points.
    case experimentExhausted(SweepID, experiment: UInt32)
    /// A trial was made; trials of a sweep are numbered without gaps.
    case trialCreated(TrialCreation)
    /// An execution was leased to a worker, with its GPUs at some positions. Written before the
    /// worker hears of it.
    case attemptStarted(AttemptID, WorkerID, devices: [UInt32] = [])
    /// A point of a learning curve arrived.
    case reported(MetricReport)
    /// A checkpoint of an execution was stored: the next one goes on from there.
    case checkpointed(AttemptID, Checkpoint)
    /// A trial's checkpoint at a step is no longer kept.
    case checkpointReleased(TrialID, step: UInt64)
    /// The pruner gave up on an execution.
    case pruneDecided(AttemptID)
    /// An execution ended, which left its trial in `next`; `objective` is what counts for it.
    case attemptEnded(AttemptResult, next: TrialState, objective: Double?)
    /// The gate compared a sweep's winner with the champion.
    case gateJudged(SweepID, GateReport, winner: TrialID)
    /// The registry changed.
    case registryChanged(RegistryChange)
}

extension Record {
    /// The sweep that the record belongs to; nil for workers and the registry.
    package var sweep: SweepID? {
        switch self {
        case .workerAuthorized, .workerRevoked, .workerJoined, .workerLeft, .workerExcluded,
            .workerReadmitted, .workerPending, .workerApproved, .workerKeyOffered,
            .workerKeyReplaced, .tokenCreated, .tokenUsed, .tokenEnded, .dataAdded,
            .registryChanged:
            nil
        case .sweepSubmitted(let sweep, _, _, _), .sweepEntered(let sweep, _, _),
            .sweepPaused(let sweep, _), .experimentExhausted(let sweep, _),
            .gateJudged(let sweep, _, _):
            sweep
        case .trialCreated(let creation): creation.trial.sweep
        case .checkpointReleased(let trial, _): trial.sweep
        case .attemptStarted(let attempt, _, _), .checkpointed(let attempt, _),
            .pruneDecided(let attempt):
            attempt.trial.sweep
        case .reported(let report): report.attempt.trial.sweep
        case .attemptEnded(let result, _, _): result.attempt.trial.sweep
        }
    }
}

/// A new trial.
package struct TrialCreation: Hashable, Sendable {
    /// Its name.
    package var trial: TrialID
    /// The position of its experiment in the sweep, from 0.
    package var experiment: UInt32
    /// What it is to do.
    package var task: TrialTask
    /// The point of the search space.
    package var parameters: [Assignment]
    /// Seed of the trainer's own random choices.
    package var seed: UInt64

    /// Describes a new trial; see the properties.
    package init(
        trial: TrialID, experiment: UInt32, task: TrialTask, parameters: [Assignment],
        seed: UInt64
    ) {
        self.trial = trial
        self.experiment = experiment
        self.task = task
        self.parameters = parameters
        self.seed = seed
    }
}

/// Where a sweep stands.
package enum SweepPhase: String, Hashable, Sendable, Codable, CaseIterable {
    /// Points are suggested and tried. Next: `confirming`, `finished`, `failed`, `cancelled`.
    case searching
    /// Finalists are trained again and scored on the gate's rows. Next: `judging`, `finished`,
    /// `failed`, `cancelled`.
    case confirming
    /// The gate compares. Next: `confirming` when the champion changed meanwhile, `finished`,
    /// `cancelled`.
    case judging
    /// All is done. Final.
    case finished
    /// No trial gave a usable result. Final.
    case failed
    /// A person ended it. Final.
    case cancelled

    /// Whether the phase never changes again.
    package var isFinal: Bool {
        switch self {
        case .searching, .confirming, .judging: false
        case .finished, .failed, .cancelled: true
        }
    }
}

/// Why a worker's connection ended.
package enum Departure: String, Hashable, Sendable, Codable, CaseIterable {
    /// It was silent for longer than a lease lasts.
    case lost
    /// It said goodbye.
    case left
    /// Its key was revoked.
    case revoked
}
