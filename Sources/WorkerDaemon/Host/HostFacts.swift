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
        let allowed = UInt32(clamping: HostCores.allowed.count)
        return max(1, min(allowed, HostLimits().cpus ?? allowed))
    }

    /// Bytes of memory that this process and its trials may use: the host's, or less where a
    /// control group sets a limit.
    private static var usableMemory: UInt64 {
        let host = ProcessInfo.processInfo.physicalMemory
        return min(host, HostLimits().memoryBytes ?? host)
    }
}
