import FoundationEssentials
import Glibc
import Hashing
import Vocabulary

/// Turns an ended trial process into a result.
enum TrialOutcome {
    /// The most bytes of a log that are kept: its end, where the reason of a failure stands.
    private static let logBytes = 1 << 20

    static func result(
        of child: TrialChild, status: ExitStatus, directory: String, seconds: Double
    ) -> AttemptResult {
        let logPath = directory + "/" + TrialChild.logName
        var result = AttemptResult(
            attempt: child.attempt, outcome: .succeeded, seconds: seconds)
        switch (child.conclusion, status) {
        case (.result(let metrics), .code(0)): result.metrics = metrics
        case (.failure(let kind, let message), _):
            result.outcome = .failed(kind)
            result.message = message
        case (_, .signal(SIGKILL)) where !child.wasKilled:
            result.outcome = .failed(.outOfMemory)
            result.message =
                "the process was killed from outside, as the kernel does when memory runs out"
        case (_, .signal(let signal)):
            result.outcome = .failed(.trainerError)
            let name = unsafe String(cString: strsignal(signal))
            let cause = Self.crashes.contains(signal) ? "it crashed in native code: " : ""
            result.message =
                "the process ended by signal \(signal) (\(cause)\(name))" + lastWords(logPath)
        case (_, .code(let code)):
            result.outcome = .failed(.trainerError)
            result.message =
                "the process ended with code \(code) and without a result" + lastWords(logPath)
        }
        result.message = String(decoding: result.message.utf8.prefix(4000), as: UTF8.self)
        keepFiles(of: child, in: directory, result: &result)
        return result
    }

    private static let crashes = [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT]

    /// Hashes what is to be kept; a file that is not what it should be fails the trial.
    private static func keepFiles(
        of child: TrialChild, in directory: String, result: inout AttemptResult
    ) {
        for file in child.files where result.outcome == .succeeded {
            do throws(WorkerError) {
                result.artifacts.append(try artifact(file.name, file.path, in: directory))
            } catch {
                result.outcome = .failed(.trainerError)
                result.message = "\(error)"
                result.artifacts = []
            }
        }
        cutLog(in: directory)
        // A log that cannot be read is not worth failing a trial for.
        if let log = try? artifact("log", TrialChild.logName, in: directory), log.byteCount > 0 {
            result.artifacts.append(log)
        }
    }

    private static func artifact(
        _ name: String, _ path: String, in directory: String
    ) throws(WorkerError) -> Artifact {
        let full = try TrialFile.path(path, in: directory)
        let content: (digest: Digest, byteCount: UInt64)
        do throws(HashingError) { content = try Digest.ofFile(full) } catch {
            throw WorkerError("cannot keep \"\(path)\": \(error)")
        }
        // Under a name that is found again after a restart, whatever the trial called it.
        let kept = TrialFile.keptPath(of: content.digest, in: directory)
        guard unsafe link(full, kept) == 0 || errno == EEXIST else { throw .system("keep", full) }
        return Artifact(name: name, digest: content.digest, byteCount: content.byteCount)
    }

    /// The end of the log at `path`, after a colon; nothing when there is none.
    static func lastWords(_ path: String) -> String {
        // Without its log the message says less, but says it.
        guard let bytes = try? LocalFile(reading: path).suffix(1000), !bytes.isEmpty else {
            return ""
        }
        return ": " + String(decoding: bytes, as: UTF8.self)
    }

    private static func cutLog(in directory: String) {
        let path = directory + "/" + TrialChild.logName
        // The start of a long log is lost either way, and no log is worth failing a trial for.
        guard let bytes = try? LocalFile(reading: path).suffix(logBytes), bytes.count == logBytes
        else { return }
        try? Data(bytes).write(to: URL(filePath: path))
    }
}

/// Files that a trial names, which must lie in its folder.
enum TrialFile {
    /// Where the bytes of an artifact wait to be stored on the coordinator.
    static func keptPath(of digest: Digest, in directory: String) -> String {
        "\(directory)/kept-\(digest)"
    }

    /// The full path of `path` in `directory`, through no link, for a regular file or a folder as
    /// `kind` says: `S_IFREG` or `S_IFDIR`.
    static func path(
        _ path: String, in directory: String, kind wanted: mode_t = S_IFREG
    ) throws(WorkerError) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.isEmpty, !path.contains("\0"),
            parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
        else { throw WorkerError("\"\(path)\" is not a path within the trial's folder") }
        var full = directory
        for (index, part) in parts.enumerated() {
            full += "/\(part)"
            var facts = stat()
            guard unsafe lstat(full, &facts) == 0 else { throw .system("find", full) }
            let kind = facts.st_mode & S_IFMT
            guard kind == (index == parts.count - 1 ? wanted : S_IFDIR) else {
                let noun = wanted == S_IFREG ? "regular file" : "folder"
                throw WorkerError("\"\(path)\" is not a \(noun) within the trial's folder")
            }
        }
        return full
    }
}
