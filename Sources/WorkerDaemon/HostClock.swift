import Glibc
import Vocabulary

/// The monotonic clock of this host, which goes on while the host sleeps.
enum HostClock {
    static func now() -> Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
