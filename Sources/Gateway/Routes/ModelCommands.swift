import API
import Hashing
import Hummingbird
import Scheduling
import Vocabulary

extension Routes {
    /// POST models/NAME/promote: makes a version the champion.
    func promote(_ model: String, _ request: Request) async throws(Problem) -> Response {
        let wanted = try await request.json(PromotionRequest.self, limit: bodyBytes)
        return try await moveChampion(
            .promote(
                model: model, version: wanted.version, decision: Self.decision(wanted.decision),
                actor: try Self.person(wanted.actor), reason: try Self.reason(wanted.reason)))
    }

    /// POST models/NAME/rollback: makes the previous champion the champion again.
    func rollback(_ model: String, _ request: Request) async throws(Problem) -> Response {
        let wanted = try await request.json(RollbackRequest.self, limit: bodyBytes)
        return try await moveChampion(
            .rollback(
                model: model, decision: Self.decision(wanted.decision),
                actor: try Self.person(wanted.actor), reason: try Self.reason(wanted.reason)))
    }

    private func moveChampion(_ command: Command) async throws(Problem) -> Response {
        let champion = try await perform(command) { answer in
            if case .champion(let model, let version) = answer {
                ChampionChanged(model: model, version: version)
            } else {
                nil as ChampionChanged?
            }
        }
        return try .json(champion)
    }

    private static func decision(_ wanted: String?) -> String {
        wanted ?? "api-\(RandomBytes.token())"
    }

    /// A person's name for the audit; the prefix keeps anyone from signing as the gate.
    private static func person(_ name: String?) throws(Problem) -> String {
        let name = name ?? "api"
        guard !name.isEmpty, name.utf8.count <= Limits.nameBytes else {
            throw Problem(.invalid, "The actor has no or too many letters.")
        }
        return "person:\(name)"
    }

    private static func reason(_ text: String) throws(Problem) -> String {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw Problem(
                .invalid, "The reason is empty.",
                fix: "Say why: the registry keeps it for ever.")
        }
        guard text.utf8.count <= Limits.messageBytes else {
            throw Problem(
                .invalid, "The reason has more than \(Limits.messageBytes) bytes.")
        }
        return text
    }
}
