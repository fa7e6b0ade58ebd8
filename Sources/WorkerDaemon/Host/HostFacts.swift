import FoundationEssentials
import Glibc
package import Vocabulary

/// What this host offers.
package enum HostFacts {
    /// Facts about this process for the coordinator; `cpus` CPUs and `devices` are for trials,
    /// which may choose the host by `labels`.
    package static func describe(
        cpus: UInt32, labels: Labels, devices: [Device] = []
    ) -> WorkerFacts {
        WorkerFacts(
            host: ProcessInfo.processInfo.hostName, process: UInt32(clamping: getpid()),
            cpus: cpus, memoryBytes: usableMemory, software: Software.version,
            architecture: architecture, distribution: distribution(under: ""), labels: labels,
            devices: devices)
    }

    /// The processor as the kernel names it, such as `x86_64`.
    private static var architecture: String {
        var names = utsname()
        guard unsafe uname(&names) == 0 else { return "" }
        return unsafe withUnsafeBytes(of: names.machine) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// The distribution with its version, such as `debian-12`, from os-release(5) of the file
    /// system under `root`; empty when there is none.
    package static func distribution(under root: String) -> String {
        for path in ["/etc/os-release", "/usr/lib/os-release"] {
            guard let bytes = FileManager.default.contents(atPath: root + path) else { continue }
            let words = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            let values = ["ID=", "VERSION_ID="].compactMap { key in
                words.last { $0.hasPrefix(key) }?.dropFirst(key.count)
                    .trimming { $0 == "\"" || $0 == "'" || $0.isWhitespace }
            }
            let name = values.joined(separator: "-")
            return Label.isWord(name) ? name : ""
        }
        return ""
    }

    /// CPUs that this process may use: those it may run on, less what its control group grants.
    package static var usableCPUs: UInt32 {
        let allowed = UInt32(clamping: ProcessInfo.processInfo.activeProcessorCount)
        return max(1, min(allowed, groupQuota ?? allowed))
    }

    /// Bytes of memory that this process and its trials may use: the host's, or less where a
    /// control group sets a limit.
    static var usableMemory: UInt64 {
        let limits = groupPaths(of: "memory").compactMap { path -> UInt64? in
            let unified = line("/sys/fs/cgroup\(path)/memory.max")
            // "max", and in version 1 a number beyond any memory, stand for no limit.
            return (unified ?? line("/sys/fs/cgroup/memory\(path)/memory.limit_in_bytes"))
                .flatMap { UInt64($0) }
        }
        let host = ProcessInfo.processInfo.physicalMemory
        return min(host, limits.min() ?? host)
    }

    /// Whole CPUs of the tightest quota among this process's control groups; nil without one.
    private static var groupQuota: UInt32? {
        var quotas: [UInt32] = []
        for path in groupPaths(of: "cpu") {
            if let text = line("/sys/fs/cgroup\(path)/cpu.max") {
                let words = text.split(separator: " ").compactMap { Double($0) }
                if words.count == 2 { quotas.append(whole(words[0], of: words[1])) }
            } else if let quota = number("/sys/fs/cgroup/cpu\(path)/cpu.cfs_quota_us"),
                let period = number("/sys/fs/cgroup/cpu\(path)/cpu.cfs_period_us"), quota > 0
            {
                quotas.append(whole(quota, of: period))
            }
        }
        return quotas.min()
    }

    /// The process's control group and those above it, the root last (cgroups(7)).
    private static func groupPaths(of controller: Substring) -> [String] {
        guard let bytes = FileManager.default.contents(atPath: "/proc/self/cgroup") else {
            return [""]
        }
        var paths: [String] = []
        for entry in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
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

    private static func number(_ path: String) -> Double? { line(path).flatMap(Double.init) }

    private static func line(_ path: String) -> String? {
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
