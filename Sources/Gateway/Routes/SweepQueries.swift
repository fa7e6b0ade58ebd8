import API
import ConfigurationFiles
import Hummingbird
import Registry
import Scheduling
import Storage
import Vocabulary

extension Routes {
    /// The number of the sweep that `selector` means.
    func number(of selector: SweepSelector) async throws(Problem) -> SweepID {
        if case .number(let sweep) = selector { return sweep }
        guard let last = try await read({ try await catalogue.sweeps(limit: 1) }).first else {
            throw Problem(
                .notFound, "There is no sweep yet.",
                fix: "Submit one with \"picoml sweep submit FILE\".")
        }
        return last.id
    }

    /// GET sweeps.
    func sweeps(_ query: SweepQuery) async throws(Problem) -> Response {
        var found: [SweepRow] = []
        var before = query.before
        // Phases are not indexed: a page of a rare one ends early rather than read everything.
        for _ in 0..<Self.scannedPages where found.count < query.limit {
            let page = try await read { [before] in
                try await catalogue.sweeps(before: before, limit: query.limit)
            }
            for row in page where found.count < query.limit {
                before = row.id
                if query.phase == nil || Phase(row.phase) == query.phase { found.append(row) }
            }
            guard page.count == query.limit else {
                before = nil
                break
            }
        }
        var entries: [SweepEntry] = []
        for row in found { entries.append(SweepEntry(row, best: try await best(of: row))) }
        // Sweeps are numbered from 1.
        let next = before.flatMap { $0.number > 1 ? $0 : nil }
        return try .json(SweepPage(sweeps: entries, next: next))
    }

    private static let scannedPages = 20

    /// GET sweeps/ID.
    func sweep(_ selector: SweepSelector) async throws(Problem) -> Response {
        let id = try await number(of: selector)
        let detail = try await detail(of: id)
        let row = detail.row
        var experiments: [ExperimentDocument] = []
        for experiment in row.experiments {
            let best = try await best(of: row, experiment: experiment)
            experiments.append(
                ExperimentDocument(
                    experiment, best: best.flatMap { BestTrial($0, of: row.experiments) },
                    of: detail.spec))
        }
        let confirmations = try await confirmations(of: row)
        let verdict = try await read { try await catalogue.gateReports(of: id) }.last
        return try .json(
            SweepDocument(
                sweep: SweepEntry(
                    row, best: try await best(of: row), target: detail.spec.objective.target),
                experiments: experiments,
                confirmations: confirmations.isEmpty ? nil : TrialCounts(confirmations),
                secondsLeft: TimeLeft.seconds(
                    of: row, confirmations: confirmations, now: .now),
                gate: verdict?.report, winner: verdict?.winner,
                version: try await version(from: verdict?.winner, of: row.model),
                warnings: Self.warnings(detail.source), priority: detail.spec.priority,
                sharing: detail.spec.sharing, seed: row.seed, source: detail.source,
                code: detail.spec.code, dataSet: detail.spec.dataSet))
    }

    /// The sweep with its text; a `Problem` when there is no such.
    func detail(of sweep: SweepID) async throws(Problem) -> SweepDetail {
        guard let detail = try await read({ try await catalogue.sweep(sweep) }) else {
            throw Problem(
                .notFound, "There is no sweep \(sweep).",
                fix: "\"picoml sweep list\" shows those that there are.")
        }
        return detail
    }

    private func best(
        of sweep: SweepRow, experiment: ExperimentRow? = nil
    ) async throws(Problem) -> TrialRow? {
        let candidates = experiment.map { [$0] } ?? sweep.experiments
        guard candidates.contains(where: { $0.best != nil }) else { return nil }
        return try await read {
            try await catalogue.leaderboard(
                of: sweep.id, experiment: experiment?.position, limit: 1)
        }.first
    }

    /// The trials that prove a winner.
    ///
    /// They are made after all trials of the search, so their numbers follow on those.
    private func confirmations(of sweep: SweepRow) async throws(Problem) -> [TrialRow] {
        guard sweep.phase != .searching else { return [] }
        let searched = sweep.experiments.reduce(0) { $0 + $1.created }
        return try await read {
            try await catalogue.trials(
                of: sweep.id, after: UInt32(clamping: searched), limit: Catalogue.pageLimit)
        }.filter { $0.task != .search }
    }

    private func version(
        from winner: TrialID?, of model: String?
    ) async throws(Problem) -> UInt32? {
        guard let winner, let model else { return nil }
        return try await read {
            try await catalogue.versions(of: model, limit: Catalogue.pageLimit)
        }.first { $0.version.lineage.trial == winner }?.version.number
    }

    /// What was already said when the sweep was submitted.
    private static func warnings(_ source: String) -> [Diagnostic] {
        do throws(Diagnostics) {
            return try SweepFile.parse(source, file: "").warnings
        } catch {
            // A newer version may refuse what an older one took; the sweep runs all the same.
            return error.all
        }
    }
}
