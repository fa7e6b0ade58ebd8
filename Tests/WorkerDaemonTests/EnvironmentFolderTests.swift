import Foundation
import Glibc
import Hashing
import Processes
import Testing
import Vocabulary
import WorkerDaemon

@Suite struct EnvironmentFolderTests {
    @Test(arguments: [
        ("numpy==2.0.0\n", false),
        ("--index-url https://packages.example/simple\nnumpy\n", false),
        ("--require-hashes\nsix==1.17.0 --hash=sha256:00\n", false),
        ("# -r other.txt\n", false),
        ("numpy ; python_version < '3.13'\n", false),
        ("-r more.txt\n", true),
        ("-rmore.txt\n", true),
        ("numpy\r\n--constraint=limits.txt\r\n", true),
        ("-e .\n", true),
        ("./library\n", true),
        ("library @ file:library\n", true),
        ("wheels/library-1.0-py3-none-any.whl\n", true),
    ])
    func `a requirements file that names other files is known by the code they came with`(
        text: String, namesFiles: Bool
    ) throws {
        #expect(EnvironmentFolder.namesFiles(text.utf8) == namesFiles)
        try Self.inFolder { folder in
            let environments = try EnvironmentFolder(cache: folder)
            try Self.write(text, to: folder + "/needs.txt")
            let paths = try ["a", "b"].map { code in
                try #require(
                    try environments.environment(for: Self.lease(code: code), code: folder)
                ).path
            }
            #expect((paths[0] != paths[1]) == namesFiles)
            #expect(paths.allSatisfy { $0.hasPrefix(environments.path + "/") })
        }
    }

    @Test func `other requirements are another environment`() throws {
        try Self.inFolder { folder in
            let environments = try EnvironmentFolder(cache: folder)
            let paths = try ["six==1.16.0", "six==1.17.0"].map { text in
                try Self.write(text, to: folder + "/needs.txt")
                return try environments.environment(for: Self.lease(code: "a"), code: folder)?.path
            }
            #expect(paths[0] != paths[1])
        }
    }

    @Test func `a folder that others can write is refused`() throws {
        try Self.inFolder { folder in
            _ = try EnvironmentFolder(cache: folder)
            try #require(unsafe chmod(folder + "/environments", 0o777) == 0)
            let error = #expect(throws: WorkerError.self) { try EnvironmentFolder(cache: folder) }
            #expect(error?.description.contains("PICOML_CACHE") == true)
        }
    }

    @Test func `trials of another user get through a folder that was made here, and no further`()
        throws
    {
        try Self.inFolder { folder in
            let nobody = SystemUser(number: 65_534, group: 65_534)
            try #require(unsafe chmod(folder, 0o711) == 0)
            let cache = folder + "/cache"
            try EnvironmentFolder(cache: cache).handOver(to: nobody)
            var facts = stat()
            try #require(unsafe stat(cache, &facts) == 0)
            #expect(facts.st_mode & 0o777 == 0o711)
            // Folders above are somebody's choice.
            try #require(unsafe chmod(folder, 0o700) == 0)
            let error = #expect(throws: WorkerError.self) {
                try EnvironmentFolder(cache: cache).handOver(to: nobody)
            }
            #expect(error?.description.contains("PICOML_CACHE") == true)
        }
    }

    @Test func `an environment is complete with its mark and its interpreter`() throws {
        try Self.inFolder { folder in
            let environment = VirtualEnvironment(
                path: folder, requirements: folder + "/needs.txt", python: nil)
            try Self.write("", to: folder + "/complete")
            #expect(!environment.isComplete)
            try #require(unsafe mkdir(folder + "/bin", 0o700) == 0)
            try #require(unsafe symlink("/bin/sh", environment.interpreter) == 0)
            #expect(environment.isComplete)
            try #require(unsafe unlink(folder + "/complete") == 0)
            #expect(!environment.isComplete)
        }
    }

    @Test func `environments that nobody uses go, the one not used for longest first`() throws {
        try Self.inFolder { folder in
            let folder = try EnvironmentFolder(cache: folder)
            let all = try ["a", "b", "c", "d"].enumerated().map { index, name in
                try Self.plant("\(folder.path)/\(name)", bytes: 1 << 20, time: 1000 + index)
            }
            let uses = EnvironmentUses()
            let attempt = AttemptID(trial: TrialID(sweep: SweepID(3), number: 17), number: 2)
            #expect(try uses.hold(all[1], for: attempt))
            // Its use has made it the newest; the rest goes by its age.
            #expect(folder.makeRoom(limit: 2 << 20, keeping: "") == [all[0].path, all[2].path])
            #expect(all.map(\.isComplete) == [false, true, false, true])
            #expect(folder.makeRoom(limit: 0, keeping: all[3].path).isEmpty)
            #expect(folder.makeRoom(limit: 0, keeping: "") == [all[3].path])
            // As another worker of the host does.
            let others = EnvironmentUses()
            #expect(try others.hold(all[1], for: attempt))
            uses.release(attempt)
            #expect(folder.makeRoom(limit: 0, keeping: "").isEmpty)
            others.release(attempt)
            #expect(folder.makeRoom(limit: 0, keeping: "") == [all[1].path])
            #expect(try !uses.hold(all[1], for: attempt))
        }
    }

    /// An environment as its builder leaves it, used last at `time`.
    private static func plant(
        _ path: String, bytes: Int, time: Int
    ) throws -> VirtualEnvironment {
        let environment = VirtualEnvironment(path: path, requirements: "", python: nil)
        try FileManager.default.createDirectory(
            atPath: path + "/bin", withIntermediateDirectories: true)
        try #require(unsafe symlink("/bin/sh", environment.interpreter) == 0)
        try write("\(bytes)\n", to: path + "/complete")
        try write("", to: path + ".lock")
        let times = [timespec(tv_sec: time, tv_nsec: 0), timespec(tv_sec: time, tv_nsec: 0)]
        try #require(unsafe utimensat(AT_FDCWD, path + ".lock", times, 0) == 0)
        return environment
    }

    @Test func `only one has a lock until it ends`() throws {
        try Self.inFolder { folder in
            do {
                let first = try FileLock(folder + "/lock")
                defer { withExtendedLifetime(first) {} }
                let isHeld = Self.isThere(first)
                #expect(isHeld)
                let isHeldTwice = Self.isThere(try FileLock(folder + "/lock"))
                #expect(!isHeldTwice)
            }
            let isFree = Self.isThere(try FileLock(folder + "/lock"))
            #expect(isFree)
        }
    }

    private static func isThere(_ lock: borrowing FileLock?) -> Bool {
        switch lock {
        case .some: true
        case .none: false
        }
    }

    private static func lease(code: String) -> Lease {
        Lease(
            attempt: AttemptID(trial: TrialID(sweep: SweepID(3), number: 17), number: 2),
            task: .search, experiment: "Exp1", trainer: .python, parameters: [], seed: 1, cpus: 1,
            timeLimit: nil, objective: Objective(metric: "loss", goal: .minimize), data: nil,
            program: Program(
                action: .python(entry: "train.py:train", isReused: false),
                environment: .requirements("needs.txt")),
            code: Digest.of(code))
    }

    private static func inFolder(_ body: (String) throws -> Void) throws {
        let folder = "/tmp/picoml-environments-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        // A folder that is left behind in the system's temporary folder fails no test.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }
}
