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
    // How many had been sent before each renewal that is not answered yet, oldest first.
    private var sentBeforeRenewals: Deque<Int> = []

    mutating func append(_ report: MetricReport) {
        if reports.count == Self.capacity {
            reports.removeFirst()
            sent = max(sent - 1, 0)
            lower(by: 1)
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
    mutating func markRenewal() { sentBeforeRenewals.append(sent) }

    /// The oldest renewal without an answer was answered.
    mutating func confirm() {
        guard let confirmed = sentBeforeRenewals.popFirst() else { return }
        reports.removeFirst(confirmed)
        sent -= confirmed
        lower(by: confirmed)
    }

    private mutating func lower(by count: Int) {
        for index in sentBeforeRenewals.indices {
            sentBeforeRenewals[index] = max(sentBeforeRenewals[index] - count, 0)
        }
    }

    /// A new connection: what was not confirmed goes out again.
    mutating func rewind() {
        sent = 0
        sentBeforeRenewals.removeAll()
    }

    /// Points of an execution that no longer matters.
    mutating func drop(_ attempt: AttemptID) {
        guard reports.contains(where: { $0.attempt == attempt }) else { return }
        let isKept = reports.map { $0.attempt != attempt }
        let keptSent = isKept.prefix(sent).count { $0 }
        for index in sentBeforeRenewals.indices {
            sentBeforeRenewals[index] = isKept.prefix(sentBeforeRenewals[index]).count { $0 }
        }
        reports.removeAll { $0.attempt == attempt }
        sent = keptSent
    }
}
