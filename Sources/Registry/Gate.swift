import Vocabulary

/// The promotion gate: whether a challenger is really better than the champion.
///
/// Both are scored on rows that the search never saw. The challenger is promoted when the lower
/// end of the confidence interval on the mean loss difference lies above the policy's margin; in
/// doubt, and on equal losses, the champion stays. With a two-sided interval at 95 % a challenger
/// that is no better is promoted in about 2.5 % of cases.
package enum Gate {
    /// The fewest blocks of rows that a verdict against a champion may rest on.
    ///
    /// With fewer, the resampled means are too few to show how far the true one may lie off: a
    /// bootstrap of three lucky rows is always sure.
    package static let minimumBlocks = 10

    /// Answers `question`; see the type for the rule.
    ///
    /// Without a champion the challenger is promoted at once. With fewer than `minimumBlocks`
    /// blocks the champion stays.
    ///
    /// - Throws: A `GateError` when the losses cannot be compared or the policy is out of range.
    package static func judge(_ question: GateQuestion) throws(GateError) -> GateReport {
        let policy = question.policy
        guard policy.confidence >= 0.5, policy.confidence < 1,
            (100...100_000).contains(policy.resamples), policy.blockRows >= 1,
            policy.margin >= 0, policy.margin.isFinite
        else { throw .invalidPolicy }
        let challengerLoss = try mean(of: question.challenger)
        let rows = question.challenger.count
        guard let champion = question.champion else {
            return GateReport(
                verdict: .promote, rows: rows, challengerLoss: challengerLoss, championLoss: nil,
                difference: nil, lower: nil, upper: nil, confidence: policy.confidence,
                reason: "There is no champion yet, so the challenger becomes the first: its mean "
                    + "loss is \(challengerLoss.rounded4) on \(counted(rows, "row")).")
        }
        guard champion.count == rows else {
            throw .rowCountMismatch(challenger: rows, champion: champion.count)
        }
        let championLoss = try mean(of: champion)
        let differences = zip(champion, question.challenger).map { $0 - $1 }
        let difference = try mean(of: differences)
        var report = GateReport(
            verdict: .keep, rows: rows, challengerLoss: challengerLoss,
            championLoss: championLoss, difference: difference, lower: nil, upper: nil,
            confidence: policy.confidence, reason: "")
        let blocks = rows / Int(policy.blockRows)
        guard blocks >= minimumBlocks else {
            report.reason =
                "The champion stays: \(counted(rows, "gate row")) in blocks of "
                + "\(policy.blockRows) are too few to tell luck from skill; at least "
                + "\(minimumBlocks) blocks are needed."
            return report
        }
        let interval = BlockBootstrap.interval(
            forMeanOf: differences, blockRows: Int(policy.blockRows),
            resamples: Int(policy.resamples), confidence: policy.confidence, seed: question.seed)
        report.lower = interval.lower
        report.upper = interval.upper
        report.verdict = interval.lower > policy.margin ? .promote : .keep
        report.reason = reason(for: report, interval: interval, margin: policy.margin)
        return report
    }

    private static func mean(of values: [Double]) throws(GateError) -> Double {
        guard !values.isEmpty else { throw .noRows }
        var sum = 0.0
        for (row, value) in values.enumerated() {
            sum += value
            guard sum.isFinite else { throw .nonFiniteLoss(row: row) }
        }
        return sum / Double(values.count)
    }

    private static func reason(
        for report: GateReport, interval: (lower: Double, upper: Double), margin: Double
    ) -> String {
        let difference = report.difference ?? 0
        let side = difference < 0 ? "above" : "below"
        let threshold = margin > 0 ? "the margin of \(margin.rounded4)" : "zero"
        let comparison =
            "the challenger's mean loss is \(difference.magnitude.rounded4) \(side) the "
            + "champion's on \(counted(report.rows, "row"))"
        let range =
            "\((report.confidence * 100).rounded4) % interval of the improvement, "
            + "\(interval.lower.rounded4) to \(interval.upper.rounded4),"
        if report.verdict == .promote {
            return "The challenger is better: \(comparison), and the \(range) lies above "
                + "\(threshold)."
        }
        if difference == 0 {
            return "The champion stays: both have the same mean loss on "
                + "\(counted(report.rows, "row"))."
        }
        return "The champion stays: \(comparison), and the \(range) does not lie above "
            + "\(threshold)."
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension Double {
    /// The number with four significant digits, for people.
    fileprivate var rounded4: String {
        guard self != 0, isFinite else { return "\(self == 0 ? 0 : self)" }
        var scale = 1.0
        while (magnitude * scale) < 1000, scale < 1e300 { scale *= 10 }
        // Whole digits are never cut: 123456.7 becomes 123457.
        let value = (self * scale).rounded() / scale
        return value == value.rounded() && value.magnitude < 0x1p53
            ? "\(Int64(value))" : "\(value)"
    }
}
