import Registry
import Vocabulary

/// What people and tools ask for.
extension Coordinator {
    mutating func perform(_ command: Command, for request: RequestID) {
        let answer: Answer
        switch command {
        // The worker has the answer.
        case .readLog(let attempt, let offset):
            askForLog(of: attempt, from: offset, for: request)
            return
        case .submit(let spec, let source, let seed):
            answer = submit(spec, source: source, seed: seed)
        case .explain(let trial): answer = explain(trial)
        case .listDraining:
            answer = .workers(
                sessions.keys.sorted().filter { sessions[$0]?.isDraining ?? false })
        case .pause(let sweep): answer = pause(sweep, true)
        case .resume(let sweep): answer = pause(sweep, false)
        case .cancel(let sweep): answer = cancel(sweep)
        case .authorize(let name, let key): answer = authorize(name: name, key: key)
        case .revoke(let worker): answer = revoke(worker)
        case .approve(let worker): answer = approve(worker)
        case .createToken(let terms): answer = createToken(terms)
        case .addData(let data): answer = add(data)
        case .revokeToken(let token): answer = revoke(token)
        case .drain(let worker): answer = drain(worker)
        case .promote(let model, let version, let decision, let actor, let reason):
            answer = change(model) { registry throws(RegistryError) in
                try registry.promote(
                    model: model, version: version,
                    expecting: registry.champion(of: model)?.number, decision: decision,
                    actor: actor, reason: reason)
            }
        case .rollback(let model, let decision, let actor, let reason):
            answer = change(model) { registry throws(RegistryError) in
                try registry.rollback(
                    model: model, decision: decision, actor: actor, reason: reason)
            }
        }
        direct(.answer(request, answer))
    }

    private mutating func submit(_ spec: SweepSpec, source: String, seed: UInt64) -> Answer {
        guard durable.openSweeps.count < Limits.openSweeps else {
            return .refused(.limit, reason: "\(Limits.openSweeps) sweeps are open already")
        }
        if let problem = spec.problem { return .refused(.invalid, reason: problem) }
        let sweep = SweepID(UInt32(durable.sweeps.count + 1))
        commit(.sweepSubmitted(sweep, spec, source: source, seed: spec.seed ?? seed))
        touched.insert(sweep)
        note(.sweepEntered(sweep, .searching, reason: "submitted"))
        return .sweep(sweep)
    }

    /// What a name means already is not noted again.
    private mutating func add(_ data: DataSet) -> Answer {
        guard DataSet.isName(data.name) else {
            return .refused(.invalid, reason: "the name of a data set has \(DataSet.nameForm)")
        }
        guard durable.dataSets[data.name] != data else { return .done }
        guard durable.dataSetCount < Limits.dataSets else {
            return .refused(.limit, reason: "\(Limits.dataSets) data sets were added already")
        }
        commit(.dataAdded(data))
        return .done
    }

    private mutating func pause(_ sweep: SweepID, _ isPaused: Bool) -> Answer {
        guard let state = durable[sweep] else { return refuse(sweep) }
        if state.isPaused != isPaused { commit(.sweepPaused(sweep, isPaused)) }
        return .done
    }

    private mutating func cancel(_ sweep: SweepID) -> Answer {
        guard durable[sweep] != nil else { return refuse(sweep) }
        enter(sweep, .cancelled, reason: "a person cancelled it")
        return .done
    }

    private func refuse(_ sweep: SweepID) -> Answer {
        guard durable.sweeps.indices.contains(Int(sweep.number) - 1) else {
            return .refused(.notFound, reason: "there is no sweep \(sweep)")
        }
        return .refused(.conflict, reason: "sweep \(sweep) has ended")
    }

    private mutating func drain(_ worker: WorkerID) -> Answer {
        guard durable[worker] != nil else {
            return .refused(.notFound, reason: "there is no worker \(worker)")
        }
        guard let peer = sessions[worker]?.peer else {
            return .refused(.conflict, reason: "worker \(worker) is not connected")
        }
        sessions[worker]?.isDraining = true
        direct(.send(.drain, to: peer))
        return .done
    }

    private mutating func change(
        _ model: String,
        _ decide: (ModelRegistry) throws(RegistryError) -> [RegistryChange]
    ) -> Answer {
        let before = durable.registry.champion(of: model)?.number
        do throws(RegistryError) {
            for change in try decide(durable.registry) { commit(.registryChanged(change)) }
        } catch {
            return .refused(error.refusal, reason: "\(error)")
        }
        guard let version = durable.registry.champion(of: model)?.number else { return .done }
        guard version != before else { return .champion(model: model, version: version) }
        let reason = "a person moved it"
        note(.championChanged(model: model, version: version, reason: reason))
        return .champion(model: model, version: version)
    }
}

extension RegistryError {
    fileprivate var refusal: Refusal {
        switch self {
        case .unknownModel, .unknownVersion: .notFound
        case .aliasMovedMeanwhile, .nothingToRollBackTo, .decisionReused: .conflict
        case .invalidModelName, .invalidAlias, .invalidDecision: .invalid
        case .tooManyVersions: .limit
        }
    }
}
