import Vocabulary

/// For how long a program is waited for: until its time is over, or nobody wants its work.
package struct Patience: Sendable {
    /// How long it lasts.
    let limit: Duration
    /// Whether somebody wants the work.
    let isWanted: @Sendable () -> Bool
    private let end: Instant

    /// Begins now and lasts for `limit`, and while `isWanted` says so.
    package init(
        _ limit: Duration, while isWanted: @escaping @Sendable () -> Bool = { true }
    ) {
        self.limit = limit
        self.isWanted = isWanted
        end = HostClock.now() + limit
    }

    /// Whether the time is over.
    var isOver: Bool { HostClock.now() >= end }
}
