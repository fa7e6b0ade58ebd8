package import API
import Registry
import Vocabulary

/// Sweeps as text.
package enum SweepViews {
    /// A line for each sweep.
    package static func list(_ page: SweepPage, on paper: Page, now: Timestamp) -> String {
        guard !page.sweeps.isEmpty else {
            return "There are no sweeps. Submit one with `picoml sweep submit FILE`."
        }
        var table = TextTable([
            .init("ID", .right), .init("NAME", minimum: 8), .init("PHASE"),
            .init("DONE", .right), .init("BEST", .right), .init("METRIC", minimum: 6, rank: 2),
            .init("MODEL", minimum: 6, rank: 3), .init("SUBMITTED", rank: 1),
        ])
        table.rows = page.sweeps.map { sweep in
            [
                StyledText("\(sweep.id)", .accent), StyledText(sweep.name), sweep.standing,
                StyledText("\(sweep.trials.ended)/\(sweep.trials.created)"),
                StyledText(sweep.best.map { HumanForm.number($0.objective) } ?? "–"),
                StyledText(sweep.objective.metric), StyledText(sweep.model ?? "–"),
                StyledText(HumanForm.age(of: sweep.submitted, at: now)),
            ]
        }
        var lines = table.lines(width: paper.width)
        if let next = page.next {
            lines.append(StyledText("More: picoml sweep list --before \(next)", .faint))
        }
        return paper.text(lines)
    }

    /// All there is to say of a sweep.
    package static func show(
        _ document: SweepDocument, leaders: [TrialEntry], on paper: Page, now: Timestamp
    ) -> String {
        let sweep = document.sweep
        // The gate's own reason stands with its verdict below.
        let reason = sweep.reason == document.gate?.reason ? "" : sweep.reason
        var lines = paper.properties(
            [
                (
                    "sweep",
                    StyledText("\(sweep.id)", .accent) + "  " + StyledText(sweep.name, .strong)
                ),
                ("phase", sweep.standing + (reason.isEmpty ? "" : ": \(reason)")),
                (
                    "objective",
                    StyledText("\(sweep.objective.goal.rawValue) \(sweep.objective.metric)")
                ),
                ("model", StyledText(sweep.model ?? "–")),
                ("submitted", StyledText(HumanForm.age(of: sweep.submitted, at: now))),
                ("took", StyledText(took(sweep, now: now))),
                ("user", StyledText(document.sharing.user ?? "–")),
                ("priority", StyledText(document.serving)),
                ("seed", StyledText(document.seed)),
                ("trials", StyledText(sweep.trials.words)),
            ] + (document.code.map { [("code", StyledText($0.words))] } ?? [])
                + (document.dataSet.map { [("data set", StyledText($0.words))] } ?? []))
        lines += [.empty] + experiments(document, width: paper.width)
        if !leaders.isEmpty {
            lines += [.empty, StyledText("Leaderboard", .strong)]
            lines += leaderboard(leaders, of: document.experiments, width: paper.width)
        }
        if !document.warnings.isEmpty { lines.append(.empty) }
        for warning in document.warnings {
            lines += paper.wrapped(warning.description, .warning)
        }
        lines += verdict(document, on: paper)
        return paper.text(lines)
    }

    /// The best trials, best first, as a table; what no trial of an experiment varies is left out.
    package static func leaderboard(
        _ trials: [TrialEntry], of experiments: [ExperimentDocument], width: Int
    ) -> [StyledText] {
        var table = TextTable([
            .init("#", .right), .init("TRIAL"), .init("EXPERIMENT", minimum: 4),
            .init("OBJECTIVE", .right), .init("STATE", rank: 1),
            .init("PARAMETERS", minimum: 12, rank: 2),
        ])
        let objectives = HumanForm.column(trials.map(\.objective))
        table.rows = trials.enumerated().map { position, trial in
            [
                StyledText("\(position + 1)", position == 0 ? .good : .faint),
                StyledText("\(trial.id)", .accent), StyledText(trial.experiment),
                StyledText(objectives[position]), StyledText(trial.state.rawValue),
                StyledText(trial.varied(among: experiments).words, .faint),
            ]
        }
        return table.lines(width: width)
    }

    /// How far each experiment is, the one with the best trial marked.
    static func experiments(_ document: SweepDocument, width: Int) -> [StyledText] {
        var table = TextTable([
            .init("EXPERIMENT", minimum: 4), .init("DONE", .right), .init("RUN", .right, rank: 1),
            .init("PRUNED", .right, rank: 2), .init("FAILED", .right), .init("BEST", .right),
            .init("TRIAL"), .init("PARAMETERS", minimum: 12, rank: 3),
        ])
        let objectives = HumanForm.column(document.experiments.map { $0.best?.objective })
        table.rows = document.experiments.enumerated().map { position, experiment in
            let isBest =
                experiment.best != nil && experiment.best?.trial == document.sweep.best?.trial
            let counts = experiment.trials
            return [
                StyledText(experiment.name, isBest ? .good : .plain),
                StyledText("\(counts.ended)/\(experiment.total)"),
                StyledText("\(counts.running)"), StyledText("\(counts.pruned)"),
                StyledText("\(counts.failed)", counts.failed > 0 ? .bad : .plain),
                StyledText(objectives[position], isBest ? .good : .plain),
                StyledText(experiment.best.map { "\($0.trial)" } ?? "–", .accent),
                StyledText(
                    experiment.best?.parameters.without(experiment.constants).words ?? "", .faint),
            ]
        }
        return table.lines(width: width)
    }

    /// What the gate said and what to do next; nothing while the sweep is open.
    static func verdict(_ document: SweepDocument, on paper: Page) -> [StyledText] {
        var lines: [StyledText] = []
        if let gate = document.gate {
            lines += [.empty] + GateView.lines(gate, document, on: paper)
        }
        if document.sweep.phase.isFinal, let step = nextStep(document) {
            lines += [.empty] + paper.wrapped("Next: \(step)", .faint)
        }
        return lines
    }

    private static func nextStep(_ document: SweepDocument) -> String? {
        let sweep = document.sweep
        if let model = sweep.model, document.version != nil {
            return "`picoml model show \(model)`"
        }
        if sweep.phase == .failed {
            return "`picoml trial list \(sweep.id) --only failed` shows why the trials failed."
        }
        return sweep.best.map { "`picoml trial show \($0.trial)`" }
    }

    private static func took(_ sweep: SweepEntry, now: Timestamp) -> String {
        let end = sweep.ended ?? now
        let span = end.milliseconds - sweep.submitted.milliseconds
        return HumanForm.duration(seconds: Double(span) / 1000)
    }
}
