/// How a sweep shares the workers with others.
package struct SharingPolicy: Hashable, Sendable, Codable {
    /// Who submitted it, as the client says; nil when it does not.
    ///
    /// Users share the workers first, then the sweeps of each.
    package var user: String?
    /// Its share among its user's sweeps of the same priority, from 1 to `Limits.weight`.
    package var weight: UInt32
    /// Trials that may run at once, from 1; nil for no limit.
    package var concurrency: UInt32?
    /// Whether its trials may stop those of sweeps with a lower priority, which go on later from
    /// their last checkpoints.
    package var preempts: Bool

    /// By default a sweep takes what it can get and disturbs nobody.
    package init(
        user: String? = nil, weight: UInt32 = 1, concurrency: UInt32? = nil, preempts: Bool = false
    ) {
        self.user = user
        self.weight = weight
        self.concurrency = concurrency
        self.preempts = preempts
    }
}

/// What each user may have of the workers.
package struct UserShares: Hashable, Sendable {
    /// What one user may have.
    package struct Share: Hashable, Sendable {
        /// The user's weight among all users, from 1 to `Limits.weight`.
        package var weight: UInt32
        /// CPUs that the user's trials may have together; nil for no limit.
        package var cpus: UInt32?

        /// A share of `weight` up to `cpus`.
        package init(weight: UInt32 = 1, cpus: UInt32? = nil) {
            self.weight = weight
            self.cpus = cpus
        }
    }

    /// The share of whoever has none of their own.
    package var usual: Share
    private let named: [String: Share]

    /// Shares by the names of users; by default all users have the same, without a limit.
    package init(usual: Share = Share(), named: [String: Share] = [:]) {
        self.usual = usual
        self.named = named
    }

    /// The share of `user`.
    package subscript(user: String?) -> Share { user.flatMap { named[$0] } ?? usual }
}
