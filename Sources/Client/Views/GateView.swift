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
                    + (document.version.map { "version \($0) is now the champion of \(model)." }
                        ?? "the winner becomes the champion of \(model).")
            case .keep:
                StyledText("Not promoted: ", .warning) + "the champion of \(model) stays."
            }
        var pairs: [(name: String, value: StyledText)] = []
        if let winner = document.winner {
            pairs.append(("  winner", StyledText("trial \(winner)", .accent)))
        }
        pairs.append(("  its loss", StyledText(HumanForm.number(report.challengerLoss))))
        if let loss = report.championLoss {
            pairs.append(("  champion's loss", StyledText(HumanForm.number(loss))))
        }
        if let difference = report.difference {
            pairs.append(("  gain", StyledText(gain(difference, report))))
        }
        pairs.append(
            ("  judged on", StyledText(HumanForm.count(report.rows, "row") + " nobody trained on"))
        )
        let metric = document.sweep.objective.metric
        pairs.append(
            ("  loss", StyledText("the mean over these rows of each one's part in \(metric)")))
        return [verdict] + paper.properties(pairs) + paper.wrapped(report.reason, indent: 2)
    }

    /// The gain with its interval: `1.2 (95 % sure: 0.4 … 2.1)`.
    private static func gain(_ difference: Double, _ report: GateReport) -> String {
        guard let lower = report.lower, let upper = report.upper else {
            return HumanForm.number(difference)
        }
        return "\(HumanForm.number(difference)) (\(HumanForm.percent(report.confidence)) sure: "
            + "\(HumanForm.number(lower)) … \(HumanForm.number(upper)))"
    }
}
