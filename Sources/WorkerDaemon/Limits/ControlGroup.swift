import Glibc
import Processes
import Vocabulary

/// A control group (cgroups(7)): some processes with all that they start, whatever process groups
/// or sessions those make.
package struct ControlGroup: Hashable, Sendable {
    /// Its folder with the controller for memory, and, in version 1, the one for processes.
    package let folders: [String]
    /// Whether it is of version 2, where all controllers share one folder.
    package let isUnified: Bool

    /// The group with these folders, which exist.
    package init(folders: [String], isUnified: Bool) {
        self.folders = folders
        self.isUnified = isUnified
    }

    /// The files to which a process writes `0` to join.
    package var entrances: [String] { folders.map { $0 + "/cgroup.procs" } }

    private var memoryFolder: String { folders.first ?? "" }
    private var processFolder: String { folders.last ?? "" }

    /// Limits the number of processes and threads and, unless it is nil, the memory in bytes.
    package func restrict(memoryBytes: UInt64?) throws(WorkerError) {
        try ControlFile.write("\(Limits.processesPerTrial)", to: processFolder + "/pids.max")
        guard let memoryBytes else { return }
        if isUnified {
            try ControlFile.write("\(memoryBytes)", to: memoryFolder + "/memory.max")
            // Absent without swap accounting, where swap is not to be had for less.
            try? ControlFile.write("0", to: memoryFolder + "/memory.swap.max")
            // A trial that lost one of its processes is of no use.
            try ControlFile.write("1", to: memoryFolder + "/memory.oom.group")
        } else {
            try ControlFile.write("\(memoryBytes)", to: memoryFolder + "/memory.limit_in_bytes")
            // Memory and swap together; absent without swap accounting.
            try? ControlFile.write(
                "\(memoryBytes)", to: memoryFolder + "/memory.memsw.limit_in_bytes")
        }
    }

    /// Lets processes that run as `user` join by themselves.
    func handOver(to user: SystemUser) throws(WorkerError) {
        for entrance in entrances {
            guard unsafe chown(entrance, user.number, user.group) == 0 else {
                throw .system("hand over", entrance)
            }
        }
    }

    /// What the kernel did because memory ran out.
    package struct MemoryEvents: Hashable, Sendable {
        /// Processes of the group that were killed.
        package var kills: UInt64
        /// How often the group's own limit was met.
        package var hits: UInt64

        /// Counts; by default nothing happened.
        package init(kills: UInt64 = 0, hits: UInt64 = 0) {
            self.kills = kills
            self.hits = hits
        }
    }

    /// What happened so far; nothing where the kernel does not tell.
    package var memoryEvents: MemoryEvents {
        let events = ControlFile.fields(
            memoryFolder + (isUnified ? "/memory.events" : "/memory.oom_control"))
        return MemoryEvents(
            kills: events["oom_kill"] ?? 0, hits: isUnified ? events["oom"] ?? 0 : hits)
    }

    /// How often a limit of version 1 was met; not every kernel counts, but each knows the most
    /// that was ever used.
    private var hits: UInt64 {
        func number(_ name: String) -> UInt64 {
            ControlFile.lines("\(memoryFolder)/\(name)").first.flatMap { UInt64($0) } ?? 0
        }
        let limit = number("memory.limit_in_bytes")
        let isNear = number("memory.max_usage_in_bytes") >= limit - limit / 16
        // With an account of swap it is the limit of both together that is met first.
        return max(
            number("memory.failcnt"), number("memory.memsw.failcnt"), isNear && limit > 0 ? 1 : 0)
    }

    /// Ends every process in it by force; they may need a moment.
    package func kill() {
        let file = memoryFolder + "/cgroup.kill"
        if isUnified, unsafe access(file, F_OK) == 0 {
            // A group that is gone has no processes.
            try? ControlFile.write("1", to: file)
            return
        }
        // Whoever forks faster than it is killed can fork no more.
        try? ControlFile.write("0", to: processFolder + "/pids.max")
        var known: Set<pid_t> = []
        while true {
            let fresh = processes.filter { known.insert($0).inserted }
            guard !fresh.isEmpty else { return }
            for process in fresh { _ = Glibc.kill(process, SIGKILL) }
        }
    }

    /// The processes in it.
    package var processes: [Int32] {
        let numbers = Set(entrances.flatMap { ControlFile.lines($0) }.compactMap { pid_t($0) })
        // 0 stands for a process outside of this one's namespace; killed, it would be this one.
        return numbers.filter { $0 > 1 && $0 != getpid() }.sorted()
    }

    /// Removes the group.
    ///
    /// - Returns: Whether it is gone: it cannot go while a process is in it.
    package func remove() -> Bool {
        folders.map { unsafe rmdir($0) == 0 || errno == ENOENT }.allSatisfy(\.self)
    }
}

/// Files with which a kernel tells and takes settings: one line or a few.
enum ControlFile {
    static func write(_ text: String, to path: String) throws(WorkerError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw .system("write \"\(text)\" to", path)
        }
    }

    /// The lines of a file; none when it cannot be read.
    static func lines(_ path: String) -> [String] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 16 * 1024)
        while text.count < 1 << 20 {
            let count = unsafe read(descriptor, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            text += bytes.prefix(count)
        }
        return text.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The numbers of a file with a name and a number in each line; 0 where there is no number.
    static func fields(_ path: String) -> [String: UInt64] {
        var fields: [String: UInt64] = [:]
        for line in lines(path) {
            let words = line.split(separator: " ")
            guard let name = words.first else { continue }
            fields[String(name)] = words.count > 1 ? UInt64(words[1]) ?? 0 : 0
        }
        return fields
    }
}
