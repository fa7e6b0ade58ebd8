package import Vocabulary

/// The paths of the API, for the server that reads them and the client that writes them.
///
/// Every part of a path is an id, a digest or a valid model name, none of which needs percent
/// encoding; a path with anything else names nothing.
package enum APIPath: Hashable, Sendable {
    /// GET: `HealthDocument`, without a token.
    case health
    /// GET: `StatusDocument`.
    case status
    /// GET with a `SweepQuery`: `SweepPage`. POST a `SweepSubmission`: `SweepAccepted`.
    case sweeps
    /// GET: `SweepDocument`.
    case sweep(SweepSelector)
    /// GET with a `TrialQuery`: `TrialPage`.
    case trials(SweepSelector)
    /// POST: `ChangeDone`.
    case changeSweep(SweepSelector, SweepAction)
    /// GET: `TrialDocument`.
    case trial(TrialID)
    /// GET with a `CurveQuery`: `CurveDocument`.
    case curve(TrialID)
    /// GET: `ExplanationDocument`.
    case explanation(TrialID)
    /// GET: the trial's log as text.
    case log(TrialID)
    /// GET with a `LogQuery`: `LogDocument`.
    case logPart(TrialID)
    /// GET: `WorkerPage`. POST a `WorkerAuthorization`: `WorkerAuthorized`.
    case workers
    /// POST: `ChangeDone`.
    case changeWorker(WorkerID, WorkerAction)
    /// GET: `TokenPage`. POST a `TokenRequest`: `TokenCreated`.
    case tokens
    /// POST: `ChangeDone`.
    case revokeToken(TokenID)
    /// GET: `DataSetPage` with what each name means. POST a `DataSetRequest`: `DataSetDocument`.
    case dataSets
    /// GET: `DataSetPage` with what the name meant, newest first.
    case dataSet(String)
    /// GET: `ModelPage`.
    case models
    /// GET: `ModelDocument`.
    case model(String)
    /// GET: `VersionDocument`.
    case version(model: String, number: UInt32)
    /// POST a `PromotionRequest`: `ChampionChanged`.
    case promote(model: String)
    /// POST a `RollbackRequest`: `ChampionChanged`.
    case rollback(model: String)
    /// PUT, GET or HEAD the bytes with this digest; PUT answers `ArtifactStored`.
    case artifact(Digest)

    /// What stands before every path.
    package static let prefix = "/api/v1"

    /// The path as it stands in a request.
    package var text: String {
        let rest =
            switch self {
            case .health: "health"
            case .status: "status"
            case .sweeps: "sweeps"
            case .sweep(let sweep): "sweeps/\(sweep)"
            case .trials(let sweep): "sweeps/\(sweep)/trials"
            case .changeSweep(let sweep, let action): "sweeps/\(sweep)/\(action.rawValue)"
            case .trial(let trial): "trials/\(trial)"
            case .curve(let trial): "trials/\(trial)/curve"
            case .explanation(let trial): "trials/\(trial)/explanation"
            case .log(let trial): "trials/\(trial)/log"
            case .logPart(let trial): "trials/\(trial)/log/part"
            case .workers: "workers"
            case .changeWorker(let worker, let action): "workers/\(worker)/\(action.rawValue)"
            case .tokens: "tokens"
            case .revokeToken(let token): "tokens/\(token)/revoke"
            case .dataSets: "data"
            case .dataSet(let name): "data/\(name)"
            case .models: "models"
            case .model(let model): "models/\(model)"
            case .version(let model, let number): "models/\(model)/versions/\(number)"
            case .promote(let model): "models/\(model)/promote"
            case .rollback(let model): "models/\(model)/rollback"
            case .artifact(let digest): "artifacts/\(digest)"
            }
        return "\(Self.prefix)/\(rest)"
    }

    /// The methods that the path knows.
    package var methods: [String] {
        switch self {
        case .sweeps, .workers, .tokens, .dataSets: ["GET", "POST"]
        case .changeSweep, .changeWorker, .revokeToken, .promote, .rollback: ["POST"]
        case .artifact: ["GET", "HEAD", "PUT"]
        case .health, .status, .sweep, .trials, .trial, .curve, .explanation, .log, .logPart,
            .models, .model, .version, .dataSet:
            ["GET"]
        }
    }

    /// Reads a path without its query; nil when it names nothing.
    package init?(text: String) {
        guard text.utf8.count <= 512, text.hasPrefix(Self.prefix + "/") else { return nil }
        let rest = text.dropFirst(Self.prefix.count + 1)
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let head = parts.first else { return nil }
        let tail = Array(parts.dropFirst())
        let path: APIPath? =
            switch head {
            case "health": tail.isEmpty ? .health : nil
            case "status": tail.isEmpty ? .status : nil
            case "sweeps": Self.sweepPath(tail)
            case "trials": Self.trialPath(tail)
            case "workers": Self.workerPath(tail)
            case "tokens": Self.tokenPath(tail)
            case "data": Self.dataPath(tail)
            case "models": Self.modelPath(tail)
            case "artifacts": tail.count == 1 ? Digest(text: tail[0]).map(APIPath.artifact) : nil
            default: nil
            }
        guard let path else { return nil }
        self = path
    }

    private static func sweepPath(_ parts: [String]) -> APIPath? {
        guard let first = parts.first else { return .sweeps }
        guard let sweep = SweepSelector(text: first) else { return nil }
        if parts.count == 1 { return .sweep(sweep) }
        guard parts.count == 2 else { return nil }
        if parts[1] == "trials" { return .trials(sweep) }
        return SweepAction(rawValue: parts[1]).map { .changeSweep(sweep, $0) }
    }

    private static func trialPath(_ parts: [String]) -> APIPath? {
        guard let first = parts.first, let trial = TrialID(text: first) else { return nil }
        return switch parts.dropFirst() {
        case []: .trial(trial)
        case ["curve"]: .curve(trial)
        case ["explanation"]: .explanation(trial)
        case ["log"]: .log(trial)
        case ["log", "part"]: .logPart(trial)
        default: nil
        }
    }

    private static func workerPath(_ parts: [String]) -> APIPath? {
        guard let first = parts.first else { return .workers }
        guard parts.count == 2, let worker = WorkerID(text: first),
            let action = WorkerAction(rawValue: parts[1])
        else { return nil }
        return .changeWorker(worker, action)
    }

    private static func tokenPath(_ parts: [String]) -> APIPath? {
        guard let first = parts.first else { return .tokens }
        guard parts.count == 2, let token = TokenID(text: first), parts[1] == "revoke" else {
            return nil
        }
        return .revokeToken(token)
    }

    private static func dataPath(_ parts: [String]) -> APIPath? {
        guard let name = parts.first else { return .dataSets }
        return parts.count == 1 && DataSet.isName(name) ? .dataSet(name) : nil
    }

    private static func modelPath(_ parts: [String]) -> APIPath? {
        guard let name = parts.first else { return .models }
        guard isModelName(name) else { return nil }
        return switch parts.dropFirst() {
        case []: .model(name)
        case ["promote"]: .promote(model: name)
        case ["rollback"]: .rollback(model: name)
        case let rest where rest.count == 2 && rest.first == "versions":
            rest.last.flatMap { UInt32($0) }.flatMap {
                $0 > 0 ? .version(model: name, number: $0) : nil
            }
        default: nil
        }
    }

    private static func isModelName(_ name: String) -> Bool {
        guard (1...128).contains(name.utf8.count), let first = name.utf8.first,
            isAlphanumeric(first)
        else { return false }
        return name.utf8.allSatisfy { isAlphanumeric($0) || "._-".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
