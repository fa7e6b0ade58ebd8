package import Registry
package import Vocabulary

/// All that the coordinator knows for good: a fold over its records.
///
/// Nothing changes it but `apply`, live and when records are replayed, so the state after a
/// restart is the state before it.
package struct DurableState: Hashable, Sendable {
    /// Every open sweep; sweep n is at n - 1, nil once it has ended, which frees its trials.
    package private(set) var sweeps: [SweepState?]
    /// The sweeps that have not ended, oldest first.
    package private(set) var openSweeps: [SweepID] = []
    /// Every worker's key; worker n is at n - 1.
    package private(set) var workers: [WorkerEntry] = []
    /// Every join token; token n is at n - 1.
    package private(set) var tokens: [TokenEntry] = []
    /// What each name of a data set means.
    package private(set) var dataSets: [String: DataSet] = [:]
    /// How many data sets were added.
    package private(set) var dataSetCount = 0
    /// Models, versions and aliases.
    package private(set) var registry = ModelRegistry()

    /// Nothing has happened yet, but that sweeps up to `lastSweep` have ended.
    package init(lastSweep: UInt32 = 0) {
        sweeps = Array(repeating: nil, count: Int(lastSweep))
    }

    /// The sweep called `id`, if it is open.
    package subscript(id: SweepID) -> SweepState? {
        sweeps.indices.contains(Int(id.number) - 1) ? sweeps[Int(id.number) - 1] : nil
    }

    /// The trial called `id`, if its sweep is open.
    package subscript(id: TrialID) -> TrialEntry? {
        let index = Int(id.sweep.number) - 1
        return sweeps.indices.contains(index) ? sweeps[index]?.trial(id.number) : nil
    }

    /// The worker called `id`, if its key was ever let in.
    package subscript(id: WorkerID) -> WorkerEntry? {
        workers.indices.contains(Int(id.number) - 1) ? workers[Int(id.number) - 1] : nil
    }

    /// The join token called `id`, if there ever was one.
    package subscript(id: TokenID) -> TokenEntry? {
        tokens.indices.contains(Int(id.number) - 1) ? tokens[Int(id.number) - 1] : nil
    }

    /// Takes a fact into account.
    package mutating func apply(_ record: Record) {
        switch record {
        case .workerAuthorized, .workerRevoked, .workerJoined, .workerLeft, .workerExcluded,
            .workerReadmitted, .workerPending, .workerApproved, .workerKeyOffered,
            .workerKeyReplaced, .tokenCreated, .tokenUsed, .tokenEnded:
            applyToWorkers(record)
        case .sweepSubmitted(let id, let spec, _, let seed):
            insert(SweepState(SweepDefinition(id: id, spec: spec, seed: seed)))
        case .sweepEntered(let id, let phase, _): enter(id, phase)
        case .registryChanged(let change): registry.apply(change)
        case .dataAdded(let data):
            dataSets[data.name] = data
            dataSetCount += 1
        case .sweepPaused(let id, let isPaused):
            modify(id) { $0.isPaused = isPaused }
        case .experimentExhausted(let id, let experiment):
            modify(id) { $0.experiments[Int(experiment)].isExhausted = true }
        case .gateJudged(let id, _, let winner):
            modify(id) { $0.winner = winner }
        case .trialCreated(let creation):
            modify(creation.trial.sweep) { $0.apply(creation) }
        case .attemptStarted(let attempt, let worker, let devices):
            modify(attempt.trial.sweep) { $0.start(attempt, on: worker, with: devices) }
        case .reported(let report):
            modify(report.attempt.trial.sweep) { $0.apply(report) }
        case .checkpointed(let attempt, let checkpoint):
            modify(attempt.trial.sweep) { $0.apply(checkpoint, of: attempt) }
        case .checkpointReleased(let trial, let step):
            modify(trial.sweep) { $0.checkpoints[trial.number]?.release(step) }
        case .pruneDecided(let attempt):
            modify(attempt.trial.sweep) {
                $0.trials[Int(attempt.trial.number) - 1].isPruneDecided = true
            }
        case .attemptEnded(let result, let next, let objective):
            modify(result.attempt.trial.sweep) { $0.end(result, next: next, objective: objective) }
        }
    }

    /// Takes a fact about workers and how they are let in into account.
    private mutating func applyToWorkers(_ record: Record) {
        switch record {
        case .workerAuthorized(let id, let name, let key):
            add(WorkerEntry(name: name, key: key), as: id)
        case .workerPending(let id, let name, let key, _):
            add(WorkerEntry(name: name, key: key, isPending: true), as: id)
        case .workerApproved(let id): modify(id) { $0.isPending = false }
        case .workerRevoked(let id): modify(id) { $0.isRevoked = true }
        case .workerKeyOffered(let id, let key): modify(id) { $0.keys.offer(key) }
        case .workerKeyReplaced(let id): modify(id) { $0.keys.replace() }
        case .workerJoined(let id, let facts):
            modify(id) {
                $0.isJoined = true
                $0.host = facts.host
            }
        case .workerLeft(let id, _): modify(id) { $0.isJoined = false }
        case .workerExcluded(let id, let span, let reason):
            modify(id) { $0.exclusion = Exclusion(span: span, reason: reason) }
        case .workerReadmitted(let id): modify(id) { $0.exclusion = nil }
        case .tokenCreated(let id, let terms):
            precondition(Int(id.number) == tokens.count + 1, "token \(id) is out of order")
            tokens.append(TokenEntry(terms))
        case .tokenUsed(let id, let worker):
            tokens[Int(id.number) - 1].workers.append(worker)
        case .tokenEnded(let id, let ending): tokens[Int(id.number) - 1].ending = ending
        default: break
        }
    }

    private mutating func add(_ worker: WorkerEntry, as id: WorkerID) {
        precondition(Int(id.number) == workers.count + 1, "worker \(id) is out of order")
        workers.append(worker)
    }

    private mutating func modify(_ id: WorkerID, _ body: (inout WorkerEntry) -> Void) {
        body(&workers[Int(id.number) - 1])
    }

    private mutating func insert(_ sweep: SweepState) {
        while sweeps.count < Int(sweep.id.number) { sweeps.append(nil) }
        precondition(self[sweep.id] == nil, "sweep \(sweep.id) is submitted twice")
        sweeps[Int(sweep.id.number) - 1] = sweep
        openSweeps.append(sweep.id)
    }

    private mutating func enter(_ id: SweepID, _ phase: SweepPhase) {
        guard !phase.isFinal else {
            sweeps[Int(id.number) - 1] = nil
            openSweeps.removeAll { $0 == id }
            return
        }
        modify(id) { $0.enter(phase) }
    }

    private mutating func modify(_ id: SweepID, _ body: (inout SweepState) -> Void) {
        sweeps[Int(id.number) - 1]?.modify(body)
    }
}

extension SweepState {
    // Optional chaining changes a value where it lies; unwrapping would copy all trials.
    fileprivate mutating func modify(_ body: (inout SweepState) -> Void) { body(&self) }
}
