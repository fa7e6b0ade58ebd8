import DequeModule
import Vocabulary

/// From the lease to the result.
extension Worker {
    mutating func accept(_ lease: Lease) {
        let attempt = lease.attempt
        guard holdings[attempt] == nil, holdings.count < Limits.leasesPerWorker else { return }
        var holding = Holding(attempt: attempt, lease: lease, stage: .ready)
        if !lease.inputs.isEmpty {
            holding.stage = .fetching
            direct(.fetch(lease))
        }
        holdings[attempt] = holding
        queue.append(attempt)
        if lease.devices.contains(where: { $0 >= facts.devices.count }) {
            giveBack(attempt, "the worker has no such GPU")
        } else if isDraining {
            giveBack(attempt, "the worker is leaving")
        } else if restEnd != nil {
            giveBack(attempt, "the host cannot run trials at the moment")
        }
    }

    /// Starts what fits, in the order of the leases.
    mutating func launchReady() {
        guard !hasLeft, !queue.isEmpty else { return }
        var used = running.reduce(0) { $0 + (holdings[$1]?.lease?.cpus ?? 0) }
        var memory = running.reduce(0 as UInt64) { $0 + (holdings[$1]?.lease?.memoryBytes ?? 0) }
        var devices = DeviceUse(count: facts.devices.count)
        for attempt in running where devices.count > 0 {
            guard let lease = holdings[attempt]?.lease else { continue }
            devices.take(lease.gpus, at: lease.devices)
        }
        var isReserved = running.contains { holdings[$0]?.lease?.isExclusive == true }
        for attempt in queue {
            // What still waits for its inputs lets others go first.
            guard let holding = holdings[attempt], holding.stage == .ready,
                let lease = holding.lease
            else { continue }
            guard !isReserved, !lease.isExclusive || used == 0 else { break }
            let needed = lease.memoryBytes ?? 0
            guard used + lease.cpus <= facts.cpus,
                devices.hasRoom(for: lease.gpus, at: lease.devices),
                memory.addingReportingOverflow(needed).partialValue <= facts.memoryBytes
            else { break }
            used += lease.cpus
            memory += needed
            devices.take(lease.gpus, at: lease.devices)
            isReserved = lease.isExclusive
            launch(lease)
        }
        // What started behind others leaves the queue when it comes to the front.
        while let first = queue.first, holdings[first]?.isStartable != true {
            queue.removeFirst()
        }
    }

    private mutating func launch(_ lease: Lease) {
        holdings[lease.attempt]?.stage = .running
        holdings[lease.attempt]?.started = now
        holdings[lease.attempt]?.timeDeadline = lease.timeLimit.map { now + .seconds($0) }
        let cores = cores(for: lease)
        holdings[lease.attempt]?.cores = cores
        running.append(lease.attempt)
        direct(.launch(lease, cores: cores))
        note(.launched(lease.attempt, experiment: lease.experiment))
    }

    /// The CPUs that nothing else runs on; none where trials are not pinned.
    private func cores(for lease: Lease) -> [UInt32] {
        guard let cores, !lease.trainer.runsInProcess else { return [] }
        let taken = Set(running.flatMap { holdings[$0]?.cores ?? [] })
        return cores.cores(Int(lease.cpus), without: taken)
    }

    mutating func take(_ report: MetricReport) {
        guard let holding = holdings[report.attempt], holding.stage == .running,
            let lease = holding.lease
        else { return }
        let bad = report.metrics.first {
            $0.name == lease.objective.metric && !$0.value.isFinite
        }
        guard let bad else {
            holdings[report.attempt]?.metrics = report.metrics
            reports.append(report)
            return
        }
        guard holding.failure == nil else { return }
        holdings[report.attempt]?.failure = Failure(
            .nonFiniteMetric, "\"\(bad.name)\" became \(bad.value) at step \(report.step)")
        direct(.kill(report.attempt))
    }

    mutating func stop(_ attempt: AttemptID, _ reason: StopReason) {
        guard let holding = holdings[attempt] else { return }
        switch holding.stage {
        case .fetching where reason == .preempted, .ready where reason == .preempted:
            giveBack(attempt, "it made room for a sweep of higher priority")
        case .fetching, .ready: discard(attempt)
        case .running:
            guard holding.stop == nil else { return }
            holdings[attempt]?.stop = reason
            holdings[attempt]?.timeDeadline = nil
            // One that is being ended already has heard more than this.
            guard holding.killDeadline == nil else { return }
            let end = now + Self.courtesy
            holdings[attempt]?.terminateDeadline = min(holding.timeDeadline ?? end, end)
            direct(.interrupt(attempt, reason))
        case .uploading, .ended:
            // A result may have crossed the order to stop; only a fenced one is of no use.
            guard reason == .fenced else { return }
            step.records.append(.settled(attempt))
            discard(attempt)
        }
    }

    /// Ends what has had its time: by a signal first, then by force.
    mutating func enforceDeadlines() {
        for attempt in running {
            guard let holding = holdings[attempt] else { continue }
            if isOver(holding.timeDeadline), let limit = holding.lease?.timeLimit {
                holdings[attempt]?.timeDeadline = nil
                holdings[attempt]?.failure = Failure(
                    .timeout, "it ran longer than \(limit) seconds")
                terminate(attempt)
            }
            if isOver(holding.terminateDeadline) { terminate(attempt) }
            if isOver(holding.killDeadline) {
                holdings[attempt]?.killDeadline = nil
                direct(.kill(attempt))
            }
        }
    }

    private func isOver(_ deadline: Instant?) -> Bool { deadline.map { $0 <= now } ?? false }

    mutating func terminate(_ attempt: AttemptID) {
        holdings[attempt]?.terminateDeadline = nil
        holdings[attempt]?.killDeadline = now + Self.grace
        direct(.terminate(attempt))
    }

    /// The last value of the objective that an execution reported.
    func lastObjective(of attempt: AttemptID) -> Double? {
        guard let holding = holdings[attempt], let metric = holding.lease?.objective.metric else {
            return nil
        }
        return holding.metrics.first { $0.name == metric }?.value
    }

    /// Tells the coordinator of a checkpoint, after the part of the curve that it covers.
    mutating func keep(_ checkpoint: Checkpoint, of attempt: AttemptID) {
        guard let holding = holdings[attempt], [.running, .uploading].contains(holding.stage)
        else { return }
        var checkpoint = checkpoint
        checkpoint.objective = holding.unstored.first { $0.step == checkpoint.step }?.objective
        holdings[attempt]?.unstored.removeAll { $0.step <= checkpoint.step }
        holdings[attempt]?.checkpoint = checkpoint
        guard isJoined else { return }
        sendReports()
        direct(.send(.checkpoint(attempt, checkpoint)))
    }

    mutating func end(_ result: AttemptResult) {
        guard let holding = holdings[result.attempt], holding.stage == .running else { return }
        prefetch.observe(seconds: result.seconds)
        running.removeAll { $0 == result.attempt }
        guard holding.stop != .cancelled, holding.stop != .fenced else {
            discard(result.attempt)
            return
        }
        var result = result
        restSpan = Self.shortestRest
        if let failure = holding.failure {
            result.outcome = .failed(failure.kind)
            result.message = failure.message
        } else if holding.stop == .preempted {
            // Also when it says that it succeeded: it may have stopped half way because it was told
            // to, and goes on from its last checkpoint.
            result.outcome = .returned
            result.message = "it made room for a sweep of higher priority"
            result.metrics = []
            result.artifacts = []
        } else if holding.isCutShort, holding.stop == nil, result.outcome.isEndedByStop {
            // Whatever it made of the signal, it was not done: it goes on elsewhere.
            result.outcome = .returned
            result.message = "the time of its worker was over"
            result.metrics = []
            result.artifacts = []
        } else if holding.stop == nil, result.outcome == .failed(.cancelled) {
            // Its host is being cleared, or somebody ended it by hand: it runs elsewhere.
            result.outcome = .returned
            result.metrics = []
        } else if holding.stop == .pruned, result.outcome.isEndedByStop {
            result.outcome = .pruned
            if result.metrics.isEmpty { result.metrics = holding.metrics }
        }
        if result.outcome == .succeeded || result.outcome == .pruned {
            let objective = holding.lease?.objective.metric
            let bad = result.metrics.filter { !$0.value.isFinite }
            // What is not optimised may be undefined, as a share of nothing is.
            result.metrics.removeAll { $0.name != objective && !$0.value.isFinite }
            if let bad = bad.first(where: { $0.name == objective }) {
                result.outcome = .failed(.nonFiniteMetric)
                result.message = "\"\(bad.name)\" is \(bad.value)"
            }
        }
        settle(result)
    }

    /// Sends a result without the files that could not be stored.
    mutating func giveUpFiles(of attempt: AttemptID, _ reason: String) {
        guard holdings[attempt]?.stage == .uploading, var result = holdings[attempt]?.result
        else { return }
        result.artifacts = []
        if result.outcome == .succeeded {
            result.outcome = .failed(.workerLost)
            result.message = "its files could not be stored: \(reason)"
        }
        settle(result)
    }

    /// Keeps a result until it is acknowledged.
    mutating func settle(_ result: AttemptResult) {
        let attempt = result.attempt
        var result = result
        let message = result.message.utf8.prefix(Limits.messageBytes - 8)
        result.message = String(decoding: message, as: UTF8.self)
        guard let holding = holdings[attempt] else { return }
        let before = holding.stage
        if before == .fetching || before == .ready { queue.removeAll { $0 == attempt } }
        holdings[attempt]?.result = result
        holdings[attempt]?.timeDeadline = nil
        holdings[attempt]?.terminateDeadline = nil
        holdings[attempt]?.killDeadline = nil
        note(.ended(attempt, result.outcome, message: result.message))
        step.records.append(.ended(result))
        // What moves files does one thing after the other: a checkpoint of the last moment is
        // stored before a list of files that is empty.
        guard !result.artifacts.isEmpty || !holding.unstored.isEmpty else {
            holdings[attempt]?.stage = .ended
            send(resultOf: attempt)
            return
        }
        holdings[attempt]?.stage = .uploading
        direct(.upload(attempt, result.artifacts))
    }

    mutating func send(resultOf attempt: AttemptID) {
        guard isJoined, let holding = holdings[attempt], holding.stage == .ended,
            let result = holding.result
        else { return }
        // The curve is complete before the result that ends it.
        sendReports()
        holdings[attempt]?.sent = now
        resendCheck = resendCheck ?? now + Self.resend
        direct(.send(.result(result)))
    }

    /// Sends again what was not acknowledged for a while.
    mutating func resendResults() {
        guard isJoined, let check = resendCheck, check <= now else { return }
        resendCheck = nil
        for attempt in held {
            guard let holding = holdings[attempt], let sent = holding.sent else { continue }
            if now - sent >= Self.resend {
                send(resultOf: attempt)
            } else {
                resendCheck = min(resendCheck ?? sent + Self.resend, sent + Self.resend)
            }
        }
    }

    mutating func uploadAgain(_ attempt: AttemptID) {
        guard let holding = holdings[attempt], holding.stage == .ended,
            let result = holding.result
        else { return }
        holdings[attempt]?.stage = .uploading
        holdings[attempt]?.sent = nil
        direct(.upload(attempt, result.artifacts))
    }

    mutating func acknowledge(_ attempt: AttemptID, _ verdict: Verdict) {
        guard holdings[attempt]?.result != nil else { return }
        if verdict != .committed { note(.notCounted(attempt, verdict)) }
        step.records.append(.settled(attempt))
        discard(attempt)
    }

    private mutating func discard(_ attempt: AttemptID) {
        guard let holding = holdings.removeValue(forKey: attempt) else { return }
        if holding.stage == .fetching || holding.stage == .ready {
            queue.removeAll { $0 == attempt }
        }
        reports.drop(attempt)
        direct(.discard(attempt))
    }
}

extension Outcome {
    /// Whether an execution that was told to stop ends like this because of it.
    fileprivate var isEndedByStop: Bool {
        switch self {
        case .succeeded, .failed(.cancelled), .failed(.trainerError): true
        case .pruned, .failed, .returned: false
        }
    }
}
