package import ConfigurationFiles
package import Vocabulary

/// What a host said of itself.
package struct HostReport: Hashable, Sendable {
    /// How a person who has logged in becomes root.
    package enum Root: String, Hashable, Sendable {
        /// It is who ssh logs in as.
        case own = "self"
        /// By sudo, without a password.
        case sudo
    }

    /// What is there of a worker, for one of the two ways to run it.
    package struct Part: Hashable, Sendable {
        /// The hash of the program; nil for none.
        package var program: Digest?
        /// The version that the program says; nil for none.
        package var version: String?
        /// Whether the worker runs.
        package var isRunning = false
        /// Bytes that are free where the program is, or would be.
        package var freeBytes: UInt64 = 0

        /// Nothing.
        package init() {}
    }

    /// The kernel's name, such as `Linux`.
    package var system = ""
    /// The architecture as the kernel calls it, such as `x86_64`.
    package var machine = ""
    /// Whom ssh logged in as.
    package var user = ""
    /// How that user becomes root; nil for not at all.
    package var root: Root?
    /// Whether systemd looks after the host.
    package var hasSystemd = false
    /// What is there as a service of the system.
    package var systemPart = Part()
    /// What is there under the user.
    package var userPart = Part()

    /// A host of which nothing is known.
    package init() {}

    /// What is there for `service`.
    package subscript(service: HostEntry.Service) -> Part {
        get { service == .system ? systemPart : userPart }
        set {
            if service == .system { systemPart = newValue } else { userPart = newValue }
        }
    }

    /// The way in which a worker runs; nil for none that runs.
    package var running: HostEntry.Service? { ours.first { self[$0].isRunning } }

    /// The way in which a worker runs or has run; nil for a host that never had one.
    package var known: HostEntry.Service? { running ?? ours.first { self[$0].program != nil } }

    /// Without root, a service of the system is somebody else's.
    private var ours: [HostEntry.Service] { root == nil ? [.user] : [.system, .user] }
}

extension HostReport {
    /// Reads what the probe wrote; what login scripts write around it is left out.
    ///
    /// - Throws: `HostProblem` when the answer is not whole.
    package init(text: String) throws(HostProblem) {
        self.init()
        let lines = text.split(whereSeparator: \.isNewline)
        guard let start = lines.firstIndex(of: "picoml-host 1"),
            let end = lines[start...].firstIndex(of: "picoml-end 1")
        else {
            throw HostProblem(
                "The host does not answer as Linux does: it said \"\(text.clipped(to: 80))\".",
                fix: "Its login shell must run `sh` without a word of its own.")
        }
        for line in lines[start..<end].dropFirst() {
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            take(String(parts[0]), String(parts[1]))
        }
    }

    private mutating func take(_ name: String, _ value: String) {
        switch name {
        case "system": system = value.clipped(to: 64)
        case "machine": machine = value.clipped(to: 64)
        case "user": user = value.clipped(to: 64)
        case "root": root = Root(rawValue: value)
        case "systemd": hasSystemd = value == "yes"
        default:
            for service in HostEntry.Service.allCases where name.hasPrefix("\(service.rawValue)-") {
                take(String(name.dropFirst(service.rawValue.count + 1)), value, of: service)
            }
        }
    }

    private mutating func take(_ name: String, _ value: String, of service: HostEntry.Service) {
        switch name {
        case "program": self[service].program = Digest(text: value)
        case "version": self[service].version = value.isEmpty ? nil : value.clipped(to: 64)
        case "running": self[service].isRunning = value == "yes"
        case "free":
            let (bytes, isTooLarge) = (UInt64(value) ?? 0).multipliedReportingOverflow(by: 1024)
            self[service].freeBytes = isTooLarge ? .max : bytes
        default: break
        }
    }
}

extension String {
    /// The text with a capital at its beginning and a mark at its end.
    var sentence: String {
        prefix(1).uppercased() + dropFirst() + (last.map(".?!".contains) == true ? "" : ".")
    }

    /// At most `limit` characters; what is cut off is replaced by `…`.
    func clipped(to limit: Int) -> String {
        count <= limit ? self : String(prefix(limit - 1)) + "…"
    }
}
