import API
import Hummingbird
import Storage
import Vocabulary

extension Routes {
    /// GET sweeps/ID/trials.
    func trials(
        of selector: SweepSelector, _ query: TrialQuery
    ) async throws(Problem) -> Response {
        let sweep = try await detail(of: number(of: selector)).row
        let experiment = try Self.position(of: query.experiment, in: sweep.experiments)
        let start = try Self.start(query.cursor)
        let rows: [TrialRow]
        switch query.order {
        case .number:
            let filter = TrialFilter(
                experiment: experiment,
                stage: query.state.flatMap { TrialFilter.Stage(rawValue: $0.rawValue) })
            rows = try await read {
                try await catalogue.trials(
                    of: sweep.id, filter, after: start, limit: query.limit + 1)
            }
        case .objective:
            guard query.state == nil else {
                throw Problem(
                    .malformed, "Trials in the order of their objectives have ended.",
                    fix: "Leave \"state\" or \"order\" out.")
            }
            rows = try await read {
                try await catalogue.leaderboard(
                    of: sweep.id, experiment: experiment, offset: Int(start),
                    limit: query.limit + 1)
            }
        }
        let page = rows.prefix(query.limit)
        let end =
            query.order == .number
            ? page.last?.id.number ?? start : start + UInt32(page.count)
        return try .json(
            TrialPage(
                trials: page.map { row in
                    TrialEntry(row, experiment: sweep.experiments.name(at: row.experiment))
                }, next: rows.count > query.limit ? "\(end)" : nil))
    }

    private static func position(
        of name: String?, in experiments: [ExperimentRow]
    ) throws(Problem) -> UInt32? {
        guard let name else { return nil }
        guard let experiment = experiments.first(where: { $0.name == name }) else {
            throw Problem(
                .malformed, "The sweep has no experiment \"\(name)\".",
                fix: "Its experiments are \(experiments.map(\.name).joined(separator: ", ")).")
        }
        return experiment.position
    }

    private static func start(_ cursor: String?) throws(Problem) -> UInt32 {
        guard let cursor else { return 0 }
        guard let start = UInt32(cursor), start <= Int32.max else {
            throw Problem(
                .malformed, "The cursor \"\(cursor)\" is not one of this API.",
                fix: "Give the \"next\" of the page before, or nothing for the first page.")
        }
        return start
    }

    /// GET trials/ID.
    func trial(_ id: TrialID) async throws(Problem) -> Response {
        let trial = try await detail(of: id)
        let sweep = try await detail(of: id.sweep).row
        let workers = try await read { try await catalogue.workers() }
        let names = Dictionary(uniqueKeysWithValues: workers.map { ($0.id, $0.name) })
        return try .json(
            TrialDocument(
                trial, experiment: sweep.experiments.name(at: trial.row.experiment),
                names: names))
    }

    func detail(of id: TrialID) async throws(Problem) -> TrialDetail {
        guard let detail = try await read({ try await catalogue.trial(id) }) else {
            throw Problem(
                .notFound, "There is no trial \(id).",
                fix: "\"picoml trial list \(id.sweep)\" shows those that there are.")
        }
        return detail
    }

    /// GET trials/ID/curve.
    func curve(of id: TrialID, _ query: CurveQuery) async throws(Problem) -> Response {
        let trial = try await detail(of: id).row
        let objective = try await detail(of: id.sweep).row.metric
        let attempt = AttemptID(trial: id, number: trial.attempt)
        let curves = try await read {
            try await catalogue.curves(of: attempt, points: query.points)
        }
        let metric = query.metric ?? objective
        let curve = curves.first { $0.name == metric }
        guard curve != nil || query.metric == nil || curves.isEmpty else {
            throw Problem(
                .notFound, "The trial reported no metric \"\(metric)\".",
                fix: "It reported \(curves.map(\.name).joined(separator: ", ")).")
        }
        return try .json(
            CurveDocument(
                trial: id, metric: metric,
                points: curve?.points.map { CurvePoint(step: $0.step, value: $0.value) } ?? []))
    }
}
