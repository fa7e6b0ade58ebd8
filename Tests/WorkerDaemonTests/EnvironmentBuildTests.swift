import Foundation
import Glibc
import Processes
import Testing
import Vocabulary
import WorkerDaemon

/// How environments are built, with a shell script in the place of Python.
@Suite(
    .enabled(
        if: !["/usr/bin", "/usr/local/bin"].contains {
            FileManager.default.isExecutableFile(atPath: $0 + "/uv")
        }, "with uv, no interpreter builds environments"))
struct EnvironmentBuildTests {
    @Test func `a build that takes too long ends with all it started, and says so`() throws {
        try Self.withEnvironment(python: Self.endless) { environment, folder in
            let problem = #expect(throws: EnvironmentProblem.self) {
                try environment.build(
                    log: folder + "/log", as: nil, for: Patience(.seconds(1)))
            }
            guard case .here(let reason) = problem else { throw Unexpected("\(problem as Any)") }
            #expect(reason.contains("took longer than 1 seconds"), "\(reason)")
            #expect(reason.contains("compiles"), "\(reason)")
            try Self.expectEnded(folder)
            #expect(!environment.isComplete)
        }
    }

    @Test func `a build that nobody wants any more ends with all it started`() throws {
        try Self.withEnvironment(python: Self.endless) { environment, folder in
            let problem = #expect(throws: EnvironmentProblem.self) {
                try environment.build(
                    log: folder + "/log", as: nil,
                    for: Patience(.seconds(60)) {
                        unsafe access(folder + "/compiler", F_OK) != 0
                    })
            }
            guard case .unwanted = problem else { throw Unexpected("\(problem as Any)") }
            try Self.expectEnded(folder)
        }
    }

    @Test(.enabled(if: ScriptTrial.isRoot, "only root can start processes of other users"))
    func `packages are installed as the user of trials, who owns nothing of them afterwards`()
        throws
    {
        let nobody = SystemUser(number: 65_534, group: 65_534)
        try Self.withEnvironment(python: Self.quick) { environment, folder in
            try environment.build(log: folder + "/log", as: nobody, for: Patience(.seconds(60)))
            for step in ["venv", "pip"] {
                let path = "\(environment.path)/\(step)"
                #expect(try String(contentsOfFile: path, encoding: .utf8) == "65534\n")
                var facts = stat()
                try #require(unsafe stat(path, &facts) == 0)
                #expect(facts.st_uid == 0)
            }
            #expect(environment.isComplete)
        }
    }

    private static let endless = """
        echo it compiles
        (exec sleep 1000) &
        echo $! > FOLDER/compiler.new
        mv FOLDER/compiler.new FOLDER/compiler
        wait
        """

    /// Answers to `-m venv PATH` and, as the interpreter in there, to `-m pip install …`.
    private static let quick = """
        mkdir -p FOLDER/environment/bin
        cp "$0" FOLDER/environment/bin/python
        id -u > "FOLDER/environment/$2"
        """

    private static func withEnvironment(
        python: String, _ body: (VirtualEnvironment, String) throws -> Void
    ) throws {
        let folder = "/tmp/picoml-build-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        // A folder that is left behind in the system's temporary folder fails no test.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let script = "#!/bin/sh\n" + python.replacing("FOLDER", with: folder) + "\n"
        try Data(script.utf8).write(to: URL(filePath: folder + "/python"))
        try #require(unsafe chmod(folder + "/python", 0o755) == 0)
        try body(
            VirtualEnvironment(
                path: folder + "/environment", requirements: folder + "/needs.txt",
                python: folder + "/python"), folder)
    }

    private static func expectEnded(_ folder: String) throws {
        let text = try String(contentsOfFile: folder + "/compiler", encoding: .utf8)
        let compiler = try #require(pid_t(text.dropLast()))
        try eventually("the compiler is gone") { kill(compiler, 0) != 0 }
    }
}
