package import Registry
package import Vocabulary

/// What happens to the coordinator.
package enum Event: Hashable, Sendable {
    /// The process has started, at this time of day in milliseconds since 1970: leases that the
    /// records left open get time to be adopted, and join tokens what is left of their time.
    case started(wallMilliseconds: Int64)
    /// A person or tool wants something and waits for the `Answer`.
    case command(Command, RequestID)
    /// A message arrived; `worker` is who the key belongs to, from the handshake.
    case received(WorkerMessage, from: PeerID, worker: WorkerID)
    /// A message arrived over a connection with the key of a join token.
    case knocked(WorkerMessage, from: PeerID, token: TokenID)
    /// A worker says hello over a connection with its key of this number; see `AdmittedUser`.
    case keyUsed(WorkerID, keyNumber: UInt32)
    /// A message could not be sent because the connection is gone.
    case unreachable(PeerID)
    /// The search pool answers a `Directive.suggest`.
    case suggested(Suggestions)
    /// The search pool answers a `Directive.judge`.
    indirect case judged(SweepID, Judgement)
    /// Time has passed.
    case tick
}

/// What a person or tool can ask of the coordinator.
package enum Command: Hashable, Sendable {
    /// Run a sweep; `source` is the text its author wrote, `seed` is used unless the spec has one.
    indirect case submit(SweepSpec, source: String, seed: UInt64)
    /// Place no further trials of a sweep; what runs goes on.
    case pause(SweepID)
    /// Place trials of a paused sweep again.
    case resume(SweepID)
    /// End a sweep and everything of it that runs.
    case cancel(SweepID)
    /// Let a worker's public key in.
    case authorize(name: String, key: String)
    /// Let a worker's key in no longer and end what it holds.
    case revoke(WorkerID)
    /// Let a worker in that enrolled with a token which asks for a person's approval.
    case approve(WorkerID)
    /// Let hosts enrol themselves with the secret key of a pair whose public key is known.
    case createToken(TokenTerms)
    /// Let nobody enrol with a token any more; those who did stay.
    case revokeToken(TokenID)
    /// Make a data set known, whose manifest and payload are stored.
    indirect case addData(DataSet)
    /// Let a worker end what it runs, then leave.
    case drain(WorkerID)
    /// Answer with why a trial is where it is.
    case explain(TrialID)
    /// Which workers take no further leases, as is not recorded.
    case listDraining
    /// Answer with what an execution printed from a position on, while it runs.
    case readLog(AttemptID, offset: UInt64)
    /// Make a version the champion of its model.
    case promote(model: String, version: UInt32, decision: String, actor: String, reason: String)
    /// Make the previous champion the champion again.
    case rollback(model: String, decision: String, actor: String, reason: String)
}

/// What became of a command; sent only after its records are durable.
package enum Answer: Hashable, Sendable {
    /// The sweep was accepted under this number.
    case sweep(SweepID)
    /// The worker's key was let in under this number.
    case worker(WorkerID)
    /// The join token is in force under this number.
    case token(TokenID)
    /// The champion of `model` is now `version`.
    case champion(model: String, version: UInt32)
    /// Why a trial is where it is, in sentences.
    case explanation([String])
    /// The workers that were asked for, in ascending order.
    case workers([WorkerID])
    /// A part of what a running execution printed, and the position of its first byte.
    case log(offset: UInt64, bytes: [UInt8])
    /// It was done, or was so already.
    case done
    /// It was not done.
    case refused(Refusal, reason: String)
}

/// Why a command was not done.
package enum Refusal: String, Hashable, Sendable, Codable {
    /// What it names does not exist.
    case notFound
    /// What it names is in a state that does not allow it.
    case conflict
    /// It asks for something that cannot be.
    case invalid
    /// A limit is reached.
    case limit
    /// It cannot be made durable at the moment: try again later.
    case unavailable
}

/// Points of a search space, in answer to a `SuggestionRequest`.
package struct Suggestions: Hashable, Sendable {
    /// The sweep that asked.
    package var sweep: SweepID
    /// The position of the experiment in the sweep.
    package var experiment: UInt32
    /// The number of the first point in the experiment's sequence, from 0.
    package var first: UInt32
    /// The points; fewer than asked for means that the space has no more.
    package var points: [[Assignment]]
    /// How many were asked for.
    package var asked: UInt32

    /// Describes an answer; see the properties.
    package init(
        sweep: SweepID, experiment: UInt32, first: UInt32, points: [[Assignment]], asked: UInt32
    ) {
        self.sweep = sweep
        self.experiment = experiment
        self.first = first
        self.points = points
        self.asked = asked
    }
}

/// What the comparison of a winner with the champion gave.
package enum Judgement: Hashable, Sendable {
    /// The gate's report.
    case report(GateReport)
    /// The losses could not be read or compared; the sentence says why.
    case impossible(String)
}
