import CLinux
import FoundationEssentials
import Glibc
import Trainers
import Vocabulary

/// A running trial process, as its worker sees it.
///
/// It runs in a process group of its own, so that everything it starts ends with it, and asks
/// the kernel to end it when the thread that started it ends.
final class TrialChild {
    let attempt: AttemptID
    /// Becomes readable when the process says something.
    let channel: Int32
    /// Becomes readable when the process has ended.
    let processDescriptor: Int32
    /// The files that it asked to keep: name within the attempt, path within its folder.
    private(set) var files: [(name: String, path: String)] = []
    /// Its last word, if it had one.
    private(set) var conclusion: Conclusion?
    private let process: pid_t
    private let directory: String
    private var buffer = LineBuffer()
    /// Whether the worker itself ended it by force.
    private(set) var wasKilled = false
    /// Whether it has closed its end of the channel.
    private(set) var isSilenced = false
    private var reportCount = 0

    enum Conclusion {
        case result([Metric])
        case failure(FailureClass, String)
    }

    /// Starts `picoml trial-process` for `request`.
    init(_ request: TrialRequest) throws(WorkerError) {
        attempt = request.lease.attempt
        directory = request.directory
        let requestPath = directory + "/trial.json"
        try Self.write(request, to: requestPath)
        var pair: [Int32] = [-1, -1]
        guard unsafe picoml_socketpair(&pair) == 0 else { throw .system("make", "a channel") }
        defer { close(pair[1]) }
        do throws(WorkerError) {
            process = try Self.spawn(
                request, requestPath: requestPath, channel: pair[1],
                logPath: directory + "/" + Self.logName)
        } catch {
            close(pair[0])
            throw error
        }
        channel = pair[0]
        processDescriptor = picoml_pidfd_open(process)
        guard processDescriptor >= 0 else {
            // Its end would never be noticed.
            let problem = WorkerError.system("watch", "a trial process")
            _ = reap(byForce: true)
            throw problem
        }
        _ = fcntl(channel, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(channel)
        if processDescriptor >= 0 { close(processDescriptor) }
    }

    /// The file in the process's folder with what it wrote to standard output and error.
    static let logName = "log.txt"

    /// Reads what the process said and returns the reports in it.
    ///
    /// A bounded part of it, so that a talkative process does not keep the worker from its other
    /// work; the rest is left for the next call. A process that breaks the rules of the channel
    /// is ended.
    func read() -> [MetricReport] {
        var reports: [MetricReport] = []
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        for _ in 0..<Self.readsPerTurn {
            let count = unsafe Glibc.read(channel, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            if count == 0 { isSilenced = true }
            guard count > 0 else { return reports }
            do throws(ChannelError) {
                for line in try buffer.append(bytes.prefix(count)) {
                    if let report = take(try ChannelCoding.message(line)) { reports.append(report) }
                }
            } catch {
                conclusion = .failure(
                    .trainerError, "the trial broke the channel's rules: \(error)")
                kill()
                return reports
            }
        }
        return reports
    }

    // More than a socket pair holds, so that nothing of an ended process is left unread.
    private static let readsPerTurn = 8

    private func take(_ message: TrialProcessMessage) -> MetricReport? {
        switch message {
        case .report(let step, let metrics):
            reportCount += 1
            // The rest of an endless curve is not worth the journal's space.
            guard reportCount <= Limits.reportsPerAttempt else { return nil }
            return MetricReport(attempt: attempt, step: step, metrics: metrics)
        case .artifact(let name, let path):
            // One place is for the log.
            if files.count < Limits.artifactsPerAttempt - 1 { files.append((name, path)) }
        case .result(let metrics): conclusion = .result(metrics)
        case .failure(let kind, let message):
            conclusion = .failure(kind.isForTrialToSay ? kind : .trainerError, message)
        }
        return nil
    }

    /// Asks the process to end by itself.
    func interrupt(_ reason: StopReason) {
        // A process that does not listen is ended when its time is over.
        guard let line = try? ChannelCoding.line(forStop: reason) else { return }
        _ = unsafe send(channel, line, line.count, Int32(MSG_NOSIGNAL))
    }

    /// Ends the process with everything it started.
    func kill() {
        wasKilled = true
        _ = Glibc.kill(-process, SIGKILL)
    }

    /// Collects the ended process: what it left running ends too.
    ///
    /// - Parameter byForce: Whether the process itself may still run and is to be ended.
    /// - Returns: How it ended.
    func reap(byForce: Bool = false) -> ExitStatus {
        var status: Int32 = 0
        // Before the process is collected: its number may belong to another one afterwards.
        _ = Glibc.kill(-process, SIGKILL)
        if byForce { _ = Glibc.kill(process, SIGKILL) }
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? .code(status >> 8 & 0xFF) : .signal(signal)
    }

    enum ExitStatus {
        case code(Int32)
        case signal(Int32)
    }

    private static func write(_ request: TrialRequest, to path: String) throws(WorkerError) {
        do {
            let encoder = JSONEncoder()
            encoder.nonConformingFloatEncodingStrategy = .convertToString(
                positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
            try FileManager.default.createDirectory(
                atPath: request.directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try encoder.encode(request).write(to: URL(filePath: path))
        } catch {
            throw WorkerError("cannot write \(path): \(error)")
        }
    }
}

extension FailureClass {
    /// Whether a trial knows this of itself; the rest is for the worker and coordinator to find.
    fileprivate var isForTrialToSay: Bool {
        switch self {
        case .trainerError, .nonFiniteMetric, .metricMissing, .outOfMemory, .cancelled: true
        case .workerLost, .timeout: false
        }
    }
}
