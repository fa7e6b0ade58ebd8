package import API
import Vocabulary

/// Trials as text.
package enum TrialViews {
    /// A line for each trial; what no trial of one of the `experiments` varies is left out.
    package static func list(
        _ page: TrialPage, of experiments: [ExperimentDocument] = [], on paper: Page
    ) -> String {
        guard !page.trials.isEmpty else {
            return "No trial of the sweep fits. Without --only and --experiment all are listed."
        }
        var table = TextTable([
            .init("TRIAL"), .init("EXPERIMENT", minimum: 4), .init("TASK", rank: 2),
            .init("STATE"), .init("OBJECTIVE", .right),
            .init("TRIES", .right, rank: 1), .init("PARAMETERS", minimum: 12, rank: 3),
        ])
        let objectives = HumanForm.column(page.trials.map(\.objective))
        table.rows = page.trials.enumerated().map { position, trial in
            [
                StyledText("\(trial.id)", .accent), StyledText(trial.experiment),
                StyledText(trial.task), trial.standing,
                StyledText(objectives[position]), StyledText("\(trial.attempts)"),
                StyledText(trial.varied(among: experiments).words, .faint),
            ]
        }
        var lines = table.lines(width: paper.width)
        if let next = page.next {
            lines.append(StyledText("More: the same with --cursor \(next)", .faint))
        }
        return paper.text(lines)
    }

    /// All there is to say of a trial, with its learning curve when there is one.
    package static func show(
        _ document: TrialDocument, curve: CurveDocument?, on paper: Page, now: Timestamp
    ) -> String {
        let trial = document.trial
        var lines = paper.properties([
            ("trial", StyledText("\(trial.id)", .accent) + "  " + trial.experiment),
            ("task", StyledText(trial.task)), ("state", trial.standing),
            ("objective", StyledText(trial.objective.map { HumanForm.number($0) } ?? "–")),
            ("created", StyledText(HumanForm.age(of: trial.created, at: now))),
            ("seed", StyledText(document.seed)),
        ])
        lines += section("Parameters", trial.parameters.map { ($0.name, "\($0.value)") }, paper)
        lines += section(
            "Metrics", document.metrics.map { ($0.name, HumanForm.number($0.value)) }, paper)
        if let curve, !curve.points.isEmpty { lines += [.empty] + self.curve(curve, on: paper) }
        lines += attempts(document.attempts, on: paper)
        lines += section(
            "Files", document.artifacts.map { ($0.name, HumanForm.bytes($0.byteCount)) }, paper)
        lines += section(
            "Checkpoints",
            document.checkpoints.map { checkpoint in
                let value = checkpoint.objective.map { ", objective \(HumanForm.number($0))" }
                return (
                    "step \(checkpoint.step)",
                    HumanForm.bytes(checkpoint.byteCount) + (value ?? "")
                )
            }, paper)
        return paper.text(lines)
    }

    /// Why a trial is where it is, a paragraph for each sentence.
    package static func explain(_ document: ExplanationDocument, on paper: Page) -> String {
        let title = StyledText("\(document.trial)", .accent) + "  \(document.state.rawValue)"
        return paper.text(
            [title] + document.sentences.flatMap { paper.wrapped($0, indent: 2) })
    }

    /// A learning curve alone, a line for each of its points below the sparkline.
    package static func show(_ document: CurveDocument, on paper: Page) -> String {
        guard !document.points.isEmpty else { return "There is no learning curve." }
        var table = TextTable([.init("STEP", .right), .init("VALUE", .right)])
        table.rows = document.points.map {
            [StyledText("\($0.step)"), StyledText(HumanForm.number($0.value))]
        }
        return paper.text(curve(document, on: paper) + table.lines(width: paper.width))
    }

    /// A learning curve as a sparkline with its ends and extremes.
    static func curve(_ curve: CurveDocument, on paper: Page) -> [StyledText] {
        let values = curve.points.map(\.value)
        let finite = values.filter(\.isFinite)
        let steps = curve.points.first.map(\.step).map { first in
            "steps \(first) … \(curve.points.last?.step ?? first)"
        }
        let range =
            finite.min().flatMap { lowest in
                finite.max().map { highest in
                    "lowest \(HumanForm.number(lowest)), highest \(HumanForm.number(highest))"
                }
            } ?? "no finite value"
        return [
            StyledText("Learning curve ", .strong) + StyledText(curve.metric),
            StyledText("  ")
                + StyledText(Drawing.sparkline(values, width: min(paper.width - 2, 72)), .accent),
            StyledText("  " + [steps, range].compactMap(\.self).joined(separator: ", "), .faint),
        ]
    }

    private static func attempts(_ attempts: [AttemptDocument], on paper: Page) -> [StyledText] {
        guard !attempts.isEmpty else { return [] }
        var table = TextTable([
            .init("TRY", .right), .init("WORKER", minimum: 6), .init("OUTCOME", minimum: 8),
            .init("TOOK", .right), .init("MESSAGE", minimum: 12, rank: 1),
        ])
        table.rows = attempts.map { attempt in
            let failure = attempt.failure.map { ": \($0.words)" } ?? ""
            let tone: Tone =
                switch attempt.outcome {
                case "failed": .bad
                case "succeeded": .good
                case nil: .accent
                default: .plain
                }
            return [
                StyledText("\(attempt.number)"),
                StyledText("\(attempt.workerName) (\(attempt.worker))"),
                StyledText((attempt.outcome ?? "running") + failure, tone),
                StyledText(attempt.seconds.map { HumanForm.duration(seconds: $0) } ?? "–"),
                StyledText(gist(of: attempt.message)),
            ]
        }
        var lines = [.empty, StyledText("Attempts", .strong)] + table.lines(width: paper.width)
        // The table cuts long messages; the last one is what a person looks for.
        if let last = attempts.last(where: { !$0.message.isEmpty }) {
            lines += [.empty] + paper.wrapped("Attempt \(last.number):", indent: 0)
            lines += last.message.split(separator: "\n").flatMap {
                paper.wrapped(String($0), indent: 2)
            }
        }
        return lines
    }

    /// The line that says most: the last one of a traceback, the first one of anything else.
    private static func gist(of message: String) -> String {
        let lines = message.split(separator: "\n")
        let line = message.contains("File \"") ? lines.last : lines.first
        return line.map(String.init) ?? ""
    }

    private static func section(
        _ title: String, _ pairs: [(String, String)], _ paper: Page
    ) -> [StyledText] {
        guard !pairs.isEmpty else { return [] }
        let lines = paper.properties(pairs.map { ("  " + $0.0, StyledText($0.1)) })
        return [.empty, StyledText(title, .strong)] + lines
    }
}
