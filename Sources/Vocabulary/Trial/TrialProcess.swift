/// What a worker tells a trial process to do: written as JSON to the file that the environment
/// variable `PICOML_TRIAL` names, before the process starts.
package struct TrialRequest: Hashable, Sendable, Codable {
    /// The execution, with parameters, seed, objective and CPU share.
    package var lease: Lease
    /// The file with the search rows; nil when the task has none.
    package var searchPath: String?
    /// The file with the gate's rows; nil when the task has none.
    package var gatePath: String?
    /// The file or folder of the data set; nil when there is none.
    package var dataPath: String?
    /// The files of the version to score, by artifact name.
    package var modelPaths: [String: String]
    /// The process's own folder, to which it may write.
    package var directory: String
    /// The directory with the code, read-only; nil for built-in trainers.
    package var codePath: String?
    /// The Python interpreter of the program's environment.
    package var interpreter: String
    /// The directory with the Python package `picoml`; nil for built-in trainers.
    package var packagePath: String?
    /// The container that its program runs in; nil for none.
    package var container: TrialContainer?
    /// The GPUs that it may use.
    package var devices: [Device] = []
    /// The numbers of the CPUs that it runs on; none for all of its worker.
    package var cores: [UInt32] = []

    /// Describes a process's work; see the properties.
    package init(
        lease: Lease, searchPath: String?, gatePath: String?, dataPath: String? = nil,
        modelPaths: [String: String], directory: String, codePath: String? = nil,
        interpreter: String = "python3", packagePath: String? = nil,
        container: TrialContainer? = nil
    ) {
        self.lease = lease
        self.searchPath = searchPath
        self.gatePath = gatePath
        self.dataPath = dataPath
        self.modelPaths = modelPaths
        self.directory = directory
        self.codePath = codePath
        self.interpreter = interpreter
        self.packagePath = packagePath
        self.container = container
    }

    /// The directory that holds what the last checkpoint held; empty when there is none.
    package var checkpointPath: String { directory + "/checkpoint" }

    /// What programs in any language are told.
    package var description: TrialDescription {
        var data: [String: String] = [:]
        data["search"] = searchPath
        data["gate"] = gatePath
        data["path"] = dataPath
        var entry: String?
        if case .python(let name, _) = lease.program?.action { entry = name }
        return TrialDescription(
            trial: "\(lease.attempt.trial)", attempt: lease.attempt.number, seed: lease.seed,
            cpus: lease.cpus, experiment: lease.experiment, metric: lease.objective.metric,
            goal: lease.objective.goal,
            params: Dictionary(lease.parameters.map { ($0.name, $0.value) }) { _, last in last },
            data: data, directory: directory, checkpointPath: checkpointPath,
            resumedStep: lease.checkpoint?.step ?? 0, entry: entry, codePath: codePath,
            cores: cores)
    }
}

/// The container that a trial's program runs in.
package struct TrialContainer: Hashable, Sendable, Codable {
    /// The path of podman or docker.
    package var engine: String
    /// The container's name, by which it is ended.
    package var name: String
    /// The label that all containers of one worker have.
    package var label: String
    /// The image.
    package var image: String

    /// Describes a container; see the properties.
    package init(engine: String, name: String, label: String, image: String) {
        self.engine = engine
        self.name = name
        self.label = label
        self.image = image
    }
}

/// What a program in any language is told of its trial: a JSON object of plain values.
package struct TrialDescription: Hashable, Sendable, Codable {
    /// Such as `3.17`: the sweep and the trial in it.
    package var trial: String
    /// The number of the execution, from 1.
    package var attempt: UInt32
    /// Seed of the program's own random choices.
    package var seed: UInt64
    /// CPUs that it may use.
    package var cpus: UInt32
    /// The experiment's name.
    package var experiment: String
    /// The name of the metric that is optimised.
    package var metric: String
    /// Which way is better.
    package var goal: Objective.Goal
    /// The point of the search space.
    package var params: [String: ParameterValue]
    /// Paths of the data: `search` and `gate`, and `path` of a data set, as far as there are any.
    package var data: [String: String]
    /// The trial's own folder.
    package var directory: String
    /// The directory that holds what the last checkpoint held.
    package var checkpointPath: String
    /// The step of that checkpoint; 0 for none.
    package var resumedStep: UInt64
    /// The Python function; nil for commands.
    package var entry: String?
    /// The directory with the code; nil for built-in trainers.
    package var codePath: String?
    /// The numbers of the CPUs that it runs on; none for all of its worker.
    package var cores: [UInt32]
    /// What a process that was forked for the trial does to itself; nil for nothing.
    package var limits: TrialLimits?

    private enum CodingKeys: String, CodingKey {
        case trial, attempt, seed, cpus, experiment, metric, goal, params, data, directory, entry
        case cores, limits
        case checkpointPath = "checkpoint_dir"
        case resumedStep = "resumed_step"
        case codePath = "code_dir"
    }
}

/// What a trial may take, for a process that limits itself.
package struct TrialLimits: Hashable, Sendable, Codable {
    /// Files `cgroup.procs` of the control groups to join.
    package var groups: [String]
    /// The most bytes of private memory (`RLIMIT_DATA`); nil for no limit.
    package var data: UInt64?
    /// The most bytes of one file (`RLIMIT_FSIZE`); nil for no limit.
    package var file: UInt64?

    /// Describes limits; see the properties.
    package init(groups: [String], data: UInt64? = nil, file: UInt64? = nil) {
        self.groups = groups
        self.data = data
        self.file = file
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
    /// `{"checkpoint":{"step":3,"path":"checkpoint-3"}}`: a directory that is complete; the path is
    /// relative to the process's folder.
    case checkpoint(step: UInt64, path: String)
    /// `{"result":{"metrics":{"rmse":12.5}}}`: the end, with the final metrics.
    case result(metrics: [Metric])
    /// `{"failure":{"class":"trainer_error","message":"…"}}`: the end, badly.
    case failure(FailureClass, message: String)
}
