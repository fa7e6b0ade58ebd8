/// Checks whether this host can run picoml, and what to mend if not.
package struct Doctor: Sendable {
    private let state: String
    private let ports: [UInt16]
    private let ownsPorts: Bool

    /// The ports of the API, the control socket and the artifact socket when nothing else is set.
    package static let defaultPorts: [UInt16] = [7800, 7801, 7802]

    /// A doctor for the state folder `state`; `ownsPorts` when a coordinator runs here and has
    /// `ports` for itself.
    package init(state: String, ports: [UInt16] = defaultPorts, ownsPorts: Bool = false) {
        self.state = state
        self.ports = ports
        self.ownsPorts = ownsPorts
    }

    /// Looks at everything; changes nothing but a file that it makes and removes at once.
    package func examine() -> [Finding] {
        [
            Libraries.zeroMQ(), Libraries.xgboost(), Libraries.sqlite(), Libraries.sodium(),
            Disk.permission(of: state), Disk.space(for: state), Disk.secrets(in: state),
            HostLimits.descriptors(), WallClock.finding(state: state),
            Ports.finding(ports, areOwn: ownsPorts),
            HostLimits.processors(), HostLimits.threads(), HostLimits.memory(),
        ]
    }
}
