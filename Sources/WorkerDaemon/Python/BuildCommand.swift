import CLinux
import FoundationEssentials
import Glibc
import Processes
import Vocabulary

/// A program that prepares what trials run in, such as pip or podman.
enum BuildCommand {
    // The names under which people say how packages and images are reached from a host.
    private static let variables =
        [
            "PATH", "HOME", "LANG", "LC_ALL", "http_proxy", "https_proxy", "no_proxy",
            "SSL_CERT_FILE", "PIP_INDEX_URL", "PIP_CONFIG_FILE", "PIP_CERT", "UV_INDEX_URL",
            "UV_DEFAULT_INDEX",
        ] + ContainerEngine.variables

    /// Between two looks at whether its work is still wanted, in milliseconds.
    private static let pause: Int32 = 200

    /// Runs `program` to its end, or to that of `patience`, with which everything in its process
    /// group is ended; what it says is added to the file `log`.
    ///
    /// - Parameters:
    ///   - program: The program's path or name.
    ///   - arguments: What follows its name.
    ///   - log: The file.
    ///   - user: Who it runs as; nil for the worker's own user, who then may gain privileges as
    ///     engines of containers have to.
    ///   - patience: For how long.
    /// - Returns: How it ended.
    /// - Throws: `EnvironmentProblem.here` when it cannot be started or takes too long,
    ///   `.unwanted` when it was ended because nobody wanted it any more.
    static func run(
        _ program: String, _ arguments: [String], log: String, as user: SystemUser? = nil,
        for patience: Patience
    ) throws(EnvironmentProblem) -> ExitStatus {
        let process = try start(program, arguments, log: log, as: user)
        let descriptor = picoml_pidfd_open(process)
        defer { if descriptor >= 0 { close(descriptor) } }
        var problem: EnvironmentProblem?
        if descriptor < 0 { problem = .here("cannot wait for \(program): error \(errno)") }
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while problem == nil, unsafe poll(&entry, 1, pause) <= 0 {
            if !patience.isWanted() {
                problem = .unwanted
            } else if patience.isOver {
                let command = ([program] + arguments).joined(separator: " ")
                problem = .here(
                    "\(command) took longer than \(Int(patience.limit.inSeconds)) seconds: put what"
                        + " the trials need into an image (`environment: {image: NAME}`), or ask "
                        + "for less\(TrialOutcome.lastWords(log))")
            }
        }
        // Also what it left running: until it is waited for, the group's number is its own.
        _ = kill(-process, SIGKILL)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        if let problem { throw problem }
        return ExitStatus(waitStatus: status)
    }

    private static func start(
        _ program: String, _ arguments: [String], log: String, as user: SystemUser?
    ) throws(EnvironmentProblem) -> pid_t {
        let own = ProcessInfo.processInfo.environment
        let values = variables.compactMap { name in own[name].map { (name, $0) } }
        do throws(WorkerError) {
            let pair = try ChannelPair()
            return try Spawn(
                program: program, arguments: [program] + arguments,
                environment: Dictionary(values) { first, _ in first }, folder: nil, log: log,
                channel: pair.theirs, fileMask: 0o022, keepsPrivileges: user != nil, user: user
            ).start()
        } catch {
            throw .here("\(program) cannot be run: \(error)")
        }
    }
}
