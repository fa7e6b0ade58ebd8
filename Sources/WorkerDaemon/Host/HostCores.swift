import CLinux
package import Execution
import Vocabulary

/// The CPUs of this host, and how they lie to each other.
package enum HostCores {
    /// The numbers of the CPUs that this thread may run on, in ascending order: what its affinity
    /// and its control group's set (cpuset) leave.
    package static var allowed: [UInt32] {
        var numbers = [UInt32](repeating: 0, count: Int(Limits.cpusPerWorker))
        let count = unsafe picoml_allowed_cpus(&numbers, Int32(numbers.count))
        return Array(numbers.prefix(max(0, Int(count))))
    }

    /// The same with CPUs side by side that share a core or a node.
    package static var allowedByNode: [UInt32] { map(of: allowed).all }

    /// Lets this thread, and all that it starts from now on, run on `cores` alone.
    ///
    /// - Throws: `WorkerError` when this process may run on none of them.
    package static func restrict(to cores: [UInt32]) throws(WorkerError) {
        guard unsafe picoml_run_on_cpus(cores, Int32(cores.count)) == 0 else {
            throw .system("run on", "the CPUs \(CoreList(cores))")
        }
    }

    /// How `cores` lie to each other.
    ///
    /// - Parameters:
    ///   - cores: Numbers of CPUs.
    ///   - root: What stands before `/sys`.
    /// - Returns: The cores by node; all in one where the kernel tells nothing.
    package static func map(of cores: [UInt32], root: String = "") -> CoreMap {
        let folder = SystemFile(root + "/sys/devices/system/node")
        let numbers = folder.names.compactMap { name in
            name.hasPrefix("node") ? UInt32(name.dropFirst("node".count)) : nil
        }
        var rest = Set(cores)
        var nodes: [[UInt32]] = []
        for number in numbers.sorted() {
            let text = folder.entry("node\(number)").entry("cpulist").line ?? ""
            let members = CoreList(text: text)?.numbers.filter { rest.remove($0) != nil } ?? []
            if !members.isEmpty { nodes.append(bySibling(members, root: root)) }
        }
        if !rest.isEmpty { nodes.append(bySibling(rest.sorted(), root: root)) }
        return CoreMap(nodes: nodes)
    }

    /// `cores` in an order in which threads of one core stand side by side.
    private static func bySibling(_ cores: [UInt32], root: String) -> [UInt32] {
        let keyed = cores.map { core in
            let file = SystemFile(
                "\(root)/sys/devices/system/cpu/cpu\(core)/topology/thread_siblings_list")
            let first = CoreList(text: file.line ?? "")?.numbers.first ?? core
            return (first, core)
        }
        return keyed.sorted { $0 < $1 }.map { $0.1 }
    }
}

/// Numbers of CPUs, written as the kernel does: `0-3,8`.
package struct CoreList: Hashable, Sendable, CustomStringConvertible {
    /// The numbers in ascending order, each once.
    package let numbers: [UInt32]

    /// A list of `numbers`.
    package init(_ numbers: some Sequence<UInt32>) { self.numbers = Set(numbers).sorted() }

    /// Reads `0-3,8`; nil for anything else and for numbers that no CPU has.
    package init?(text: String) {
        var numbers: [UInt32] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
                .map { UInt32($0) }
            guard (1...2).contains(ends.count), let first = ends[0],
                let last = ends[ends.count - 1],
                first <= last, last < Limits.cpusPerWorker
            else { return nil }
            numbers += first...last
        }
        self.init(numbers)
    }

    /// As the kernel writes it.
    package var description: String {
        var ranges: [(first: UInt32, last: UInt32)] = []
        for number in numbers {
            if let range = ranges.last, range.last + 1 == number {
                ranges[ranges.count - 1].last = number
            } else {
                ranges.append((number, number))
            }
        }
        return ranges.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }
            .joined(separator: ",")
    }
}
