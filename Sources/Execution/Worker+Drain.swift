import DequeModule
import Vocabulary

/// Leaving without losing anything.
extension Worker {
    /// Asked once, gives back what has not started and leaves when the rest has ended; asked
    /// twice, ends what runs as well.
    mutating func drain() {
        guard !isDraining else {
            for attempt in running { direct(.kill(attempt)) }
            leave()
            return
        }
        isDraining = true
        note(.draining)
        if isJoined { direct(.send(.draining(reason: ""))) }
        giveBackQueue("the worker is leaving")
    }

    /// Gives back everything that has not started.
    mutating func giveBackQueue(_ reason: String) {
        // What started behind others may still stand in the queue.
        for attempt in queue where holdings[attempt]?.isStartable == true {
            giveBack(attempt, reason)
        }
    }

    mutating func giveBack(_ attempt: AttemptID, _ reason: String) {
        settle(AttemptResult(attempt: attempt, outcome: .returned, message: reason))
    }

    /// Leaves when everything it held is settled; results that cannot be delivered wait in the
    /// spool for the next start.
    mutating func finishDrain() {
        guard isDraining, !hasLeft else { return }
        let isIdle = isJoined ? holdings.isEmpty : running.isEmpty
        if isIdle { leave() }
    }

    private mutating func leave() {
        guard !hasLeft else { return }
        hasLeft = true
        if isJoined { direct(.send(.goodbye)) }
        direct(.exit)
    }
}
