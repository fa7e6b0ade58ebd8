import CLinux
import Glibc
package import Processes
import Vocabulary

/// A process that was started for one trial.
package final class OwnProcess {
    /// Becomes readable when the process has ended.
    package let descriptor: Int32
    private let process: pid_t
    /// Whether it watches over a command, which it tells to end itself.
    let isSupervised: Bool

    /// Starts `picoml trial-process`, or a Python interpreter where the code cannot be forked.
    init(
        _ request: TrialRequest, channel: Int32, group: ControlGroup?, confinement: Confinement
    ) throws(WorkerError) {
        let requestPath = request.directory + "/trial.json"
        try TrialFolder.prepare(request, requestPath: requestPath, for: confinement.user)
        isSupervised = request.lease.trainer == .command || request.container != nil
        let isPython = request.lease.trainer == .python && request.container == nil
        process = try Spawn(
            program: isPython ? request.interpreter : "/proc/self/exe",
            arguments: isPython
                ? ["python3", "-m", "picoml._trial"] : ["picoml", "trial-process"],
            environment: TrialEnvironment.ofTrial(request, requestPath: requestPath),
            folder: isPython ? request.directory : nil,
            log: request.directory + "/" + TrialChild.logName, channel: channel,
            keepsPrivileges: request.container == nil, group: group,
            limits: confinement.limits(of: request.lease, isGrouped: group != nil),
            cores: request.cores, user: confinement.user
        ).start()
        descriptor = picoml_pidfd_open(process)
        guard descriptor >= 0 else {
            // Its end would never be noticed.
            let problem = WorkerError.system("watch", "a trial process")
            _ = Glibc.kill(process, SIGKILL)
            _ = reap()
            throw problem
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Asks the process and everything in its process group to end.
    func terminate() { _ = Glibc.kill(-process, SIGTERM) }

    /// Ends the process with everything in its process group.
    func kill() { _ = Glibc.kill(-process, SIGKILL) }

    /// Collects the ended process: what it left running in its process group ends too.
    package func reap() -> ExitStatus {
        var status: Int32 = 0
        // Before the process is collected: its number may belong to another one afterwards.
        _ = Glibc.kill(-process, SIGKILL)
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        return ExitStatus(waitStatus: status)
    }
}
