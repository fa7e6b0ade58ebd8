import CLinux
import Glibc

/// How a process is started: with nothing of this one but what is named here.
///
/// Signals get their default actions and none is blocked. Only root has capabilities.
package struct ProcessPlan: Sendable {
    /// A limit of setrlimit(2), soft and hard, that the process cannot raise.
    package struct ResourceLimit: Hashable, Sendable {
        let resource: Int32
        let value: UInt64

        /// The most bytes of private memory that it maps.
        package static func memory(_ bytes: UInt64) -> ResourceLimit {
            ResourceLimit(resource: Int32(RLIMIT_DATA.rawValue), value: bytes)
        }

        /// The most bytes of each file that it writes.
        package static func file(_ bytes: UInt64) -> ResourceLimit {
            ResourceLimit(resource: Int32(RLIMIT_FSIZE.rawValue), value: bytes)
        }

        /// The most bytes of a core dump.
        package static func core(_ bytes: UInt64) -> ResourceLimit {
            ResourceLimit(resource: Int32(RLIMIT_CORE.rawValue), value: bytes)
        }
    }

    /// The path of the program; see ``ProgramSearch`` for names.
    package var program: String
    /// Its arguments, its own name first.
    package var arguments: [String]
    /// Its whole environment.
    package var environment: [String: String]
    /// The folder in which it starts; nil for where this process is.
    package var folder: String?
    /// Descriptors of this process, which it finds as 0, 1, 2 and so on; at most 8.
    package var descriptors: [Int32]
    /// Files `cgroup.procs` of the control groups that it joins.
    package var groupFiles: [String] = []
    /// What it may take.
    package var limits: [ResourceLimit] = []
    /// The numbers of the CPUs that it runs on, as far as the host lets it; none for those of this
    /// thread.
    package var cores: [UInt32] = []
    /// The mask for the modes of files that it makes; nil for that of this process.
    package var fileMask: UInt32?
    /// Whether it leads a process group of its own.
    package var leadsGroup = false
    /// Whether it leads a session of its own, and with it a process group.
    ///
    /// What it starts cannot get into another session but a new one.
    package var leadsSession = false
    /// Whether the kernel kills it when the thread that starts it ends.
    package var endsWithParent = false
    /// Whether neither it nor what it starts may gain privileges by executing a file.
    package var keepsPrivileges = false
    /// Who it runs as; nil for the user of this process.
    package var user: SystemUser?

    /// Describes a process; see the properties.
    package init(
        program: String, arguments: [String], environment: [String: String], folder: String?,
        descriptors: [Int32]
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
        self.descriptors = descriptors
    }
}

/// Why a process was not started.
package struct ProcessError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What failed, such as `start` or `join a control group`.
    package let step: String
    /// The system's error number.
    package let number: Int32

    /// `step` failed with the system's error `number`.
    package init(step: String, number: Int32) {
        self.step = step
        self.number = number
    }

    /// The reason, after the step when that says more than the reason alone.
    package var description: String {
        let reason = unsafe String(cString: strerror(number))
        return step == "start" ? reason : "it cannot \(step): \(reason)"
    }
}

/// Looks for programs as a shell does.
package enum ProgramSearch {
    /// The paths of programs `name` in the folders of `path`, a list with colons; just the name
    /// when it holds a slash.
    ///
    /// A process that runs as somebody else may not execute the first of them.
    package static func paths(of name: String, in path: String) -> [String] {
        guard !name.contains("/") else { return [name] }
        return path.split(separator: ":").map { "\($0)/\(name)" }.filter { candidate in
            var facts = stat()
            return unsafe access(candidate, X_OK) == 0 && stat(candidate, &facts) == 0
                && facts.st_mode & S_IFMT == S_IFREG
        }
    }

    /// The folders that are searched where `PATH` is not set.
    package static let usualPath = "/usr/local/bin:/usr/bin:/bin"
}
