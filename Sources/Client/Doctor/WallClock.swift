import Foundation
import Glibc

/// The wall clock, which dates everything that people read.
package enum WallClock {
    /// 2026-01-01T00:00:00Z: no clock that is right shows less.
    private static let plausible = 1_767_225_600

    static func finding(state: String) -> Finding {
        var status = stat()
        let hasState = unsafe stat("\(state)/coordinator/http.json", &status) == 0
        return finding(
            now: Glibc.time(nil), newestState: hasState ? status.st_mtim.tv_sec : nil)
    }

    /// The verdict on a clock that shows `now` (seconds since 1970) beside a file last written
    /// at `newestState`.
    package static func finding(now: Int, newestState: Int?) -> Finding {
        let fix = "Set it, and keep it right with `sudo apt-get install systemd-timesyncd`."
        guard now >= plausible else {
            return Finding("clock", .problem, "The clock is years behind.", fix: fix)
        }
        if let newestState, newestState > now + 60 {
            return Finding(
                "clock", .warning, "The clock is behind the state folder's files.", fix: fix)
        }
        return Finding("clock", .good, "plausible")
    }
}
