import CLinux
import Glibc

/// How a process is started: in a process group of its own, with nothing of the worker's but what
/// is named here.
struct Spawn {
    /// The program: a path, or a name that is looked for in `PATH`.
    var program: String
    /// Its arguments, its own name first.
    var arguments: [String]
    /// Its whole environment.
    var environment: [String: String]
    /// Where it starts; nil for where the worker is.
    var folder: String?
    /// The file that standard output and error are added to.
    var log: String
    /// The descriptor that it finds as number 3.
    var channel: Int32

    /// Starts it and returns its process number.
    func start() throws(WorkerError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(
            &actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        unsafe posix_spawn_file_actions_adddup2(&actions, channel, Self.channelDescriptor)
        // What the worker has open is not for the trial, whoever opened it.
        _ = unsafe picoml_spawn_closing_from(&actions, Self.channelDescriptor + 1)
        if let folder { _ = unsafe picoml_spawn_in_folder(&actions, folder) }

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

        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        var process = pid_t()
        let status = unsafe withCStrings(arguments) { arguments in
            unsafe withCStrings(variables) { variables in
                unsafe posix_spawnp(
                    &process, program, &actions, &attributes, arguments, variables)
            }
        }
        guard status == 0 else {
            throw WorkerError(
                "cannot start \(program): \(unsafe String(cString: strerror(status)))")
        }
        return process
    }

    /// The number under which a process finds its channel.
    static let channelDescriptor: Int32 = 3

    @unsafe private func withCStrings(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Int32
    ) -> Int32 {
        var pointers = unsafe texts.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe body(pointers)
    }
}
