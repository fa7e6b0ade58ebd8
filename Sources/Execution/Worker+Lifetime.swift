import DequeModule
import Vocabulary

/// Leaving by itself: when its time is over, when there is nothing to do, when nobody is left to
/// work for.
extension Worker {
    /// How long a coordinator that was there may be silent before it counts as lost: long enough
    /// for a restart.
    static let lossPatience = Duration.seconds(60)

    /// When the next of its reasons to leave arises, unless something happens before; nil when
    /// none will.
    var nextLeaving: Instant? {
        [isTimeOver ? nil : timeEnd, isDraining ? nil : idleEnd, isDraining ? nil : lossEnd]
            .compactMap(\.self).min()
    }

    /// Takes notice of what passes, and leaves when there is a reason.
    mutating func tendLifetime() {
        timeEnd = timeEnd ?? lifetime.timeLimit.map { now + $0 }
        idleSince = holdings.isEmpty ? idleSince ?? now : nil
        if isJoined {
            lostSince = nil
        } else if welcome != nil {
            lostSince = lostSince ?? now
        }
        guard !hasLeft else { return }
        if let timeEnd, timeEnd <= now, !isTimeOver { endTime() }
        guard !isDraining else { return }
        if let idleEnd, idleEnd <= now { leave(because: "there was nothing to do") }
        if let lossEnd, lossEnd <= now, !isDraining {
            leave(because: "the coordinator is gone")
            // Asked twice, it does not wait for what runs.
            if lifetime.onLoss == .stop { drain() }
        }
    }

    private var idleEnd: Instant? {
        lifetime.idleTimeout.flatMap { timeout in idleSince.map { $0 + timeout } }
    }

    private var lossEnd: Instant? {
        lifetime.onLoss == .keepTraining ? nil : lostSince.map { $0 + Self.lossPatience }
    }

    /// What still runs gets time for a checkpoint, and goes on elsewhere.
    private mutating func endTime() {
        isTimeOver = true
        if !isDraining { leave(because: "its time is over") }
        for attempt in running where holdings[attempt]?.killDeadline == nil {
            holdings[attempt]?.isCutShort = true
            terminate(attempt)
        }
    }

    private mutating func leave(because reason: String) {
        note(.leaving(reason: reason))
        drain()
    }
}
