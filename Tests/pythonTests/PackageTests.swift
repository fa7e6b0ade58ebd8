import Foundation
import Testing
import python

/// The tests of the Python package, which are written in Python.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct PackageTests {
    private let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private struct Run: Sendable {
        let code: Int32
        let said: String
    }

    /// Runs the tests in files like `pattern`, on a thread of its own: others need the few that
    /// asynchronous tests share.
    private func unittest(_ pattern: String) async throws -> Run {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try run(pattern) })
            }
        }
    }

    private func run(_ pattern: String) throws -> Run {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        // A signal that other tests block on this thread would stay blocked there.
        let program = """
            import signal, sys, unittest
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
            unittest.main(
                module=None,
                argv=["tests", "discover", "-s", "Tests/pythonTests", "-p", sys.argv[1]])
            """
        process.arguments = ["python3", "-c", program, pattern]
        process.currentDirectoryURL = root
        process.environment = ProcessInfo.processInfo.environment.merging([
            "PYTHONPATH": "Sources/python", "PYTHONDONTWRITEBYTECODE": "1",
        ]) { _, new in new }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Run(
            code: process.terminationStatus, said: String(decoding: said, as: UTF8.self))
    }

    @Test(arguments: [
        "test_client.py", "test_limits.py", "test_space.py", "test_stopping.py", "test_trial.py",
        "test_trial_world.py", "test_warm_fork.py", "test_warm_reuse.py",
    ])
    func `the tests in Python pass`(file: String) async throws {
        let run = try await unittest(file)
        #expect(run.code == 0, "\(run.said)")
        #expect(run.said.contains(/Ran [1-9][0-9]* tests? in/), "\(run.said)")
    }

    @Test func `a file without tests is no success`() async throws {
        let run = try await unittest("support.py")
        #expect(!run.said.contains(/Ran [1-9][0-9]* tests? in/), "\(run.said)")
    }

    @Test func `the program carries every file of the package`() throws {
        let folder = root.appending(path: "Sources/python/picoml")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0 != "__pycache__" }
        #expect(PythonPackage.files.map(\.name) == names.sorted())
        for file in PythonPackage.files {
            #expect(try Data(contentsOf: folder.appending(path: file.name)) == Data(file.content))
        }
    }
}
