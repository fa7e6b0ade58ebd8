package import Search
package import Vocabulary

/// All that follows from a batch of events, in parts that mean different things.
package struct Step: Hashable, Sendable {
    /// Facts to make durable first, in this order.
    package var records: [Record] = []
    /// Effects to perform once the records are durable, in this order.
    package var directives: [Directive] = []
    /// Observations for logs and metrics; nothing depends on them.
    package var notes: [Note] = []

    /// Nothing follows.
    package init() {}
}

/// An effect for the shell to perform.
package enum Directive: Hashable, Sendable {
    /// Send a message to a connection.
    case send(CoordinatorMessage, to: PeerID)
    /// Ask the search pool for points; the answer is `Event.suggested`.
    case suggest(SuggestionRequest)
    /// Ask the search pool for a comparison; the answer is `Event.judged`.
    indirect case judge(JudgementRequest)
    /// Answer a command.
    case answer(RequestID, Answer)
    /// Let exactly these keys in from now on.
    case admit([Admission])
}

/// A question for a sampler.
package struct SuggestionRequest: Hashable, Sendable {
    /// The sweep that asks.
    package var sweep: SweepID
    /// The position of the experiment in the sweep.
    package var experiment: UInt32
    /// How points are suggested.
    package var sampler: SamplerSpec
    /// What is searched.
    package var space: SearchSpace
    /// What the experiment's trials gave so far, in the order of creation.
    package var history: [Observation]
    /// The number of the first point wanted, from 0.
    package var first: UInt32
    /// How many points are wanted, from 1.
    package var count: UInt32
    /// Seed of the experiment's sequence.
    package var seed: UInt64

    /// Describes a question; see the properties.
    package init(
        sweep: SweepID, experiment: UInt32, sampler: SamplerSpec, space: SearchSpace,
        history: [Observation], first: UInt32, count: UInt32, seed: UInt64
    ) {
        self.sweep = sweep
        self.experiment = experiment
        self.sampler = sampler
        self.space = space
        self.history = history
        self.first = first
        self.count = count
        self.seed = seed
    }
}

/// A question for the gate; the losses lie in the artifact store.
package struct JudgementRequest: Hashable, Sendable {
    /// The sweep that asks.
    package var sweep: SweepID
    /// Losses of the winner, one for each of the gate's rows.
    package var challenger: Digest
    /// Losses of the champion on the same rows; nil when there is no champion.
    package var champion: Digest?
    /// How sure the gate must be.
    package var policy: PromotionPolicy
    /// Seed of the resampling.
    package var seed: UInt64

    /// Describes a question; see the properties.
    package init(
        sweep: SweepID, challenger: Digest, champion: Digest?, policy: PromotionPolicy,
        seed: UInt64
    ) {
        self.sweep = sweep
        self.challenger = challenger
        self.champion = champion
        self.policy = policy
        self.seed = seed
    }
}

/// Something worth a line in the log or a count in the metrics.
package enum Note: Hashable, Sendable {
    /// A worker joined or came back; `adopted` of its executions go on.
    case workerJoined(WorkerID, host: String, adopted: Int)
    /// A worker's connection ended; `requeued` executions run elsewhere.
    case workerLeft(WorkerID, Departure, requeued: Int)
    /// A worker gets no trials for a while.
    case workerExcluded(WorkerID, for: Duration, reason: String)
    /// A worker was turned away.
    case workerRefused(WorkerID, reason: String)
    /// A message made no sense in the state it arrived in and was ignored.
    case messageIgnored(WorkerID, reason: String)
    /// A worker takes nothing else until a trial of this sweep fits.
    case workerReserved(WorkerID, SweepID)
    /// A trial was told to make room for a sweep of higher priority.
    case preempted(AttemptID, for: SweepID)
    /// A result came too late to count.
    case resultSuperseded(AttemptID, WorkerID)
    /// A result contradicts what is known; the worker may be broken or hostile.
    case resultRejected(AttemptID, WorkerID, reason: String)
    /// A sweep entered a phase.
    case sweepEntered(SweepID, SweepPhase, reason: String)
    /// A host enrolled itself with a join token.
    case workerEnrolled(WorkerID, TokenID, isPending: Bool)
    /// A host with a join token was turned away, or said what only workers may say.
    case enrolmentRefused(TokenID, reason: String)
    /// A worker's key was replaced by the one that it offered.
    case workerKeyReplaced(WorkerID)
    /// The champion of a model changed.
    case championChanged(model: String, version: UInt32, reason: String)
}
