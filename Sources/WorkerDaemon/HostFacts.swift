import FoundationEssentials
import Glibc
package import Vocabulary

/// What this host offers.
package enum HostFacts {
    /// Facts about this process for the coordinator; `cpus` CPUs are for trials.
    package static func describe(cpus: UInt32) -> WorkerFacts {
        WorkerFacts(
            host: ProcessInfo.processInfo.hostName, process: UInt32(clamping: getpid()),
            cpus: cpus, memoryBytes: ProcessInfo.processInfo.physicalMemory,
            software: Software.version)
    }

    /// CPUs that this process may use: those it may run on, less what its control group grants.
    package static var usableCPUs: UInt32 {
        let allowed = UInt32(clamping: ProcessInfo.processInfo.activeProcessorCount)
        return max(1, min(allowed, groupQuota ?? allowed))
    }

    /// Whole CPUs of the control group's quota; nil without one (cgroup v2, then v1).
    private static var groupQuota: UInt32? {
        if let text = line("/sys/fs/cgroup/cpu.max") {
            let words = text.split(separator: " ").compactMap { Double($0) }
            return words.count == 2 ? whole(words[0], of: words[1]) : nil
        }
        guard let quota = line("/sys/fs/cgroup/cpu/cpu.cfs_quota_us").flatMap(Double.init),
            let period = line("/sys/fs/cgroup/cpu/cpu.cfs_period_us").flatMap(Double.init)
        else { return nil }
        return quota > 0 ? whole(quota, of: period) : nil
    }

    private static func whole(_ quota: Double, of period: Double) -> UInt32? {
        guard period > 0, quota > 0 else { return nil }
        return UInt32(max(1, (quota / period).rounded(.down)))
    }

    private static func line(_ path: String) -> String? {
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
