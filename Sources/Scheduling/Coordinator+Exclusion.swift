import Vocabulary

/// What went wrong on one worker lately.
struct Mishaps: Hashable, Sendable {
    /// When executions were lost there, oldest first.
    var times: [Instant] = []
    /// Exclusions since an execution last ended well there.
    var exclusions = 0
    /// When it was excluded last; nil when that is over, or was before a restart.
    var excluded: Instant?
    /// When it gets trials again; nil while it is not excluded.
    var readmission: Instant?
}

/// A worker that fell silent for longer than its lease.
struct Loss: Hashable, Sendable {
    var worker: WorkerID
    var time: Instant
}

/// A host on which executions keep getting lost gets none for a while, longer each time, so that
/// trials do not use up their attempts on it.
extension Coordinator {
    /// Mishaps within `mishapWindow` that exclude a worker.
    private static let mishapLimit = 3
    private static let mishapWindow = Duration.seconds(600)
    private static let shortestExclusion = Duration.seconds(60)
    private static let longestExclusion = Duration.seconds(3600)

    /// Takes the end of an execution as a sign of its host's health.
    mutating func count(
        _ outcome: Outcome, message: String, of sweep: SweepID, for worker: WorkerID
    ) {
        switch outcome {
        case .succeeded, .pruned:
            guard let record = mishaps.removeValue(forKey: worker) else { return }
            // It proved itself before its time.
            if record.readmission != nil { readmit(worker) }
        case .failed(.workerLost): countMishap(of: worker, message)
        case .failed(.badCode):
            // Where code runs elsewhere, a host on which it cannot be loaded lacks something.
            guard durable[sweep]?.openingFailures == nil else { return }
            countMishap(of: worker, message)
        // A host that cannot run trials says so itself and rests.
        case .returned, .failed: break
        }
    }

    /// Notes that `worker` fell silent, perhaps with executions.
    ///
    /// When most workers do so within one lease, the network is to blame or the coordinator's own
    /// host, and none of theirs.
    mutating func countLoss(of worker: WorkerID, withExecutions isMishap: Bool, _ reason: String) {
        if isMishap { countMishap(of: worker, reason) }
        losses.removeAll { now - $0.time > timing.lease }
        losses.append(Loss(worker: worker, time: now))
        guard losses.count > 1, losses.count > sessions.count else { return }
        for loss in losses { forgive(loss) }
    }

    private mutating func forgive(_ loss: Loss) {
        guard var record = mishaps[loss.worker] else { return }
        record.times.removeAll { $0 == loss.time }
        let wasExcluded = record.excluded == loss.time
        if wasExcluded {
            record.exclusions -= 1
            record.excluded = nil
            record.readmission = nil
        }
        mishaps[loss.worker] = record
        if wasExcluded { readmit(loss.worker) }
    }

    /// Notes that executions were lost on `worker`, and excludes it when that is usual there.
    mutating func countMishap(of worker: WorkerID, _ reason: String) {
        guard let entry = durable[worker], !entry.isRevoked else { return }
        var record = mishaps[worker] ?? Mishaps()
        // Many executions that are lost at once are one mishap.
        if record.times.last != now { record.times.append(now) }
        record.times.removeAll { now - $0 > Self.mishapWindow }
        defer { mishaps[worker] = record }
        guard record.times.count >= Self.mishapLimit, record.readmission == nil else { return }
        let doublings = min(record.exclusions, 6)
        let span = min(Self.shortestExclusion * (1 << doublings), Self.longestExclusion)
        record.exclusions += 1
        record.times.removeAll()
        record.excluded = now
        record.readmission = now + span
        let sentence = "executions were lost \(Self.mishapLimit) times in short order: \(reason)"
        commit(.workerExcluded(worker, for: span, reason: sentence))
        sessions[worker]?.isExcluded = true
        note(.workerExcluded(worker, for: span, reason: sentence))
    }

    /// Gives workers trials again whose time is over.
    mutating func readmitWorkers() {
        for worker in mishaps.keys.sorted() {
            guard let time = mishaps[worker]?.readmission, time <= now else { continue }
            mishaps[worker]?.excluded = nil
            mishaps[worker]?.readmission = nil
            readmit(worker)
        }
    }

    private mutating func readmit(_ worker: WorkerID) {
        sessions[worker]?.isExcluded = false
        commit(.workerReadmitted(worker))
    }

    /// Keeps in mind that a worker takes no trials for a while, by its own decision.
    mutating func rest(_ worker: WorkerID, because reason: String) {
        guard durable[worker]?.exclusion == nil else { return }
        commit(.workerExcluded(worker, for: .zero, reason: reason))
    }

    /// Lets a worker that says hello have trials again if it was its own decision to have none.
    mutating func endRest(of worker: WorkerID) {
        guard durable[worker]?.exclusion != nil, mishaps[worker]?.readmission == nil else {
            return
        }
        commit(.workerReadmitted(worker))
    }

    /// After a restart exclusions begin anew: how much of them had passed is not known.
    mutating func resumeExclusions() {
        for (index, entry) in durable.workers.enumerated() {
            // A rest ends when the worker says hello, whatever the coordinator did meanwhile.
            guard let exclusion = entry.exclusion, exclusion.span > .zero else { continue }
            mishaps[WorkerID(UInt32(index + 1))] = Mishaps(
                exclusions: 1, readmission: now + exclusion.span)
        }
    }
}
