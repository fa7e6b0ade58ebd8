import Glibc
package import Vocabulary

/// The clocks of this host.
package enum Clock {
    /// The monotonic clock, which goes on while the host sleeps: leases end by it.
    package static func now() -> Instant {
        Instant(nanoseconds: nanoseconds(CLOCK_BOOTTIME))
    }

    /// The time of day in milliseconds since 1970, for people.
    package static func wallMilliseconds() -> Int64 {
        nanoseconds(CLOCK_REALTIME) / 1_000_000
    }

    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
