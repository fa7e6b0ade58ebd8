import Glibc

/// How many files and connections this process may have open.
enum OpenFiles {
    /// What `deploy/systemd` allows too: two for each of `Limits.workers`, and as many again for
    /// strangers who connect and say nothing.
    private static let enough: rlim_t = 65_536

    /// Takes what the system lets this process take.
    ///
    /// Most shells begin with 1,024, which strangers could use up until nobody else gets in.
    static func allowEnough() {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < enough else { return }
        limit.rlim_cur = min(limit.rlim_max, enough)
        // With what it has now the coordinator works as well, for fewer.
        _ = unsafe setrlimit(resource, &limit)
    }
}
