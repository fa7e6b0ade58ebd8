import CLinux
import FoundationEssentials
import Glibc
import Vocabulary

/// How a process ended.
enum ExitStatus: Equatable {
    /// By itself, with a code.
    case code(Int32)
    /// By a signal.
    case signal(Int32)

    /// The status as the kernel gives it to whoever waits for a process.
    init(waitStatus status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .code(status >> 8 & 0xFF) : .signal(signal)
    }
}

/// A process that was started for one trial.
final class OwnProcess {
    /// Becomes readable when the process has ended.
    let descriptor: Int32
    private let process: pid_t

    /// Starts `picoml trial-process`, or a Python interpreter where the code cannot be forked.
    init(_ request: TrialRequest, channel: Int32) throws(WorkerError) {
        let requestPath = request.directory + "/trial.json"
        try TrialFolder.prepare(request)
        try TrialFolder.write(request, to: requestPath)
        let isPython = request.lease.trainer == .python
        process = try Spawn(
            program: isPython ? request.interpreter : "/proc/self/exe",
            arguments: isPython
                ? ["python3", "-m", "picoml._trial"] : ["picoml", "trial-process"],
            environment: TrialEnvironment.ofTrial(request, requestPath: requestPath),
            folder: isPython ? request.directory : nil,
            log: request.directory + "/" + TrialChild.logName, channel: channel
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

    /// Asks the process and everything it started to end.
    func terminate() { _ = Glibc.kill(-process, SIGTERM) }

    /// Ends the process with everything it started.
    func kill() { _ = Glibc.kill(-process, SIGKILL) }

    /// Collects the ended process: what it left running ends too.
    func reap() -> ExitStatus {
        var status: Int32 = 0
        // Before the process is collected: its number may belong to another one afterwards.
        _ = Glibc.kill(-process, SIGKILL)
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        return ExitStatus(waitStatus: status)
    }
}

/// A request with what programs in any language read of it under `plain`.
private struct RequestFile: Encodable {
    let request: TrialRequest

    private enum Key: String, CodingKey { case plain }

    func encode(to encoder: any Encoder) throws {
        try request.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(request.description, forKey: .plain)
    }
}

/// The folder that a trial works in.
enum TrialFolder {
    /// Makes the folder, with one for checkpoints if none was brought there.
    static func prepare(_ request: TrialRequest) throws(WorkerError) {
        do {
            try FileManager.default.createDirectory(
                atPath: request.lease.trainer.isProgram
                    ? request.checkpointPath : request.directory,
                withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw WorkerError("cannot make \(request.directory): \(error)")
        }
    }

    /// Writes the file that tells a process what to do.
    static func write(_ request: TrialRequest, to path: String) throws(WorkerError) {
        do {
            let encoder = JSONEncoder()
            encoder.nonConformingFloatEncodingStrategy = .convertToString(
                positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
            try encoder.encode(RequestFile(request: request)).write(to: URL(filePath: path))
        } catch {
            throw WorkerError("cannot write \(path): \(error)")
        }
    }
}
