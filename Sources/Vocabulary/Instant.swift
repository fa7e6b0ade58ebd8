/// A reading of a monotonic clock, of which only differences mean anything.
package struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since an origin that the clock chose.
    package let nanoseconds: Int64

    /// The origin of the clock.
    package static let zero = Instant(nanoseconds: 0)

    /// The reading `nanoseconds` after the origin.
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The instant `span` later; a sum beyond the clock's range stays at its end.
    package static func + (instant: Instant, span: Duration) -> Instant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(span.nanoseconds)
        return Instant(nanoseconds: overflow ? (span < .zero ? .min : .max) : sum)
    }

    /// The span from `earlier` to `later`.
    package static func - (later: Instant, earlier: Instant) -> Duration {
        .nanoseconds(later.nanoseconds) - .nanoseconds(earlier.nanoseconds)
    }

    /// Orders from earlier to later.
    package static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

extension Duration {
    /// The span in nanoseconds, at the ends of `Int64` when it does not fit.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowed) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard !overflow, !overflowed else { return seconds < 0 ? .min : .max }
        return sum
    }

    /// The span in seconds.
    package var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
