import Synchronization
import Vocabulary

/// What each call does to the run.
final class TrackingRoutes: Sendable {
    private static let prefix = "/api/2.0/mlflow/"
    /// The most bytes of a parameter's or a tag's text: MLflow's own limit for tags.
    private static let textBytes = 8_000

    private let run: Mutex<TrackingRun>
    private let report: TrackingServer.Report

    init(_ run: TrackingRun, report: @escaping TrackingServer.Report) {
        self.run = Mutex(run)
        self.report = report
    }

    /// A call without a body.
    func get(
        _ path: String, _ query: (String) -> String?
    ) throws(TrackingProblem) -> any Encodable {
        guard path.hasPrefix(Self.prefix) else { throw .unknownPath }
        let run = run.withLock { $0 }
        switch path.dropFirst(Self.prefix.count) {
        case "runs/get":
            try check(query("run_id") ?? query("run_uuid"), of: run)
            return TrackingAnswer.WholeRun(run)
        case "experiments/get":
            guard query("experiment_id") == TrackingServer.experimentID else {
                throw TrackingProblem(
                    status: 404, error_code: "RESOURCE_DOES_NOT_EXIST",
                    message: "A trial has one experiment, \(TrackingServer.experimentID).")
            }
            return TrackingAnswer.Experiment(named: run.experiment, of: run)
        case "experiments/get-by-name":
            // Whatever a script calls its experiment, it is the one that it runs in: otherwise
            // `mlflow.set_experiment` would have to be deleted from it first.
            let name = query("experiment_name") ?? run.experiment
            return TrackingAnswer.Experiment(named: name, of: run)
        default: throw .unknownPath
        }
    }

    /// A call with a body.
    func post(_ path: String, _ body: [UInt8]) throws(TrackingProblem) -> any Encodable {
        guard path.hasPrefix(Self.prefix) else { throw .unknownPath }
        let call = path.dropFirst(Self.prefix.count)
        let known = [
            "runs/log-parameter", "runs/log-metric", "runs/log-batch", "runs/set-tag",
            "runs/delete-tag", "runs/update",
        ]
        guard known.contains(String(call)) else { throw .unknownPath }
        let address = try TrackingCoding.decode(TrackingCall.Address.self, body)
        try check(address.run, of: run.withLock { $0 })
        switch call {
        case "runs/log-parameter":
            let entry = try TrackingCoding.decode(KeyedText.self, body)
            try log(metrics: [], parameters: [entry], tags: [])
        case "runs/log-metric":
            let metric = try TrackingCoding.decode(LoggedMetric.self, body)
            try log(metrics: [metric], parameters: [], tags: [])
        case "runs/log-batch":
            let batch = try TrackingCoding.decode(TrackingCall.LogBatch.self, body)
            try log(
                metrics: batch.metrics ?? [], parameters: batch.params ?? [],
                tags: batch.tags ?? [])
        case "runs/set-tag":
            let entry = try TrackingCoding.decode(KeyedText.self, body)
            try log(metrics: [], parameters: [], tags: [entry])
        case "runs/delete-tag":
            let key = try TrackingCoding.decode(TrackingCall.DeleteTag.self, body).key
            run.withLock { $0.deleteTag(key) }
        default:
            return try update(try TrackingCoding.decode(TrackingCall.UpdateRun.self, body))
        }
        return TrackingAnswer.Nothing()
    }

    private func check(_ id: String?, of run: TrackingRun) throws(TrackingProblem) {
        guard let id else { throw .invalid("The call names no run.") }
        guard id == run.id else { throw .unknownRun(id) }
    }

    /// All of it or, when something is wrong with one, nothing.
    private func log(
        metrics: [LoggedMetric], parameters: [KeyedText], tags: [KeyedText]
    ) throws(TrackingProblem) {
        for key in metrics.map(\.key) + (parameters + tags).map(\.key) {
            guard (1...Limits.nameBytes).contains(key.utf8.count) else {
                throw .invalid("A name is empty or longer than \(Limits.nameBytes) bytes.")
            }
        }
        for entry in parameters + tags where entry.value.utf8.count > Self.textBytes {
            throw .invalid("\"\(entry.key)\" is longer than \(Self.textBytes) bytes.")
        }
        // Within the lock, so that reports leave in the order in which they were kept.
        run.withLock { run in
            parameters.forEach { run.setParameter($0) }
            tags.forEach { run.setTag($0) }
            metrics.forEach { run.log($0) }
            Self.reports(of: metrics).forEach(report)
        }
    }

    /// One report for each step, growing; within a step a later value replaces an earlier one.
    private static func reports(of metrics: [LoggedMetric]) -> [TrackedReport] {
        var reports: [TrackedReport] = []
        // Indices make the sort stable.
        let order = metrics.indices.sorted {
            (metrics[$0].reportedStep, $0) < (metrics[$1].reportedStep, $1)
        }
        var values: [Metric] = []
        for (position, index) in order.enumerated() {
            let metric = metrics[index]
            values.removeAll { $0.name == metric.key }
            values.append(Metric(metric.key, metric.value))
            let next = position + 1 < order.count ? metrics[order[position + 1]] : nil
            guard next?.reportedStep != metric.reportedStep else { continue }
            reports.append(TrackedReport(step: metric.reportedStep, metrics: values))
            values = []
        }
        return reports
    }

    private func update(
        _ call: TrackingCall.UpdateRun
    ) throws(TrackingProblem) -> TrackingAnswer.UpdatedRun {
        let known = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]
        guard call.status.map(known.contains) ?? true else {
            throw .invalid("A run has no such status.")
        }
        guard call.run_name?.utf8.count ?? 0 <= Self.textBytes else {
            throw .invalid("The run's name is longer than \(Self.textBytes) bytes.")
        }
        let run = run.withLock { run in
            run.status = call.status ?? run.status
            run.ended = call.end_time ?? run.ended
            run.name = call.run_name ?? run.name
            return run
        }
        return TrackingAnswer.UpdatedRun(run_info: TrackingAnswer.Info(run))
    }
}
