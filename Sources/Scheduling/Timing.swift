/// How long the coordinator waits before it believes something.
package struct Timing: Hashable, Sendable {
    /// How often workers renew their leases.
    package var renewal: Duration
    /// How long a lease lasts without a renewal.
    package var lease: Duration
    /// How long after a restart workers may come back to what they were running.
    package var adoption: Duration
    /// How long a trial waits for room before a worker is kept free for it.
    package var patience: Duration

    /// By default a hung worker is noticed within ten seconds, five missed renewals.
    package init(
        renewal: Duration = .seconds(2), lease: Duration = .seconds(10),
        adoption: Duration = .seconds(30), patience: Duration = .seconds(60)
    ) {
        self.renewal = renewal
        self.lease = lease
        self.adoption = adoption
        self.patience = patience
    }
}
