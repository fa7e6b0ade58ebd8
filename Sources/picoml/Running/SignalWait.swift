import CLinux
import ZeroMQ

/// Blocks the first thread until the process is asked to end, while others work.
///
/// The first thread must not suspend before: libdispatch would park it with every signal let
/// through, and SIGTERM would end the process before anything is put in order.
enum SignalWait {
    /// Returns when a signal has arrived or one of `endings` was raised.
    ///
    /// - Parameters:
    ///   - signals: Becomes readable when the process is asked to end.
    ///   - endings: Raised when there is nothing left to wait for.
    ///   - ready: Raised when `onReady` may be called, once.
    ///   - onReady: Called on this thread.
    /// - Throws: What `onReady` throws.
    @MainActor static func block(
        until signals: Int32, or endings: [WakeUp], ready: WakeUp,
        onReady: @MainActor () throws -> Void
    ) throws {
        var poller = Poller()
        let endingKeys = [poller.add(descriptor: signals)] + endings.map { poller.add($0) }
        let readyKey = poller.add(ready)
        // A signal that stayed pending would end the process once this thread suspends.
        defer { while picoml_signalfd_read(signals) > 0 {} }
        while true {
            try poller.poll(timeout: nil)
            if endingKeys.contains(where: { poller.isReadable($0) }) { return }
            guard poller.isReadable(readyKey), ready.drain() else { continue }
            poller.remove(readyKey)
            try onReady()
        }
    }
}
