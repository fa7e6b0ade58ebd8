/// What a worker tells a trial process to do: written as JSON to the file that the environment
/// variable `PICOML_TRIAL` names, before the process starts.
package struct TrialRequest: Hashable, Sendable, Codable {
    /// The execution, with parameters, seed, objective and CPU share.
    package var lease: Lease
    /// The file with the search rows; nil when the task has none.
    package var searchPath: String?
    /// The file with the gate's rows; nil when the task has none.
    package var gatePath: String?
    /// The files of the version to score, by artifact name.
    package var modelPaths: [String: String]
    /// The process's own folder, to which it may write.
    package var directory: String

    /// Describes a process's work; see the properties.
    package init(
        lease: Lease, searchPath: String?, gatePath: String?, modelPaths: [String: String],
        directory: String
    ) {
        self.lease = lease
        self.searchPath = searchPath
        self.gatePath = gatePath
        self.modelPaths = modelPaths
        self.directory = directory
    }
}

/// What a trial process says on its channel, one JSON object a line.
///
/// The channel is a stream socket whose descriptor the environment variable `PICOML_CHANNEL`
/// gives. The other way the worker writes `{"stop":"pruned"}`, a `StopReason`, at most once.
package enum TrialProcessMessage: Hashable, Sendable {
    /// `{"report":{"step":3,"metrics":{"rmse":12.5}}}`: a point of the learning curve.
    case report(step: UInt64, metrics: [Metric])
    /// `{"artifact":{"name":"model/MLmodel","path":"model/MLmodel"}}`: a file to keep; the path
    /// is relative to the process's folder.
    case artifact(name: String, path: String)
    /// `{"result":{"metrics":{"rmse":12.5}}}`: the end, with the final metrics.
    case result(metrics: [Metric])
    /// `{"failure":{"class":"trainer_error","message":"…"}}`: the end, badly.
    case failure(FailureClass, message: String)
}
