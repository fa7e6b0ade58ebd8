import Vocabulary

/// Predictions as text.
package enum PredictionView {
    /// A line for each row, with the actual value where it is known.
    package static func table(_ prediction: Prediction, on paper: Page) -> String {
        var table = TextTable([
            .init("TIME", minimum: 10), .init("PREDICTED", .right), .init("ACTUAL", .right),
            .init("ERROR", .right, rank: 1),
        ])
        let errors = prediction.rows.map { row in row.actual.map { row.predicted - $0 } }
        let numbers = HumanForm.column(prediction.rows.map(\.predicted) + errors)
        table.rows = prediction.rows.enumerated().map { position, row in
            [
                StyledText(row.time), StyledText(numbers[position], .accent),
                StyledText(row.actual.map { HumanForm.number($0) } ?? "–"),
                StyledText(numbers[errors.count + position], .faint),
            ]
        }
        let title =
            StyledText(prediction.target, .strong)
            + " as predicted by version \(prediction.version) of \(prediction.model)"
        return paper.text([title] + table.lines(width: paper.width))
    }
}
