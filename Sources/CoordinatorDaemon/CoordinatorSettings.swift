package import Scheduling
package import Supervision
package import Vocabulary

/// Where a coordinator listens and how patient it is.
package struct CoordinatorSettings: Sendable {
    /// The folder that holds everything it must not lose.
    package var stateFolder: String
    /// Where workers talk to it, such as `tcp://127.0.0.1:7801`.
    package var controlEndpoint: String
    /// Where workers store and fetch files.
    package var artifactEndpoint: String
    /// How long it waits before it believes something.
    package var timing: Timing
    /// What each user may have of the workers.
    package var users: UserShares
    /// Told that the control loop turns; nil for nobody.
    package var service: ServiceNotification?

    /// Describes a coordinator; see the properties.
    package init(
        stateFolder: String, controlEndpoint: String, artifactEndpoint: String,
        timing: Timing = Timing(), users: UserShares = UserShares(),
        service: ServiceNotification? = nil
    ) {
        self.stateFolder = stateFolder
        self.controlEndpoint = controlEndpoint
        self.artifactEndpoint = artifactEndpoint
        self.timing = timing
        self.users = users
        self.service = service
    }
}
