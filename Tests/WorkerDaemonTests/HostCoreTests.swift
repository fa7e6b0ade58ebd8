import Execution
import Glibc
import Testing
import Vocabulary
import WorkerDaemon

/// CPUs as files like the kernel's tell them.
struct HostCoreTests {
    @Test(
        arguments: [
            ("0", [0]), ("0-3", [0, 1, 2, 3]), ("8,0-1", [0, 1, 8]), ("2-2", [2]),
            ("", nil), ("a", nil), ("3-1", nil), ("1-", nil), ("0-4000000000", nil), ("0,,1", nil),
        ] as [(String, [UInt32]?)])
    func `lists of CPUs are read as the kernel writes them`(text: String, numbers: [UInt32]?) {
        #expect(CoreList(text: text)?.numbers == numbers)
    }

    @Test func `lists of CPUs are written as the kernel does`() {
        #expect(CoreList([8, 0, 1, 2, 10, 11] as [UInt32]).description == "0-2,8,10-11")
    }

    @Test func `nodes are told apart, and threads of a core stand together`() throws {
        let system = "/sys/devices/system"
        var files = [
            "\(system)/node/node0/cpulist": "0-1,4-5\n",
            "\(system)/node/node1/cpulist": "2-3,6-7\n",
            "\(system)/node/possible": "0-1\n",
        ]
        for core in 0..<8 as Range<UInt32> {
            files["\(system)/cpu/cpu\(core)/topology/thread_siblings_list"] =
                "\(core % 4),\(core % 4 + 4)\n"
        }
        let root = try HostRoot(files)
        #expect(
            HostCores.map(of: Array(0..<8), root: root.path).nodes == [
                [0, 4, 1, 5], [2, 6, 3, 7],
            ])
        #expect(HostCores.map(of: [1, 5, 6], root: root.path).nodes == [[1, 5], [6]])
        // CPUs that no node has are there all the same.
        #expect(HostCores.map(of: [0, 9], root: root.path).nodes == [[0], [9]])
    }

    @Test func `where the kernel tells nothing there is one node`() throws {
        let root = try HostRoot([:])
        #expect(HostCores.map(of: [0, 1, 2], root: root.path).nodes == [[0, 1, 2]])
    }

    @Test func `a trial runs on its own CPUs`() throws {
        let last = try #require(HostCores.allowed.last)
        let trial = try ScriptTrial()
        trial.cores = [last]
        _ = try trial.run("grep Cpus_allowed_list /proc/self/status > cores; exit 3")
        #expect(try trial.text("cores") == "Cpus_allowed_list:\t\(last)")
    }

    @Test func `a trial for which there are none runs where its worker does`() throws {
        let trial = try ScriptTrial()
        _ = try trial.run("grep Cpus_allowed_list /proc/self/status > cores; exit 3")
        #expect(try trial.text("cores") == "Cpus_allowed_list:\t\(CoreList(HostCores.allowed))")
    }
}

/// Control groups as files like the kernel's tell them.
struct HostLimitTests {
    @Test func `without control groups there is no limit`() throws {
        let limits = HostLimits(root: try HostRoot([:]).path)
        #expect(limits.cpus == nil)
        #expect(limits.memoryBytes == nil)
    }

    @Test func `the tightest limit of version 2 counts, wherever above the process it is`() throws {
        let root = try HostRoot([
            "/proc/self/cgroup": "0::/a.slice/b.service\n",
            "/sys/fs/cgroup/a.slice/b.service/cpu.max": "max 100000\n",
            "/sys/fs/cgroup/a.slice/b.service/memory.max": "2000000\n",
            "/sys/fs/cgroup/a.slice/cpu.max": "250000 100000\n",
            "/sys/fs/cgroup/a.slice/memory.max": "max\n",
        ])
        let limits = HostLimits(root: root.path)
        #expect(limits.cpus == 2)
        #expect(limits.memoryBytes == 2_000_000)
    }

    @Test func `limits of version 1 count, also where a container shows its own group as the root`()
        throws
    {
        let files = [
            "/proc/self/cgroup": "5:cpu,cpuacct:/docker/f00\n4:memory:/docker/f00\n",
            "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000\n",
            "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes": "3000000\n",
        ]
        let root = try HostRoot(files)
        let limits = HostLimits(root: root.path)
        // Half a CPU is still one for a trial.
        #expect(limits.cpus == 1)
        #expect(limits.memoryBytes == 3_000_000)
        let free = try HostRoot(
            files.merging(["/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n"]) { $1 })
        #expect(HostLimits(root: free.path).cpus == nil)
    }
}
