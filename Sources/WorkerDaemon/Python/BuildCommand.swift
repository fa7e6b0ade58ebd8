import FoundationEssentials
import Glibc
import Processes

/// A program that prepares what trials run in, such as pip or podman.
enum BuildCommand {
    // The names under which people say how packages and images are reached from a host.
    private static let variables =
        [
            "PATH", "HOME", "LANG", "LC_ALL", "http_proxy", "https_proxy", "no_proxy",
            "SSL_CERT_FILE", "PIP_INDEX_URL", "PIP_CONFIG_FILE", "PIP_CERT", "UV_INDEX_URL",
            "UV_DEFAULT_INDEX",
        ] + ContainerEngine.variables

    /// Runs `program` to its end; what it says is added to the file `log`.
    ///
    /// - Parameters:
    ///   - program: The program's path or name.
    ///   - arguments: What follows its name.
    ///   - log: The file.
    ///   - user: Who it runs as; nil for the worker's own user, who then may gain privileges as
    ///     engines of containers have to.
    /// - Returns: How it ended.
    /// - Throws: `EnvironmentProblem.here` when it cannot be started.
    static func run(
        _ program: String, _ arguments: [String], log: String, as user: SystemUser? = nil
    ) throws(EnvironmentProblem) -> ExitStatus {
        let own = ProcessInfo.processInfo.environment
        let values = variables.compactMap { name in own[name].map { (name, $0) } }
        do throws(WorkerError) {
            let pair = try ChannelPair()
            let process = try Spawn(
                program: program, arguments: [program] + arguments,
                environment: Dictionary(values) { first, _ in first }, folder: nil, log: log,
                channel: pair.theirs, fileMask: 0o022, keepsPrivileges: user != nil, user: user
            ).start()
            var status: Int32 = 0
            while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
            return ExitStatus(waitStatus: status)
        } catch {
            throw .here("\(program) cannot be run: \(error)")
        }
    }
}
