import Synchronization
import ZeroMQ

/// Tells every thread of the daemon to end, and remembers why.
final class StopFlag: Sendable {
    /// Raised when the flag is set.
    let wakeUp: WakeUp
    private let state = Mutex<(isSet: Bool, failure: String?)>((false, nil))

    init() throws(ZeroMQError) { wakeUp = try WakeUp() }

    /// Whether the daemon is to end.
    var isSet: Bool { state.withLock { $0.isSet } }

    /// Why the daemon cannot go on; nil when it was asked to end.
    var failure: String? { state.withLock { $0.failure } }

    /// Asks the daemon to end.
    func set() {
        state.withLock { $0.isSet = true }
        wakeUp.signal()
    }

    /// Ends the daemon because of a failure.
    func fail(_ reason: String) {
        state.withLock { $0 = (true, $0.failure ?? reason) }
        wakeUp.signal()
    }
}
