import API
import Hummingbird
import Scheduling
import Storage
import Vocabulary

/// What each path of the API does.
struct Routes: Sendable {
    /// Hands a command to the coordinator.
    let perform: Gateway.Perform
    /// What is read of the state folder.
    let catalogue: Catalogue
    /// Where uploaded files go.
    let artifacts: ArtifactStore
    /// How far workers have come with data sets.
    let dataShare: Gateway.DataShare
    /// When the gateway was made.
    let started: Timestamp
    /// Where workers reach the coordinator.
    let entrance: WorkerEntrance
    /// The most bytes of a JSON body.
    let bodyBytes: Int

    /// Answers a request whose token, path and method are right.
    func answer(
        to request: Request, at path: APIPath, query: String, _ context: GatewayContext
    ) async throws(Problem) -> Response {
        switch path {
        case .sweeps, .trials, .curve, .logPart: break
        default: _ = try QueryText(query, keys: [])
        }
        switch path {
        case .health: return try .json(HealthDocument(version: Software.version))
        case .status: return try await status()
        case .sweeps where request.head.method == .post: return try await submit(request)
        case .sweeps: return try await sweeps(SweepQuery(query))
        case .sweep(let sweep): return try await self.sweep(sweep)
        case .trials(let sweep): return try await trials(of: sweep, TrialQuery(query))
        case .changeSweep(let sweep, let action):
            return try await change(sweep, action, request)
        case .trial(let trial): return try await self.trial(trial)
        case .curve(let trial): return try await curve(of: trial, CurveQuery(query))
        case .explanation(let trial): return try await explanation(of: trial)
        case .log(let trial): return try await log(of: trial)
        case .logPart(let trial): return try await logPart(of: trial, LogQuery(query))
        case .workers where request.head.method == .post: return try await authorize(request)
        case .workers: return try await workers()
        case .changeWorker(let worker, let action):
            return try await change(worker, action, request)
        case .tokens where request.head.method == .post: return try await createToken(request)
        case .tokens: return try await tokens()
        case .revokeToken(let token): return try await revoke(token, request)
        case .dataSets where request.head.method == .post: return try await addData(request)
        case .dataSets: return try await dataSets()
        case .dataSet(let name): return try await dataSets(named: name)
        case .models: return try await models()
        case .model(let name): return try await model(name)
        case .version(let model, let number): return try await version(model, number)
        case .promote(let model): return try await promote(model, request)
        case .rollback(let model): return try await rollback(model, request)
        case .artifact(let digest) where request.head.method == .put:
            return try await upload(digest, request, context)
        case .artifact(let digest): return try await download(digest, request)
        }
    }

    /// Asks the coordinator; an answer other than what `read` expects is a `Problem`.
    func perform<Value>(
        _ command: Command, _ read: (Answer) -> Value?
    ) async throws(Problem) -> Value {
        let answer = await perform(command)
        if let value = read(answer) { return value }
        guard case .refused(let refusal, let reason) = answer else {
            throw Problem(.fault, "The coordinator gave an answer to another question.")
        }
        switch refusal {
        case .notFound: throw Problem(.notFound, reason)
        case .conflict: throw Problem(.conflict, reason)
        case .invalid: throw Problem(.invalid, reason)
        case .limit: throw Problem(.limitReached, reason)
        case .unavailable: throw Problem(.unavailable, reason)
        }
    }

    /// Asks the coordinator for something that is simply done.
    func done(_ command: Command) async throws(Problem) -> Response {
        try await perform(command) { $0 == .done ? () : nil }
        return try .json(ChangeDone())
    }
}
