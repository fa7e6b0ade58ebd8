import CLinux
import Glibc
import Processes
import Trainers
package import Vocabulary

/// A running trial, as its worker sees it: a channel to talk, and a process to end.
///
/// The process runs in a process group and, where there are any, a control group of its own, so
/// that everything it starts ends with it; the kernel ends it when the thread that started it ends.
package final class TrialChild {
    /// Where the process comes from.
    package enum Origin {
        /// It was started for this trial alone.
        case own(OwnProcess)
        /// A warm process serves it.
        case warm(WarmProcess)
    }

    /// The execution.
    package let attempt: AttemptID
    /// Becomes readable when the trial says something.
    let channel: Int32
    /// Where the process comes from.
    package let origin: Origin
    /// A file that a trial asked to keep.
    package struct File: Hashable, Sendable {
        /// Its name within the attempt.
        var name: String
        /// Its path within the trial's folder.
        var path: String
    }
    /// The files that it asked to keep.
    private(set) var files: [File] = []
    /// Its last word, if it had one.
    private(set) var conclusion: Conclusion?
    private var buffer = LineBuffer()
    /// Whether the worker itself ended it by force.
    private(set) var wasKilled = false
    private var wasInterrupted = false
    /// Whether the worker itself asked it to end by a signal.
    private(set) var wasTerminated = false
    /// Whether it has closed its end of the channel.
    private(set) var isSilenced = false
    private var reportCount = 0
    // Said by the worker, which outweighs what the trial says.
    private var isConcluded = false
    private let confinement: Confinement
    private let group: ControlGroup?
    private let earlierEvents: ControlGroup.MemoryEvents

    enum Conclusion {
        case result([Metric])
        case failure(FailureClass, String)
        /// It did not come to its end, for a reason that is none of its own.
        case returned(String)
    }

    /// What a trial says while it runs.
    package enum Saying {
        /// A point of its learning curve.
        case report(MetricReport)
        /// A checkpoint; the path is relative to its folder.
        case checkpoint(step: UInt64, path: String)
    }

    /// Starts a process for `request` alone.
    package init(_ request: TrialRequest, in confinement: Confinement) throws(WorkerError) {
        attempt = request.lease.attempt
        self.confinement = confinement
        let pair = try ChannelPair()
        let group = try confinement.group(for: request.lease)
        do throws(WorkerError) {
            origin = .own(
                try OwnProcess(
                    request, channel: pair.theirs, group: group, confinement: confinement))
        } catch {
            if let group { confinement.abandon(group) }
            throw error
        }
        self.group = group
        earlierEvents = ControlGroup.MemoryEvents()
        channel = pair.takeOurs()
    }

    /// Has `warm` serve `request`.
    init(
        _ request: TrialRequest, by warm: WarmProcess, in confinement: Confinement
    ) throws(WorkerError) {
        attempt = request.lease.attempt
        self.confinement = confinement
        let pair = try ChannelPair()
        origin = .warm(warm)
        // A process that runs one trial after the other has one group for all of them.
        group = warm.key.isReused ? warm.group : try confinement.group(for: request.lease)
        // Asking takes longer than a short trial; without a limit nobody wants to know.
        let isLimited = request.lease.memoryBytes != nil
        earlierEvents = (isLimited ? group?.memoryEvents : nil) ?? ControlGroup.MemoryEvents()
        channel = pair.takeOurs()
        try warm.start(
            self, request, channel: pair.theirs,
            limits: confinement.trialLimits(of: request.lease, in: group))
    }

    deinit {
        close(channel)
        guard let group = ownGroup else { return }
        group.kill()
        confinement.abandon(group)
    }

    /// The control group for this trial alone.
    private var ownGroup: ControlGroup? {
        if case .warm(let warm) = origin, warm.key.isReused { return nil }
        return group
    }

    /// Whether the kernel killed one of its processes for using more memory than is allowed; for
    /// trials with a limit.
    var exceededMemory: Bool {
        let events = group?.memoryEvents ?? earlierEvents
        return events.kills > earlierEvents.kills && events.hits > 0
    }

    /// Where its folder may go when nothing is left in it; nil when it is to be removed.
    var spares: SpareFolders? {
        if case .warm(let warm) = origin { return warm.spares }
        return nil
    }

    /// Who it runs as; nil for the worker's own user.
    var user: SystemUser? { confinement.user }

    /// The file in the trial's folder with what it wrote to standard output and error.
    static let logName = "log.txt"

    /// Reads what the process said and returns the reports and checkpoints in it.
    ///
    /// A bounded part of it, so that a talkative process does not keep the worker from its other
    /// work; the rest is left for the next call. A process that breaks the rules of the channel
    /// is ended.
    package func read() -> [Saying] {
        var sayings: [Saying] = []
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        for _ in 0..<Self.readsPerTurn {
            let count = unsafe Glibc.read(channel, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            if count == 0 { isSilenced = true }
            guard count > 0 else { return sayings }
            do throws(ChannelError) {
                for line in try buffer.append(bytes.prefix(count)) {
                    if let saying = take(try ChannelCoding.message(line)) { sayings.append(saying) }
                }
            } catch {
                conclude(.trainerError, "the trial broke the channel's rules: \(error)")
                kill()
                return sayings
            }
        }
        return sayings
    }

    // More than a socket pair holds, so that nothing of an ended process is left unread.
    private static let readsPerTurn = 8

    private func take(_ message: TrialProcessMessage) -> Saying? {
        switch message {
        case .report(let step, let metrics):
            reportCount += 1
            // The rest of an endless curve is not worth the journal's space.
            guard reportCount <= Limits.reportsPerAttempt else { return nil }
            return .report(MetricReport(attempt: attempt, step: step, metrics: metrics))
        case .checkpoint(let step, let path): return .checkpoint(step: step, path: path)
        case .artifact(let name, let path):
            // One place is for the log.
            guard files.count < Limits.artifactsPerAttempt - 1 else {
                conclude(
                    .trainerError,
                    "a trial keeps \(Limits.artifactsPerAttempt - 1) files at most: pack them "
                        + "into one archive before trial.save")
                return nil
            }
            files.append(File(name: name, path: path))
        case .result(let metrics): conclude(.result(metrics))
        case .failure(let kind, let message):
            conclude(.failure(kind.isForTrialToSay ? kind : .trainerError, message))
        }
        return nil
    }

    private func conclude(_ word: Conclusion) {
        if !isConcluded { conclusion = word }
    }

    /// Says for the trial how it ended, whatever it says itself.
    package func conclude(_ kind: FailureClass, _ message: String) {
        isConcluded = true
        conclusion = .failure(kind, message)
    }

    /// Says for the trial that it is to run again, whatever it says itself.
    func giveBack(_ message: String) {
        isConcluded = true
        conclusion = .returned(message)
    }

    /// Asks the process to end by itself.
    func interrupt(_ reason: StopReason) {
        wasInterrupted = true
        // A process that does not listen is ended when its time is over.
        guard let line = try? ChannelCoding.line(forStop: reason) else { return }
        _ = unsafe send(channel, line, line.count, Int32(MSG_NOSIGNAL))
    }

    /// Ends it because its files take more than `limit` bytes.
    package func endForDisk(limit: UInt64) {
        conclude(.outOfDisk, Excess.ofDisk(limit))
        kill()
    }

    /// Asks the processes of the trial's process group to end: SIGTERM.
    package func terminate() {
        wasTerminated = true
        switch origin {
        case .own(let process):
            // A supervisor that was asked has sent the signal itself; a second one is for many
            // programs the sign to end at once.
            if !(process.isSupervised && wasInterrupted) { process.terminate() }
        case .warm(let warm): warm.terminate(attempt)
        }
    }

    /// Ends the process with everything it started.
    package func kill() {
        wasKilled = true
        switch origin {
        case .own(let process): process.kill()
        case .warm(let warm): warm.kill(attempt)
        }
        endGroup()
    }

    /// Ends what a trial that has ended left running, in other process groups and sessions too.
    package func endGroup() { ownGroup?.kill() }
}

/// The two ends of a trial's channel.
struct ChannelPair: ~Copyable {
    private let ours: Int32
    /// The end that the trial gets a copy of.
    let theirs: Int32

    init() throws(WorkerError) {
        var pair: [Int32] = [-1, -1]
        guard unsafe picoml_socketpair(&pair) == 0 else { throw .system("make", "a channel") }
        (ours, theirs) = (pair[0], pair[1])
        _ = fcntl(ours, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(ours)
        close(theirs)
    }

    /// A copy of the worker's end, which the caller closes.
    func takeOurs() -> Int32 { fcntl(ours, F_DUPFD_CLOEXEC, 0) }
}

extension FailureClass {
    /// Whether a trial knows this of itself; the rest is for the worker and coordinator to find.
    fileprivate var isForTrialToSay: Bool {
        switch self {
        case .trainerError, .crash, .nonFiniteMetric, .metricMissing, .outOfMemory, .outOfDisk,
            .cancelled, .badCode:
            true
        case .workerLost, .timeout: false
        }
    }
}
