import CLinux
import FoundationEssentials
import Glibc
import Vocabulary

/// How a trial process is started.
extension TrialChild {
    /// The descriptor under which the process finds its channel.
    private static let channelDescriptor: Int32 = 3

    static func spawn(
        _ request: TrialRequest, requestPath: String, channel: Int32, logPath: String
    ) throws(WorkerError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(
            &actions, 1, logPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        unsafe posix_spawn_file_actions_adddup2(&actions, channel, channelDescriptor)

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        // The worker's threads block signals; a trial must not inherit that.
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))

        // What the worker has open is not for the trial, whoever opened it.
        _ = picoml_close_range_on_exec(3, ~0)
        let arguments = ["picoml", "trial-process"]
        let environment = environment(for: request, requestPath: requestPath)
            .map { "\($0.key)=\($0.value)" }.sorted()
        var process = pid_t()
        let status = unsafe withCStrings(arguments) { arguments in
            unsafe withCStrings(environment) { environment in
                unsafe posix_spawn(
                    &process, "/proc/self/exe", &actions, &attributes, arguments, environment)
            }
        }
        guard status == 0 else {
            throw WorkerError(
                "cannot start a trial process: \(unsafe String(cString: strerror(status)))")
        }
        return process
    }

    /// An allow-list, so that no secret of the worker's environment reaches a trial, with the
    /// thread counts of the usual libraries set to the trial's share: a trial that starts a
    /// thread for every CPU of the host slows all others down.
    private static func environment(
        for request: TrialRequest, requestPath: String
    ) -> [String: String] {
        let own = ProcessInfo.processInfo.environment
        var environment: [String: String] = [:]
        for name in ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH"] {
            environment[name] = own[name]
        }
        for name in [
            "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
            "VECLIB_MAXIMUM_THREADS",
        ] {
            environment[name] = "\(request.lease.cpus)"
        }
        environment["TMPDIR"] = request.directory
        environment["PICOML_TRIAL"] = requestPath
        environment["PICOML_CHANNEL"] = "\(channelDescriptor)"
        return environment
    }

    @unsafe private static func withCStrings(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Int32
    ) -> Int32 {
        var pointers = unsafe texts.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe body(pointers)
    }
}
