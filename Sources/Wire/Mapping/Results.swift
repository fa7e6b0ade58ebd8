import SwiftProtobuf
import Vocabulary

extension SchemaMetricReport {
    init(_ report: MetricReport) {
        sweep = report.attempt.trial.sweep.number
        trial = report.attempt.trial.number
        attempt = report.attempt.number
        step = report.step
        metrics = report.metrics.map { SchemaMetric($0) }
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> MetricReport {
        MetricReport(
            attempt: try Structure.attempt(sweep, trial, attempt, "report.attempt"),
            step: try scrutiny.number(step, in: 1...UInt64.max, "report.step"),
            metrics: try SchemaMetric.report(metrics, scrutiny))
    }
}

extension SchemaAttemptResult {
    init(_ result: AttemptResult) {
        sweep = result.attempt.trial.sweep.number
        trial = result.attempt.trial.number
        attempt = result.attempt.number
        (ending, failure) = result.outcome.schema
        metrics = result.metrics.map { SchemaMetric($0) }
        artifacts = result.artifacts.map { SchemaArtifact($0) }
        seconds = result.seconds
        message = result.message
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> AttemptResult {
        let outcome = try Structure.present(Outcome(ending, failure), "result.ending")
        let metrics = try SchemaMetric.report(metrics, scrutiny)
        if outcome == .succeeded || outcome == .pruned {
            for metric in metrics { _ = try scrutiny.finite(metric.value, "result.metrics") }
        }
        try scrutiny.require(seconds >= 0, "result.seconds", "is negative or not a number")
        return AttemptResult(
            attempt: try Structure.attempt(sweep, trial, attempt, "result.attempt"),
            outcome: outcome, metrics: metrics,
            artifacts: try SchemaArtifact.files(artifacts, scrutiny),
            seconds: try scrutiny.finite(seconds, "result.seconds"),
            message: try scrutiny.text(message, "result.message"))
    }
}
