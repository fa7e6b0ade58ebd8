import CLinux
import Datasets
import Dispatch
import Foundation
import Synchronization
import Testing
import Trainers
import Vocabulary

/// A command and its trial's folder, which goes with the fixture.
final class CommandFixture {
    let directory: String
    let codePath: String
    var parameters = [
        Assignment("lr", .float(0.1)), Assignment("opt.depth", .integer(3)),
        Assignment("kind", .string("a b")), Assignment("fast", .boolean(true)),
        Assignment("slow", .boolean(false)),
    ]
    var readsOutput = false

    init() throws {
        directory =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("picoml-command-\(UUID().uuidString)").path
        codePath = directory + "/code"
        try FileManager.default.createDirectory(
            atPath: codePath, withIntermediateDirectories: true)
    }

    deinit {
        // A folder that is left behind in the system's temporary folder fails no test.
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Writes a file of the code that can be executed.
    func write(_ text: String, to name: String) throws {
        try FileBytes.write(Array(text.utf8), to: "\(codePath)/\(name)")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: "\(codePath)/\(name)")
    }

    /// Stands in for the log to which a worker directs what its trials print.
    func writeLog(_ text: String) throws {
        try FileBytes.write(Array(text.utf8), to: "\(directory)/log.txt")
    }

    /// What the command left in its folder.
    func read(_ name: String) throws -> String {
        String(decoding: try FileBytes.read("\(directory)/\(name)", limit: 1 << 20), as: UTF8.self)
    }

    /// The lines of `print` for each word that the command is given, after all macros.
    func words(_ template: [String]) async throws -> [String] {
        let script = #"for word; do printf '%s\n' "$word"; done > "$TMPDIR_OUT""#
        try write("#!/bin/sh\n" + script, to: "words")
        let run = try await run(
            ["/usr/bin/env", "TMPDIR_OUT=\(directory)/words.txt", "./words"] + template)
        try #require(run.failure == nil, "\(run.failure?.message ?? "")")
        return try read("words.txt").split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast().map(String.init)
    }

    /// Runs a shell script as the command.
    func shell(
        _ script: String, stop: StopReason? = nil, afterReports: Int = 1
    ) async throws -> TrialRun {
        try await run(["/bin/sh", "-c", script], stop: stop, afterReports: afterReports)
    }

    /// Serves a trial with the command `words` as its worker would see it.
    ///
    /// `afterReports` reports the worker asks to stop for `stop`.
    func run(
        _ words: [String], interpreter: String = "python3", task: TrialTask = .search,
        stop: StopReason? = nil, afterReports: Int = 1
    ) async throws -> TrialRun {
        let trial = TrialID(sweep: SweepID(3), number: 17)
        let lease = Lease(
            attempt: AttemptID(trial: trial, number: 2), task: task, experiment: "Exp1",
            trainer: .command, parameters: parameters, seed: 42, cpus: 1, timeLimit: nil,
            objective: Objective(metric: "rmse", goal: .minimize), data: nil,
            program: Program(action: .command(words), readsOutput: readsOutput))
        let request = TrialRequest(
            lease: lease, searchPath: "/data/x.npy", gatePath: nil, modelPaths: [:],
            directory: directory, codePath: codePath, interpreter: interpreter,
            packagePath: "/sdk")
        let path = "\(directory)/trial.json"
        try FileBytes.write(Array(try JSONEncoder().encode(request)), to: path)
        defer { withExtendedLifetime(self) {} }
        return try await TrialWorker.serve(path, stop: stop, afterReports: afterReports)
    }
}

/// The worker's end of a trial that runs on a thread of this process.
enum TrialWorker {
    /// Serves the request, on threads of its own: the trial's HTTP server needs those on which
    /// tests run.
    static func serve(
        _ requestPath: String, stop: StopReason?, afterReports: Int
    ) async throws -> TrialRun {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try run(requestPath, stop: stop, afterReports: afterReports)
                    })
            }
        }
    }

    private static func run(
        _ requestPath: String, stop: StopReason?, afterReports: Int
    ) throws -> TrialRun {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe picoml_socketpair(&ends) == 0)
        let (worker, child) = (ends[0], ends[1])
        defer { close(worker) }
        let ended = DispatchSemaphore(value: 0)
        let box = Box()
        Thread.detachNewThread {
            box.code.withLock { $0 = TrialProcess.serve(requestPath: requestPath, channel: child) }
            ended.signal()
        }
        var run = TrialRun()
        var buffer = LineBuffer()
        while let bytes = try read(worker) {
            for line in try buffer.append(bytes) {
                run.messages.append(try ChannelCoding.message(line))
                guard let stop, run.curve.count == afterReports else { continue }
                let line = try ChannelCoding.line(forStop: stop)
                _ = unsafe send(worker, line, line.count, Int32(MSG_NOSIGNAL))
            }
        }
        try #require(ended.wait(timeout: .now() + 60) == .success)
        run.exitCode = box.code.withLock { $0 }
        return run
    }

    /// The next bytes, nil at the end.
    private static func read(_ descriptor: Int32) throws -> ArraySlice<UInt8>? {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        try #require(unsafe poll(&entry, 1, 60_000) == 1, "the trial process is silent")
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
        try #require(count >= 0 || errno == ECONNRESET)
        return count > 0 ? bytes.prefix(count) : nil
    }

    private final class Box: Sendable {
        let code = Mutex<Int32?>(nil)
    }
}
