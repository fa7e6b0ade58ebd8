import Glibc

/// Where a process may make control groups.
package enum ControlGroupPlace: Hashable, Sendable {
    /// Version 2: the folder of the process's own group.
    case unified(String)
    /// Version 1: the folders of its own groups for memory and for processes.
    case separate(memory: String, processes: String)

    /// The place of the process that `folder` (proc(5)) describes; nil when there is none with the
    /// controllers for memory and for processes.
    package static func find(_ folder: String = "/proc/self") -> ControlGroupPlace? {
        let mounts = ControlFile.lines(folder + "/mountinfo").compactMap(Mount.init)
        let own = ControlFile.lines(folder + "/cgroup").compactMap(Membership.init)
        if let path = path(
            in: mounts.first { $0.type == "cgroup2" }, of: own.first(where: \.isUnified))
        {
            let words = ControlFile.lines(path + "/cgroup.controllers").first ?? ""
            let controllers = words.split(separator: " ").map(String.init)
            if controllers.contains("memory"), controllers.contains("pids") {
                return .unified(path)
            }
        }
        func separate(_ controller: String) -> String? {
            path(
                in: mounts.first { $0.type == "cgroup" && $0.options.contains(controller) },
                of: own.first { $0.controllers.contains(controller) })
        }
        guard let memory = separate("memory"), let processes = separate("pids") else { return nil }
        return .separate(memory: memory, processes: processes)
    }

    /// The folder of the group under its mount, of which a container may see a part.
    private static func path(in mount: Mount?, of membership: Membership?) -> String? {
        guard let mount, let path = membership?.path else { return nil }
        let root = mount.root == "/" ? "" : mount.root
        guard path == root || path.hasPrefix(root + "/") else {
            // What is seen of the mount is the group's own namespace.
            return path == "/" ? mount.point : nil
        }
        let rest = path.dropFirst(root.count)
        return rest == "/" ? mount.point : mount.point + rest
    }

    /// A line of `cgroup`: number, controllers, path.
    private struct Membership {
        let controllers: [String]
        let path: String
        var isUnified: Bool { controllers.isEmpty }

        init?(_ line: String) {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return nil }
            controllers = fields[1].split(separator: ",").map(String.init)
            path = String(fields[2])
        }
    }

    /// A line of `mountinfo`.
    private struct Mount {
        let root: String
        let point: String
        let type: Substring
        let options: [String]

        init?(_ line: String) {
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else {
                return nil
            }
            root = Self.plain(fields[3])
            point = Self.plain(fields[4])
            type = fields[dash + 1]
            options = fields[dash + 3].split(separator: ",").map(String.init)
        }

        /// Spaces in paths are written as octal numbers.
        private static func plain(_ path: Substring) -> String {
            path.split(separator: "\\040", omittingEmptySubsequences: false).joined(separator: " ")
        }
    }
}
