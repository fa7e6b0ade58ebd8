import Scheduling
import Synchronization
import Vocabulary
import ZeroMQ

/// Events from other threads on their way to the control loop, which it wakes.
final class EventQueue: Sendable {
    /// Raised when there is something to take.
    let wakeUp: WakeUp
    private let events = Mutex<[Event]>([])

    init() throws(ZeroMQError) { wakeUp = try WakeUp() }

    /// Adds an event; false when the queue is full and the event was not taken.
    func push(_ event: Event) -> Bool {
        let isTaken = events.withLock { events in
            guard events.count < Limits.eventQueue else { return false }
            events.append(event)
            return true
        }
        if isTaken { wakeUp.signal() }
        return isTaken
    }

    /// Takes everything that waits.
    func takeAll() -> [Event] {
        events.withLock { events in
            defer { events.removeAll(keepingCapacity: true) }
            return events
        }
    }
}
