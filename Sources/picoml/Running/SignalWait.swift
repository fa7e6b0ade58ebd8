import ZeroMQ

/// Waits on a thread of its own, so that no task's thread blocks.
enum SignalWait {
    /// Returns when a signal has arrived, the wake-up was raised or the task was cancelled.
    static func wait(for signals: Int32, or wakeUp: WakeUp) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                do {
                    _ = try DedicatedThread(named: "signals") {
                        var poller = Poller()
                        _ = poller.add(descriptor: signals)
                        _ = poller.add(wakeUp)
                        // Either way the wait is over.
                        _ = try? poller.poll(timeout: nil)
                        continuation.resume()
                    }
                } catch {
                    continuation.resume()
                }
            }
        } onCancel: {
            wakeUp.signal()
        }
    }
}
