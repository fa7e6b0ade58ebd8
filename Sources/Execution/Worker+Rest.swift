import DequeModule
import Vocabulary

/// Not standing in the way of workers that could do better.
extension Worker {
    /// Gives back what has not started, because this host cannot run it, and takes no leases
    /// for a while.
    ///
    /// A host with a full disk is idle at once and would otherwise swallow trial after trial of
    /// a sweep. Each rest is twice as long as the one before, until an execution ends here.
    mutating func rest(because reason: String) {
        if restEnd == nil {
            restEnd = now + restSpan
            restReason = String(
                decoding: reason.utf8.prefix(Limits.messageBytes - 8), as: UTF8.self)
            note(.resting(restSpan, reason: reason))
            restSpan = min(restSpan * 2, Self.longestRest)
            // First, or what is given back would come back here.
            if isJoined { direct(.send(.draining(reason: restReason))) }
        }
        giveBackQueue(reason)
    }

    /// Says hello again, which makes the coordinator hand out leases again.
    mutating func endRest() {
        guard let end = restEnd, end <= now else { return }
        restEnd = nil
        if isJoined, !isDraining { greet() }
    }

    /// Gives leases back that were held ahead of a trial that turned out to be long: another
    /// worker may be idle.
    mutating func returnStuckLeases() {
        guard isJoined, !queue.isEmpty, let run = longestRun, run >= Prefetch.longest else {
            return
        }
        // What has a CPU waits for its inputs only, or for a trial that was told to end, whose
        // CPUs the coordinator counts as free: given back, it would come back at once.
        var used: UInt32 = running.reduce(0) { used, attempt in
            guard let holding = holdings[attempt], holding.stop == nil else { return used }
            return used + (holding.lease?.cpus ?? 0)
        }
        for attempt in queue {
            guard let holding = holdings[attempt], holding.isStartable, let lease = holding.lease
            else { continue }
            used += lease.cpus
            if used > facts.cpus { giveBack(attempt, "the trials before it take long") }
        }
    }

    /// Seconds for which the oldest of the running executions has run; nil when none runs.
    var longestRun: Double? {
        let starts = running.compactMap { holdings[$0]?.started }
        return starts.min().map { (now - $0).inSeconds }
    }
}
