import CLinux
import Foundation
import Testing
import Trainers
import Vocabulary

@Suite struct CommandEndTests {
    @Test func `an exit code and the end of the log explain a failure`() async throws {
        let fixture = try CommandFixture()
        try fixture.writeLog(String(repeating: "x", count: 5000) + "\nValueError: too small\n")
        let run = try await fixture.shell("exit 3")
        let failure = try #require(run.failure)
        #expect(failure.kind == .trainerError)
        #expect(failure.message.hasPrefix("exit code 3: "))
        #expect(failure.message.hasSuffix("ValueError: too small\n"))
        #expect(failure.message.utf8.count < 1100)
        #expect(run.exitCode == 1)
    }

    @Test(arguments: [
        ("Traceback (most recent call last):\nMemoryError\n", FailureClass.outOfMemory),
        ("torch.OutOfMemoryError: CUDA out of memory. Tried\n", .outOfMemory),
        ("torch.OutOfMemoryError: HIP out of memory. Tried\n", .outOfMemory),
        ("cupy.cuda.memory.OutOfMemoryError: Out of memory allocating 8 bytes\n", .outOfMemory),
        ("numpy._core._exceptions._ArrayMemoryError: Unable to allocate\n", .outOfMemory),
        ("XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while\n", .outOfMemory),
        ("MemoryError: smaller batches follow\nValueError: x\n", .trainerError),
        ("terminate called after throwing 'std::bad_alloc'\n", .outOfMemory),
        ("OSError: [Errno 28] No space left on device: 'model'\n", .outOfDisk),
        ("sh: 3: printf: I/O error\ncp: write error: Disk quota exceeded\n", .outOfDisk),
        ("Traceback:\nModuleNotFoundError: No module named 'x'\nbye\n", .badCode),
        ("  File \"a.py\"\nSyntaxError: invalid syntax\n", .badCode),
        ("ImportError: cannot import name\nduring handling\nValueError: bad\n", .trainerError),
        ("we log that ImportError: happened\n", .trainerError),
        ("", .trainerError),
    ])
    func `the log tells what kind of failure it was`(log: String, kind: FailureClass) async throws {
        let fixture = try CommandFixture()
        try fixture.writeLog(log)
        #expect(try await fixture.shell("exit 1").failure?.kind == kind)
    }

    @Test(arguments: [
        ("kill -9 $$", FailureClass.outOfMemory, "killed from outside"),
        ("exit 137", .outOfMemory, "killed from outside"),
        ("kill -11 $$", .crash, "signal 11 (it crashed in native code: "),
        ("sh -c 'kill -6 $$'; exit $?", .crash, "signal 6 (it crashed in native code: "),
        ("kill -1 $$", .trainerError, "signal 1 ("),
        ("exit 129", .trainerError, "exit code 129"),
    ])
    func `a signal tells whether memory ran out or native code crashed`(
        script: String, kind: FailureClass, part: String
    ) async throws {
        let failure = try #require(try await CommandFixture().shell(script).failure)
        #expect(failure.kind == kind)
        #expect(failure.message.contains(part), "\(failure.message)")
    }

    @Test func `an abort for lack of memory is no crash`() async throws {
        let fixture = try CommandFixture()
        try fixture.writeLog("terminate called after throwing 'std::bad_alloc'\n")
        #expect(try await fixture.shell("kill -6 $$").failure?.kind == .outOfMemory)
    }

    @Test(arguments: [
        (["no-such-program"], "no-such-program"), (["./absent"], "./absent"),
        (["./plain"], "./plain"), (["./folder"], "./folder"), (["/usr/bin/env", "nothing"], "127"),
        (["./lost"], "./lost"), ([""], "no program"),
    ])
    func `a program that cannot be started is bad code`(words: [String], part: String) async throws
    {
        let fixture = try CommandFixture()
        try fixture.write("#!/no/such/interpreter\n", to: "lost")
        try fixture.write("#!/bin/sh\n", to: "plain")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: fixture.codePath + "/plain")
        try FileManager.default.createDirectory(
            atPath: fixture.codePath + "/folder", withIntermediateDirectories: true)
        let failure = try #require(try await fixture.run(words).failure)
        #expect(failure.kind == .badCode)
        #expect(failure.message.contains(part), "\(failure.message)")
    }

    @Test func `a script without a first line for its interpreter is bad code`() async throws {
        let fixture = try CommandFixture()
        try fixture.write("echo hello\n", to: "bare")
        let failure = try #require(try await fixture.run(["./bare"]).failure)
        #expect(failure.kind == .badCode)
        #expect(failure.message.contains("#!"))
    }

    @Test func `the command's own word on its failure counts, whatever its exit code`() async throws
    {
        let run = try await CommandFixture().shell(
            """
            printf '{"failure":{"class":"out_of_memory","message":"mine"}}\\n' >&3
            """)
        #expect(run.failure?.kind == .outOfMemory)
        #expect(run.failure?.message == "mine")
    }

    @Test func `a result before a bad exit code is no result`() async throws {
        let run = try await CommandFixture().shell(
            "printf '{\"result\":{\"metrics\":{\"rmse\":1}}}\\n' >&3; exit 4")
        #expect(run.failure?.message.hasPrefix("exit code 4") == true)
    }

    @Test func `a pruned command is asked on its channel and ends with its last metrics`()
        async throws
    {
        let run = try await CommandFixture().shell(
            """
            trap 'exit 99' TERM
            printf '{"report":{"step":1,"metrics":{"rmse":2}}}\\n' >&3
            read -r line <&3
            printf '{"report":{"step":2,"metrics":{"rmse":1}}}\\n' >&3
            """, stop: .pruned)
        #expect(run.result == ["rmse": 1])
        #expect(run.exitCode == 0)
    }

    @Test func `a command that only prints is ended by a signal when it is pruned`() async throws {
        let fixture = try CommandFixture()
        fixture.readsOutput = true
        let run = try await fixture.shell("echo rmse=2; exec sleep 1000", stop: .pruned)
        #expect(run.result == ["rmse": 2])
    }

    @Test func `a command that speaks but does not listen hears the signal later`() async throws {
        let fixture = try CommandFixture()
        let run = try await fixture.shell(
            """
            printf '{"report":{"step":1,"metrics":{"rmse":2}}}\\n' >&3; exec sleep 1000
            """, stop: .cancelled)
        #expect(run.failure?.kind == .cancelled)
    }

    @Test func `something that a command left running does not hold up its end`() async throws {
        let fixture = try CommandFixture()
        fixture.readsOutput = true
        let run = try await fixture.shell("sleep 1000 & echo $! > pid; echo rmse=1")
        #expect(run.result == ["rmse": 1])
        // In a worker's hands the whole process group would end here.
        let text = try fixture.read("code/pid")
        let process = try #require(Int32(text.filter(\.isNumber)))
        #expect(kill(process, SIGKILL) == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `the command ends when its worker is gone`() async throws {
        let fixture = try CommandFixture()
        var ends: [Int32] = [-1, -1]
        try #require(unsafe picoml_socketpair(&ends) == 0)
        let child = ends[1]
        let path = "\(fixture.directory)/trial.json"
        _ = try await fixture.shell("true")
        let text = try fixture.read("trial.json").replacing("\"true\"", with: "\"exec sleep 999\"")
        try Data(text.utf8).write(to: URL(filePath: path))
        close(ends[0])
        let code = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    returning: TrialProcess.serve(requestPath: path, channel: child))
            }
        }
        #expect(code == 3)
    }

    @Test func `a command has nothing to confirm or score`() async throws {
        let finalist = TrialID(sweep: SweepID(3), number: 1)
        let run = try await CommandFixture().run(["/bin/true"], task: .confirm(finalist: finalist))
        #expect(run.failure?.kind == .trainerError)
    }

    @Test func `SIGPIPE ends the programs of a pipeline`() async throws {
        let run = try await CommandFixture().shell(
            "yes | head -1 > /dev/null && printf '{\"result\":{\"metrics\":{\"rmse\":1}}}\\n' >&3")
        #expect(run.result == ["rmse": 1])
    }
}
