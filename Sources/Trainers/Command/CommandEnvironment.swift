import Tracking
import Vocabulary

/// What a command finds in its environment and in its macros.
struct CommandEnvironment {
    /// The variables: those of this process, which are an allow-list already, and the trial's.
    private(set) var variables: [String: String]
    private let request: TrialRequest
    private let files: CommandFiles

    /// Adds to the variables of this process, `inherited`; `channel` is the descriptor under which
    /// the command finds its own channel.
    init(
        _ request: TrialRequest, files: CommandFiles, inherited: [String: String], channel: Int32
    ) {
        self.request = request
        self.files = files
        variables = inherited
        let lease = request.lease
        for parameter in lease.parameters {
            variables["PICOML_PARAM_" + Self.variableName(parameter.name)] =
                CommandMacros.text(of: parameter.value)
        }
        variables["PICOML_TRIAL"] = files.descriptionPath
        variables["PICOML_CHANNEL"] = "\(channel)"
        variables["PICOML_TRIAL_ID"] = "\(lease.attempt.trial)"
        variables["PICOML_ATTEMPT"] = "\(lease.attempt.number)"
        variables["PICOML_SEED"] = "\(lease.seed)"
        if let path = request.dataPath { variables["PICOML_DATA"] = path }
        variables["PICOML_CHECKPOINT_DIR"] = request.checkpointPath
        variables["PICOML_PARAMS_FILE"] = files.parametersPath
        // Otherwise a package that is installed with pip would be hidden by an empty entry.
        if let path = request.packagePath { variables["PYTHONPATH"] = path }
        variables["PYTHONUNBUFFERED"] = "1"
        variables["PYTHONDONTWRITEBYTECODE"] = "1"
        variables["WANDB_MODE"] = "offline"
        if request.interpreter.hasPrefix("/") { prependFolder(of: request.interpreter) }
    }

    /// Points MLflow's client to the trial's own server.
    mutating func add(_ server: TrackingServer) {
        variables["MLFLOW_TRACKING_URI"] = "http://127.0.0.1:\(server.port)"
        variables["MLFLOW_TRACKING_TOKEN"] = server.token
        variables["MLFLOW_EXPERIMENT_ID"] = TrackingServer.experimentID
        variables["MLFLOW_RUN_ID"] = server.runID
        // By default the client tries for minutes before a script hears that nobody answers.
        variables["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "2"
        variables["MLFLOW_HTTP_REQUEST_TIMEOUT"] = "10"
    }

    /// The macros of the command; the argument macros of W&B among them.
    var macros: CommandMacros {
        let lease = request.lease
        var texts = [
            "seed": "\(lease.seed)", "trial": "\(lease.attempt.trial)",
            "attempt": "\(lease.attempt.number)", "experiment": lease.experiment,
            "params_file": files.parametersPath, "args_json_file": files.parametersPath,
            "args_json": files.parametersJSON, "checkpoint_dir": request.checkpointPath,
            "directory": request.directory, "env": "/usr/bin/env",
            "interpreter": request.interpreter,
        ]
        texts["data.search"] = request.searchPath
        texts["data.gate"] = request.gatePath
        texts["data.path"] = request.dataPath
        texts["code_dir"] = request.codePath
        let reasons = [
            "data.search": "the experiment has no data.",
            "data.path": "the sweep has no data set.",
            "data.gate": "a trial of a search is not given the gate's rows.",
            "code_dir": "the trial has no code.",
            "program": "it is replaced when a sweep file is read; this one has no program.",
        ]
        return CommandMacros(
            parameters: lease.parameters, texts: texts,
            missing: reasons.filter { texts[$0.key] == nil }, environment: variables)
    }

    /// The name in upper case, with everything but letters and digits as `_`.
    private static func variableName(_ name: String) -> String {
        String(
            decoding: name.utf8.map { byte -> UInt8 in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 32
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte
                case UInt8(ascii: "0")...UInt8(ascii: "9"): byte
                default: UInt8(ascii: "_")
                }
            }, as: UTF8.self)
    }

    private mutating func prependFolder(of interpreter: String) {
        guard let slash = interpreter.lastIndex(of: "/"), slash > interpreter.startIndex else {
            return
        }
        let folder = interpreter[..<slash]
        variables["PATH"] = variables["PATH"].map { "\(folder):\($0)" } ?? "\(folder)"
    }
}
