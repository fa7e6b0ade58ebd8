import DequeModule
import Vocabulary

/// Points of learning curves on their way to the coordinator.
///
/// They are kept until the coordinator has answered a renewal that was sent after them: messages
/// of one connection arrive in order, so that answer says that they arrived too. After a broken
/// connection the rest is sent again; the coordinator ignores points it has.
struct ReportQueue: Hashable, Sendable {
    /// Points kept at the most; beyond it the oldest are dropped, which thins the curve only.
    static let capacity = 100_000

    private var reports: Deque<MetricReport> = []
    private var sent = 0
    private var sentBeforeRenewal = 0

    mutating func append(_ report: MetricReport) {
        if reports.count == Self.capacity {
            reports.removeFirst()
            sent = max(sent - 1, 0)
            sentBeforeRenewal = max(sentBeforeRenewal - 1, 0)
        }
        reports.append(report)
    }

    /// The points that were not sent on this connection yet.
    mutating func takeUnsent() -> [MetricReport] {
        let unsent = Array(reports.dropFirst(sent))
        sent = reports.count
        return unsent
    }

    /// A renewal goes out after everything sent so far.
    mutating func markRenewal() { sentBeforeRenewal = sent }

    /// A renewal was answered.
    mutating func confirm() {
        reports.removeFirst(sentBeforeRenewal)
        sent -= sentBeforeRenewal
        sentBeforeRenewal = 0
    }

    /// A new connection: what was not confirmed goes out again.
    mutating func rewind() {
        sent = 0
        sentBeforeRenewal = 0
    }

    /// Points of an execution that no longer matters.
    mutating func drop(_ attempt: AttemptID) {
        guard reports.contains(where: { $0.attempt == attempt }) else { return }
        let isKept = reports.map { $0.attempt != attempt }
        let keptSent = isKept.prefix(sent).count { $0 }
        let keptBefore = isKept.prefix(sentBeforeRenewal).count { $0 }
        reports.removeAll { $0.attempt == attempt }
        sent = keptSent
        sentBeforeRenewal = keptBefore
    }
}
