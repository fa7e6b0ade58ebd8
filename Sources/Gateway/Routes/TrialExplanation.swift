import API
import Hummingbird
import Scheduling
import Storage
import Vocabulary

/// Why a trial is where it is: its past from the records, its present from the scheduler.
extension Routes {
    /// GET trials/ID/explanation.
    func explanation(of id: TrialID) async throws(Problem) -> Response {
        let trial = try await detail(of: id)
        let workers = try await read { try await catalogue.workers() }
        let names = Dictionary(uniqueKeysWithValues: workers.map { ($0.id, $0.name) })
        var sentences = trial.attempts.filter { $0.ended != nil }.map {
            Self.sentence(of: $0, on: names[$0.worker] ?? "")
        }
        if !trial.row.state.isFinal {
            switch await perform(.explain(id)) {
            case .explanation(let present):
                sentences += present + (try await dataSentences(about: trial))
            // It ended meanwhile.
            case .refused(.conflict, _): break
            case .refused(_, let reason): throw Problem(.unavailable, reason)
            default: throw Problem(.fault, "The coordinator gave an answer to another question.")
            }
        } else if case .failed(let failure) = trial.row.state {
            sentences.append("It failed for good: \(failure.rawValue).")
        }
        return try .json(
            ExplanationDocument(
                trial: id, state: TrialStanding(trial.row.state), sentences: sentences))
    }

    /// How far the worker of a running trial has come with the data that it waits for.
    private func dataSentences(about trial: TrialDetail) async throws(Problem) -> [String] {
        guard let attempt = trial.attempts.last, attempt.ended == nil else { return [] }
        let sweep = try await read { try await catalogue.sweep(trial.row.id.sweep) }
        guard let data = sweep?.spec.dataSet, let share = dataShare(data.digest, attempt.worker)
        else { return [] }
        return [
            "It waits for the data set \(data.name), of which \(Int(share * 100)) % is on "
                + "worker \(attempt.worker)."
        ]
    }

    private static func sentence(of attempt: AttemptRow, on worker: String) -> String {
        let place = "Attempt \(attempt.number) on worker \(attempt.worker) (\(worker))"
        let reason = attempt.message.split(separator: "\n").last.map { ": \($0)" } ?? ""
        return switch attempt.outcome {
        case .succeeded?: "\(place) succeeded."
        case .pruned?: "\(place) was stopped early by the pruner."
        case .returned?: "\(place) was given back\(reason)."
        case .failed(let failure)?: "\(place) failed, \(failure.rawValue)\(reason)."
        case nil: "\(place) ended."
        }
    }
}
