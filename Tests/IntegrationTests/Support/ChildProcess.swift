import CLinux
import Foundation
import Glibc
import Synchronization

/// A process that a test started, with everything it wrote.
///
/// Not Foundation's: that one notices the end of a process only when whoever inherited a socket of
/// it has ended as well, and processes that are started at the same time inherit from each other.
final class ChildProcess: Sendable {
    /// What it is called in messages.
    let name: String
    /// The kernel's number for it.
    let id: pid_t
    private let outputPath: String
    private let errorPath: String
    private let status = Mutex<Int32?>(nil)

    /// Starts the program at the path that `words` begin with; what it writes goes to files in
    /// `folder`, which never fill up as pipes do.
    init(
        _ name: String, _ words: [String], environment: [String: String], in folder: String
    ) throws {
        self.name = name
        outputPath = "\(folder)/\(name).out"
        errorPath = "\(folder)/\(name).err"
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let fresh = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, outputPath, fresh, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errorPath, fresh, 0o600)
        _ = unsafe picoml_spawn_closing_from(&actions, 3)
        _ = unsafe picoml_spawn_in_folder(&actions, folder)
        var process = pid_t()
        let variables = environment.map { "\($0.key)=\($0.value)" }
        let problem = unsafe Self.withCStrings(words) { arguments in
            unsafe Self.withCStrings(variables) { variables in
                unsafe posix_spawn(&process, words[0], &actions, nil, arguments, variables)
            }
        }
        guard problem == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: problem) ?? .EIO)
        }
        id = process
    }

    @unsafe private static func withCStrings(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Int32
    ) -> Int32 {
        var pointers = unsafe texts.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe body(pointers)
    }

    /// Whether it has not ended yet.
    var isRunning: Bool { ended(waiting: false) == nil }

    /// How it ended, as waitpid has it; nil while it runs.
    private func ended(waiting: Bool) -> Int32? {
        status.withLock { status in
            if status != nil { return status }
            var raw: Int32 = 0
            var found: pid_t
            repeat {
                found = unsafe waitpid(id, &raw, waiting ? 0 : WNOHANG)
            } while found < 0 && errno == EINTR
            if found == id { status = raw }
            return status
        }
    }

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
        return endNow()
    }

    /// Waits for its end and lets nothing else go on meanwhile; the same as `end`.
    @discardableResult
    func endNow() -> Int32 {
        let status = ended(waiting: true) ?? 0
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
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
        endNow()
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
