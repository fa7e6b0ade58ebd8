import FoundationEssentials
import Trainers
import Vocabulary

/// The environment variables of trial processes.
enum TrialEnvironment {
    /// Little of the worker's own, with the thread counts of the usual libraries set to the
    /// trial's share: a trial that starts a thread for every CPU of the host slows all others down.
    private static func basis(_ request: TrialRequest) -> [String: String] {
        let own = ProcessInfo.processInfo.environment
        var environment: [String: String] = [:]
        for name in HostVariables.names { environment[name] = own[name] }
        for name in [
            "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
            "VECLIB_MAXIMUM_THREADS",
        ] {
            environment[name] = "\(request.lease.cpus)"
        }
        environment.merge(DeviceVariables.showing(request.devices)) { _, new in new }
        return environment
    }

    /// What one trial gets; `requestPath` is the file that tells it what to do.
    static func ofTrial(
        _ request: TrialRequest, requestPath: String
    ) -> [String: String] {
        var environment =
            request.lease.trainer.isProgram
            ? ofProgram(request) : basis(request)
        if request.container != nil {
            let own = ProcessInfo.processInfo.environment
            for name in ContainerEngine.variables { environment[name] = own[name] }
        }
        environment["TMPDIR"] = TrialFolder.temporaryPath(in: request.directory)
        environment["PICOML_TRIAL"] = requestPath
        environment["PICOML_CHANNEL"] = "\(Spawn.channelDescriptor)"
        environment["PICOML_TRIAL_ID"] = "\(request.lease.attempt.trial)"
        environment["PICOML_ATTEMPT"] = "\(request.lease.attempt.number)"
        environment["PICOML_SEED"] = "\(request.lease.seed)"
        environment["PICOML_CHECKPOINT_DIR"] = request.checkpointPath
        return environment
    }

    /// What a Python process gets that serves many trials.
    static func ofWarmProcess(_ request: TrialRequest) -> [String: String] {
        var environment = ofProgram(request)
        environment["PICOML_WARM"] = "\(Spawn.channelDescriptor)"
        return environment
    }

    /// What all of the user's own code gets.
    private static func ofProgram(_ request: TrialRequest) -> [String: String] {
        var environment = basis(request)
        let paths = [request.packagePath, request.codePath].compactMap(\.self)
        environment["PYTHONPATH"] = paths.joined(separator: ":")
        environment["PYTHONUNBUFFERED"] = "1"
        // The code is read-only.
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        if let slash = request.interpreter.lastIndex(of: "/") {
            let programs = request.interpreter[..<slash]
            environment["PATH"] = "\(programs):\(environment["PATH"] ?? "/usr/bin:/bin")"
        }
        return environment
    }
}
