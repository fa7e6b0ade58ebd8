/// Tells the supervisor that a loop turns, as often as it must hear it.
///
/// It belongs to the loop: one that hangs falls silent, and is started again.
package struct Heartbeat: Sendable {
    private let service: ServiceNotification?
    private let period: Duration
    private var next = ContinuousClock.now

    /// Beats to `service`, half as long apart as it waits (sd_watchdog_enabled(3)); never when it
    /// does not wait.
    package init(_ service: ServiceNotification?) {
        let watchdog = service?.watchdog
        self.service = watchdog == nil ? nil : service
        period = (watchdog ?? .zero) / 2
    }

    /// Says that the loop turned, when it is time to.
    package mutating func beat() {
        guard let service else { return }
        let now = ContinuousClock.now
        guard now >= next else { return }
        service.send(.alive)
        next = now + period
    }

    /// How long the loop may wait for something to do: `timeout`, where nil means for ever, or
    /// until the next beat.
    package func wait(_ timeout: Duration?) -> Duration? {
        guard service != nil else { return timeout }
        let rest = max(next - ContinuousClock.now, .zero)
        return timeout.map { min($0, rest) } ?? rest
    }
}
