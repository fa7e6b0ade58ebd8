import API
import Registry
import Vocabulary

/// The gate's report in words.
enum GateView {
    /// The verdict, the numbers behind it and the gate's own reason.
    static func lines(
        _ report: GateReport, _ document: SweepDocument, on paper: Page
    ) -> [StyledText] {
        let model = document.sweep.model ?? "the model"
        let verdict: StyledText =
            switch report.verdict {
            case .promote:
                StyledText("Promoted: ", .good)
                    + (document.version.map { "version \($0) became the champion of \(model)." }
                        ?? "the winner became the champion of \(model).")
            case .keep:
                StyledText("Not promoted: ", .warning) + "the champion of \(model) stays."
            }
        var pairs: [(name: String, value: StyledText)] = []
        if let winner = document.winner {
            pairs.append(("  winner", StyledText("trial \(winner)", .accent)))
        }
        let metric = document.sweep.objective.metric
        pairs.append(("  its loss", StyledText(loss(report.challengerLoss, metric))))
        if let champion = report.championLoss {
            pairs.append(("  champion's loss", StyledText(loss(champion, metric))))
        }
        if let difference = report.difference {
            pairs.append(("  gain", StyledText(gain(difference, report))))
        }
        pairs.append(
            (
                "  judged on",
                StyledText(HumanForm.count(report.rows, "row") + " that the search never saw")
            ))
        pairs.append(("  loss", StyledText(meaning(of: metric))))
        return [verdict] + paper.properties(pairs) + paper.wrapped(report.reason, indent: 2)
    }

    /// What the gate's loss is when the sweep's objective is `metric`.
    private static func meaning(of metric: String) -> String {
        switch metric {
        case "rmse": "the mean squared error over these rows"
        case "mae": "the mean absolute error over these rows"
        default: "the mean over these rows of what each one adds to \(metric)"
        }
    }

    /// A loss, with what it means in a metric that is its root: `16900 (rmse 130)`.
    private static func loss(_ loss: Double, _ metric: String) -> String {
        guard metric == "rmse", loss >= 0 else { return HumanForm.number(loss) }
        return "\(HumanForm.number(loss)) (rmse \(HumanForm.number(loss.squareRoot())))"
    }

    /// The gain with its interval: `1.2 (95 % interval: 0.4 … 2.1)`.
    private static func gain(_ difference: Double, _ report: GateReport) -> String {
        guard let lower = report.lower, let upper = report.upper else {
            return HumanForm.number(difference)
        }
        return "\(HumanForm.number(difference)) (\(HumanForm.percent(report.confidence)) interval: "
            + "\(HumanForm.number(lower)) … \(HumanForm.number(upper)))"
    }
}
