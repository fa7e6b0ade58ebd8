import CLinux
import Glibc
import Synchronization
import Tracking
import Vocabulary

/// Brings what MLflow's client logs from the server's thread to the one that supervises.
final class TrackingFeed: Sendable {
    /// Becomes readable when there is something to take; -1 when the system gave no descriptor.
    let descriptor: Int32
    private let reports = Mutex<[TrackedReport]>([])

    /// An empty feed.
    init() { descriptor = picoml_eventfd() }

    deinit { close(descriptor) }

    /// Leaves a report to be taken; called on the server's thread.
    func put(_ report: TrackedReport) {
        reports.withLock { waiting in
            // More than a worker keeps of one attempt.
            if waiting.count < Limits.reportsPerAttempt { waiting.append(report) }
        }
        var one: UInt64 = 1
        _ = unsafe write(descriptor, &one, 8)
    }

    /// What came since the last call.
    func take() -> [TrackedReport] {
        var count: UInt64 = 0
        _ = unsafe read(descriptor, &count, 8)
        return reports.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
