/// What the control groups of this process grant it, in version 1 and 2 of cgroups(7).
package struct HostLimits {
    /// What stands before `/proc` and `/sys`.
    let root: String

    /// The limits of the host whose files lie under `root`.
    package init(root: String = "") { self.root = root }

    /// Whole CPUs of the tightest quota among this process's control groups; nil without one.
    package var cpus: UInt32? {
        var quotas: [UInt32] = []
        for path in groupPaths(of: "cpu") {
            if let text = line("/sys/fs/cgroup\(path)/cpu.max") {
                let words = text.split(separator: " ").compactMap { Double($0) }
                if words.count == 2 { quotas.append(Self.whole(words[0], of: words[1])) }
            } else if let quota = number("/sys/fs/cgroup/cpu\(path)/cpu.cfs_quota_us"),
                let period = number("/sys/fs/cgroup/cpu\(path)/cpu.cfs_period_us"), quota > 0
            {
                quotas.append(Self.whole(quota, of: period))
            }
        }
        return quotas.min()
    }

    /// Bytes of memory of the tightest limit; nil without one.
    package var memoryBytes: UInt64? {
        groupPaths(of: "memory").compactMap { path -> UInt64? in
            let unified = line("/sys/fs/cgroup\(path)/memory.max")
            // "max", and in version 1 a number beyond any memory, stand for no limit.
            return (unified ?? line("/sys/fs/cgroup/memory\(path)/memory.limit_in_bytes"))
                .flatMap { UInt64($0) }
        }.min()
    }

    /// The process's control group and those above it, the root last.
    private func groupPaths(of controller: Substring) -> [String] {
        var paths: [String] = []
        for entry in SystemFile(root + "/proc/self/cgroup").lines {
            let fields = entry.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3,
                fields[1].isEmpty || fields[1].split(separator: ",").contains(controller)
            else { continue }
            var path = fields[2] == "/" ? "" : String(fields[2])
            while !path.isEmpty {
                paths.append(path)
                path = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
            }
        }
        return paths + [""]
    }

    private static func whole(_ quota: Double, of period: Double) -> UInt32 {
        UInt32(exactly: max(1, (quota / period).rounded(.down))) ?? .max
    }

    private func number(_ path: String) -> Double? { line(path).flatMap(Double.init) }

    private func line(_ path: String) -> String? { SystemFile(root + path).line }
}
