import Datasets
import Foundation
import Glibc

/// What the kernel and the control group let this process use.
package enum HostLimits {
    private static let neededDescriptors: UInt = 4096

    static func descriptors() -> Finding {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return Finding("open files", .warning, "the limit cannot be read")
        }
        return descriptors(hard: UInt(limit.rlim_max))
    }

    /// The verdict on the limit up to which a coordinator raises its own: it needs a descriptor for
    /// each worker.
    package static func descriptors(hard: UInt) -> Finding {
        guard hard < neededDescriptors else {
            return Finding("open files", .good, "up to \(HumanForm.count(hard))")
        }
        return Finding(
            "open files", .problem, "only \(HumanForm.count(hard)) at once: 4,096 are needed.",
            fix: "Raise `nofile` in /etc/security/limits.conf and log in again, or set "
                + "LimitNOFILE=4096 in the unit.")
    }

    static func processors() -> Finding {
        let online = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let quota = file("/sys/fs/cgroup/cpu.max").flatMap(cpuQuota)
        guard let quota, quota < Double(online) else {
            return Finding("processors", .good, HumanForm.count(online, "CPU"))
        }
        let share = HumanForm.number(quota, digits: 3)
        return Finding(
            "processors", .warning, "\(online) CPUs, but the control group allows \(share).",
            fix: "Start workers with `--cpus \(max(1, Int(quota)))`, or raise the limit.")
    }

    /// CPUs that a line of `cpu.max` allows, as in `150000 100000`; nil for no limit
    /// (Linux, Control Group v2, "CPU Interface Files").
    package static func cpuQuota(_ line: String) -> Double? {
        let parts = line.split(whereSeparator: \.isWhitespace)
        guard parts.count == 2, let quota = Double(parts[0]), let period = Double(parts[1]),
            period > 0, quota > 0
        else { return nil }
        return quota / period
    }

    static func threads() -> Finding {
        guard let text = file("/sys/devices/system/cpu/smt/active") else {
            return Finding("SMT", .good, "not known on this host")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines) == "1"
            ? Finding("SMT", .good, "on: two CPUs share a core, so trials on both run slower")
            : Finding("SMT", .good, "off: each CPU is a core")
    }

    static func memory() -> Finding {
        let lines = file("/proc/meminfo")?.split(separator: "\n") ?? []
        guard let total = kilobytes("MemTotal:", lines),
            let available = kilobytes("MemAvailable:", lines)
        else { return Finding("memory", .warning, "cannot be read") }
        let limit = file("/sys/fs/cgroup/memory.max").flatMap {
            UInt64($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        let usable = min(available, limit ?? .max)
        var detail = "\(HumanForm.bytes(usable)) of \(HumanForm.bytes(total)) available"
        if let limit, limit < total {
            detail += ", control group limit \(HumanForm.bytes(limit))"
        }
        guard usable < 512 << 20 else { return Finding("memory", .good, detail) }
        return Finding(
            "memory", .warning, detail,
            fix: "Free some: a trial that needs more is ended as out of memory.")
    }

    /// The bytes of a line such as `MemTotal:  8048500 kB`.
    private static func kilobytes(_ key: String, _ lines: [Substring]) -> UInt64? {
        lines.first { $0.hasPrefix(key) }?.split(separator: " ").dropFirst().first
            .flatMap { UInt64($0) }.map { $0 * 1024 }
    }

    /// The text of a file of the kernel, whose size is not known before it is read.
    ///
    /// Nil when there is none, which only means that the kernel or the container hides it.
    private static func file(_ path: String) -> String? {
        // Why it cannot be read makes no difference.
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}
