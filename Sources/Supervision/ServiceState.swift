/// What a service says of itself (sd_notify(3) of systemd).
package enum ServiceState: Hashable, Sendable {
    /// It has started and serves.
    case ready
    /// It is about to end.
    case stopping
    /// One line for people, as `systemctl status` shows it.
    case status(String)
    /// It still turns; a service that must say so and does not is started again.
    case alive

    /// The assignment that says it; what people wrote cannot add one.
    package var assignment: String {
        switch self {
        case .ready: "READY=1"
        case .stopping: "STOPPING=1"
        case .status(let text): "STATUS=" + String(text.map { $0.isNewline ? " " : $0 })
        case .alive: "WATCHDOG=1"
        }
    }
}
