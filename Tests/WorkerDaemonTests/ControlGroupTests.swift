import Foundation
import Glibc
import Testing
import WorkerDaemon

/// The files of control groups, laid out as the kernel lays them out.
struct ControlGroupTests {
    /// A folder with files; goes when it is let go.
    final class Tree {
        let path = "/tmp/picoml-groups-\(UUID().uuidString)"

        init(_ files: [String: String]) throws {
            for (name, text) in files.sorted(by: { $0.key < $1.key }) {
                let file = URL(filePath: "\(path)/\(name)")
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.replacing("TREE", with: path).utf8).write(to: file)
            }
        }

        deinit {
            // A folder that is left behind in the system's temporary folder fails no test.
            try? FileManager.default.removeItem(atPath: path)
        }

        func text(_ name: String) throws -> String {
            try String(contentsOf: URL(filePath: "\(path)/\(name)"), encoding: .utf8)
        }
    }

    private static let mounts = """
        31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
        35 31 0:32 / TREE/memory rw,relatime shared:9 - cgroup cgroup rw,memory
        39 31 0:36 /box TREE/pids rw,relatime - cgroup cgroup rw,pids
        41 31 0:38 / TREE/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate

        """

    @Test func `version 1 is used where version 2 has no controllers`() throws {
        let tree = try Tree([
            "proc/mountinfo": Self.mounts, "unified/cgroup.controllers": "\n",
            "proc/cgroup": "8:pids:/box/deep\n4:memory:/mine\n1:name=systemd:/\n0::/\n",
        ])
        #expect(
            ControlGroupPlace.find(tree.path + "/proc")
                == .separate(
                    memory: tree.path + "/memory/mine", processes: tree.path + "/pids/deep"))
    }

    @Test func `version 2 is used where it has both controllers`() throws {
        let tree = try Tree([
            "proc/mountinfo": Self.mounts, "proc/cgroup": "0::/system.slice/picoml.service\n",
            "unified/system.slice/picoml.service/cgroup.controllers": "cpu memory pids\n",
        ])
        #expect(
            ControlGroupPlace.find(tree.path + "/proc")
                == .unified(tree.path + "/unified/system.slice/picoml.service"))
    }

    @Test(arguments: ["0::/a\n", "4:memory:/a\n0::/a\n", "", "no line\n:::\n"])
    func `without a controller there is no place`(membership: String) throws {
        let tree = try Tree([
            "proc/mountinfo": Self.mounts, "proc/cgroup": membership,
            "unified/a/cgroup.controllers": "cpu memory\n",
        ])
        #expect(ControlGroupPlace.find(tree.path + "/proc") == nil)
    }

    private static let unified = [
        "memory.max": "max\n", "memory.swap.max": "max\n", "memory.oom.group": "0\n",
        "pids.max": "max\n", "cgroup.procs": "", "cgroup.kill": "",
        "memory.events": "low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 1\n",
    ]

    @Test func `a group of version 2 is limited and killed by its files`() throws {
        let tree = try Tree(Self.unified)
        let group = ControlGroup(folders: [tree.path], isUnified: true)
        try group.restrict(memoryBytes: 1 << 20)
        #expect(try tree.text("memory.max").hasPrefix("1048576"))
        #expect(try tree.text("memory.swap.max").hasPrefix("0"))
        #expect(try tree.text("memory.oom.group").hasPrefix("1"))
        #expect(try tree.text("pids.max").hasPrefix("1024"))
        #expect(group.memoryEvents == ControlGroup.MemoryEvents(kills: 2, hits: 3))
        group.kill()
        #expect(try tree.text("cgroup.kill") == "1")
    }

    @Test func `a group of version 1 tells what happened`() throws {
        let tree = try Tree([
            "m/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 4\n",
            "m/memory.failcnt": "17\n", "m/memory.limit_in_bytes": "9223372036854771712\n",
            "p/pids.max": "max\n",
        ])
        let folders = ["m", "p"].map { "\(tree.path)/\($0)" }
        let group = ControlGroup(folders: folders, isUnified: false)
        try group.restrict(memoryBytes: 4096)
        #expect(try tree.text("m/memory.limit_in_bytes").hasPrefix("4096"))
        #expect(group.memoryEvents == ControlGroup.MemoryEvents(kills: 4, hits: 17))
    }

    @Test func `a limit that cannot be set is an error`() throws {
        let tree = try Tree(["pids.max": "max\n"])
        let group = ControlGroup(folders: [tree.path], isUnified: true)
        #expect(throws: Never.self) { try group.restrict(memoryBytes: nil) }
        #expect(throws: WorkerError.self) { try group.restrict(memoryBytes: 1) }
    }

    @Test func `neither this process nor those of another namespace are in a group`() throws {
        let tree = try Tree(["cgroup.procs": "0\n1\n\(getpid())\n4194300\nx\n"])
        let group = ControlGroup(folders: [tree.path], isUnified: false)
        #expect(group.processes == [4_194_300])
    }
}
