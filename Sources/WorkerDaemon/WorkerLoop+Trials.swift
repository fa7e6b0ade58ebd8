import Execution
import FoundationEssentials
import Glibc
import Logging
import Processes
import Trainers
import Vocabulary
import ZeroMQ

/// Trials: how they start and end.
extension WorkerLoop {
    mutating func launch(_ lease: Lease, on cores: [UInt32]) {
        guard !lease.trainer.runsInProcess else {
            parts.trace?.write(lease.attempt, HostClock.now())
            let value = noopMetric(of: lease.parameters)
            let metric = Metric(lease.objective.metric, value)
            pending.append(
                .ended(
                    AttemptResult(
                        attempt: lease.attempt, outcome: .succeeded, metrics: [metric])))
            return
        }
        withFiles.insert(lease.attempt)
        var request = parts.folder.request(for: lease, in: parts.environments)
        // The machine has seen to it that there are such GPUs.
        request.devices = lease.devices.map { parts.devices[Int($0)] }
        request.cores = cores
        launch(request)
    }

    private mutating func launch(_ request: TrialRequest) {
        let attempt = request.lease.attempt
        let key = WarmProcess.Key(request)
        // What runs has been found; looking for it takes a part of a short trial's time.
        guard key.map(warm.hasProcess) == true || hasInterpreter(request) else {
            let message =
                "this host has no \(request.interpreter): install Python, or give the sweep "
                + "`environment: {image: NAME}`"
            pending.append(
                .ended(
                    AttemptResult(
                        attempt: attempt, outcome: .failed(.badCode), message: message)))
            return
        }
        do throws(WorkerError) {
            children[attempt] = RunningTrial(
                try child(for: request, key), request: request, started: HostClock.now(),
                in: &poller)
            parts.limits.watch(
                attempt,
                LimitsQueue.Folder(
                    path: request.directory, limit: request.lease.diskBytes,
                    owner: parts.confinement.user))
        } catch {
            pending.append(.launchFailed(attempt, reason: "\(error)"))
        }
    }

    /// Whether a Python function can be run here.
    private func hasInterpreter(_ request: TrialRequest) -> Bool {
        guard request.lease.trainer == .python, request.container == nil else { return true }
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? ProgramSearch.usualPath
        return !ProgramSearch.paths(of: request.interpreter, in: folders).isEmpty
    }

    /// Attempts of a trial that may share a process with others.
    private static let sharedAttempts: UInt32 = 5

    private mutating func child(
        for request: TrialRequest, _ key: WarmProcess.Key?
    ) throws(WorkerError) -> TrialChild {
        // What was tried so often may be what ends the processes that it shares with others: in its
        // own one it fails with its reason, and alone.
        let isSuspect = request.lease.attempt.number > Self.sharedAttempts
        guard let key, !isSuspect, !warm.needsOwnProcess(key) else {
            return try TrialChild(request, in: parts.confinement)
        }
        let process = try warm.process(
            for: request, key: key, logPath: parts.folder.warmLogPath,
            confinement: parts.confinement, poller: &poller)
        return try TrialChild(request, by: process, in: parts.confinement)
    }

    mutating func watchChildren() {
        for attempt in children.keys.sorted() {
            guard let running = children[attempt] else { continue }
            let hasEnded = running.processKey.map { poller.isReadable($0) } ?? false
            if hasEnded || poller.isReadable(running.channelKey) { listen(to: running.trial) }
            if hasEnded, case .own(let process) = running.trial.origin {
                end(running.trial, process.reap())
            } else if running.trial.isSilenced {
                // A closed channel stays readable: it is no longer listened to.
                poller.remove(running.channelKey)
            }
        }
        for attempt in parts.limits.takeOversized() {
            guard let running = children[attempt], let limit = running.request.lease.diskBytes
            else { continue }
            running.trial.endForDisk(limit: limit)
        }
        for news in warm.read(&poller, at: HostClock.now()) { take(news) }
    }

    private mutating func listen(to trial: TrialChild) {
        for saying in trial.read() {
            switch saying {
            case .report(let report): pending.append(.reported(report))
            case .checkpoint(let step, let path):
                pending.append(.checkpointed(trial.attempt, step: step, path: path))
            }
        }
    }

    private mutating func take(_ news: WarmProcess.News) {
        switch news {
        case .ended(let trial, let status):
            listen(to: trial)
            end(trial, status)
        case .unserved(let trial, let reason):
            guard let running = children.removeValue(forKey: trial.attempt) else { return }
            running.leave(&poller)
            parts.limits.leave(trial.attempt)
            parts.logger.notice(
                "trial \(trial.attempt) starts in another process",
                metadata: ["reason": "\(reason)"])
            if trial.wasKilled { return end(running, .signal(SIGKILL)) }
            launch(running.request)
        }
    }

    private mutating func end(_ trial: TrialChild, _ status: ExitStatus) {
        guard let running = children.removeValue(forKey: trial.attempt) else { return }
        running.leave(&poller)
        end(running, status)
    }

    private mutating func end(_ running: RunningTrial, _ status: ExitStatus) {
        parts.limits.leave(running.trial.attempt)
        if withFiles.contains(running.trial.attempt) {
            spares[running.trial.attempt] = running.trial.spares
        }
        running.trial.endGroup()
        let ended = TrialOutcome.result(
            of: running.trial, status: status, request: running.request,
            seconds: (HostClock.now() - running.started).inSeconds)
        if ended.files.isEmpty, ended.container == nil {
            pending.append(.ended(ended.keep()))
        } else {
            parts.files.push(.keep(ended))
        }
    }
}

/// A running trial with its places in the poller.
struct RunningTrial {
    let trial: TrialChild
    let request: TrialRequest
    let started: Instant
    let channelKey: Poller.Key
    /// Where the end of a process of its own shows.
    let processKey: Poller.Key?

    init(_ trial: TrialChild, request: TrialRequest, started: Instant, in poller: inout Poller) {
        self.trial = trial
        self.request = request
        self.started = started
        channelKey = poller.add(descriptor: trial.channel)
        processKey =
            if case .own(let process) = trial.origin {
                poller.add(descriptor: process.descriptor)
            } else {
                nil
            }
    }

    func leave(_ poller: inout Poller) {
        poller.remove(channelKey)
        if let processKey { poller.remove(processKey) }
    }
}
