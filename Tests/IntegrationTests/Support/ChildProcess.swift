import Foundation
import Glibc

/// A process that a test started, with everything it wrote.
final class ChildProcess: Sendable {
    /// What it is called in messages.
    let name: String
    private let process: Process
    private let outputPath: String
    private let errorPath: String

    /// Starts `picoml` with `arguments`; what it writes goes to files in `folder`, which never
    /// fill up as pipes do.
    init(
        _ name: String, _ arguments: [String], environment: [String: String], in folder: String
    ) throws {
        self.name = name
        outputPath = "\(folder)/\(name).out"
        errorPath = "\(folder)/\(name).err"
        for path in [outputPath, errorPath] { try Data().write(to: URL(filePath: path)) }
        process = Process()
        process.executableURL = URL(filePath: Executable.path)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: outputPath))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: errorPath))
        try process.run()
    }

    /// The kernel's number for it.
    var id: pid_t { process.processIdentifier }

    /// Whether it has not ended yet.
    var isRunning: Bool { process.isRunning }

    /// What it wrote to standard output so far.
    var output: String { Self.text(of: outputPath) }

    /// What it wrote to standard error so far: a daemon's log.
    var log: String { Self.text(of: errorPath) }

    private static func text(of path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    /// Sends a signal to it, unless it has ended.
    func send(_ signal: Int32) {
        // The number of an ended process may be another's by now.
        guard isRunning else { return }
        _ = kill(id, signal)
    }

    /// Waits for its end.
    ///
    /// - Returns: Its exit code, or minus the number of the signal that ended it.
    @discardableResult
    func end(within limit: Duration = .seconds(20)) async throws -> Int32 {
        try await eventually("\(name) has ended", within: limit) { !self.isRunning }
        let status = process.terminationStatus
        return process.terminationReason == .exit ? status : -status
    }

    /// Waits until its log contains `text`.
    func says(_ text: String, within limit: Duration = .seconds(20)) async throws {
        try await eventually("\(name) says \"\(text)\"", within: limit) {
            if self.log.contains(text) { return true }
            guard self.isRunning else { throw UnexpectedEnd(name: self.name, log: self.log) }
            return false
        }
    }

    /// Ends it at once, as `kill -9` does, and waits until it is gone.
    func kill9() {
        send(SIGKILL)
        process.waitUntilExit()
    }
}

/// A daemon ended although it was to run.
struct UnexpectedEnd: Error, CustomStringConvertible {
    let name: String
    let log: String

    var description: String { "\(name) has ended: \(log.suffix(2000))" }
}

/// The executable under test.
enum Executable {
    /// The `picoml` beside the test bundle, or the one that `PICOML_BINARY` names.
    static let path: String = {
        if let named = ProcessInfo.processInfo.environment["PICOML_BINARY"] { return named }
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
        return URL(filePath: bundle ?? CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "picoml").path
    }()
}
