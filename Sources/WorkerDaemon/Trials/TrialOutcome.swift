import Glibc
import Hashing
package import Processes
package import Vocabulary

/// Turns an ended trial process into a result.
package enum TrialOutcome {
    /// The most bytes of a log that are kept: its end, where the reason of a failure stands.
    private static let logBytes = 1 << 20

    /// What the worker says of a trial whose process ended with `status` after `seconds`; the files
    /// that it keeps lie beside the trial's folder then.
    package static func result(
        of child: TrialChild, status: ExitStatus, request: TrialRequest, seconds: Double
    ) -> AttemptResult {
        let directory = request.directory
        var result = AttemptResult(
            attempt: child.attempt, outcome: .succeeded, seconds: seconds)
        switch (child.conclusion, status) {
        case (.result(let metrics), .code(0)): result.metrics = metrics
        case (.failure(let kind, let message), _):
            result.outcome = .failed(kind)
            result.message = message
        case (_, .signal(SIGKILL)) where !child.wasKilled:
            result.outcome = .failed(.outOfMemory)
            result.message = status.sentence
        case (_, .signal(SIGTERM)) where !child.wasTerminated && !child.wasKilled:
            result.outcome = .failed(.cancelled)
            result.message = "the process was told to end, not by its worker"
        case (_, .signal):
            result.outcome = .failed(status.isCrash ? .crash : .trainerError)
            result.message = status.sentence + lastWords(of: child, in: directory)
        case (_, .code):
            result.outcome = .failed(.trainerError)
            result.message =
                status.sentence + " and without a result" + lastWords(of: child, in: directory)
        }
        explain(&result, child, status, request)
        result.message = String(decoding: result.message.utf8.prefix(4000), as: UTF8.self)
        keepFiles(of: child, in: directory, result: &result)
        return result
    }

    /// Says when a limit was the reason of a failure, which the trial itself may not know.
    private static func explain(
        _ result: inout AttemptResult, _ child: TrialChild, _ status: ExitStatus,
        _ request: TrialRequest
    ) {
        guard case .failed(let kind) = result.outcome, kind != .outOfDisk else { return }
        if let limit = request.lease.memoryBytes, child.exceededMemory {
            result.outcome = .failed(.outOfMemory)
            result.message = Excess.ofMemory(limit)
        } else if let limit = request.lease.diskBytes, kind == .trainerError,
            status == .signal(SIGXFSZ) || isFull(request.directory, limit)
        {
            result.outcome = .failed(.outOfDisk)
            result.message = Excess.ofDisk(limit)
        }
    }

    /// Whether a trial cannot have written more, as far as a short look at its folder tells.
    private static func isFull(_ directory: String, _ limit: UInt64) -> Bool {
        var size = FolderSize(directory)
        let bytes = size.measure(entries: LimitsLoop.entriesPerLook, limit: limit)
        return bytes.map { $0 >= limit } ?? false
    }

    /// Hashes what is to be kept; a file that is not what it should be fails the trial.
    private static func keepFiles(
        of child: TrialChild, in directory: String, result: inout AttemptResult
    ) {
        for file in child.files where result.outcome == .succeeded {
            do throws(WorkerError) {
                result.artifacts.append(
                    try artifact(file.name, file.path, of: child, in: directory))
            } catch {
                result.outcome = .failed(.trainerError)
                result.message = "\(error)"
                result.artifacts = []
            }
        }
        cutLog(of: child, in: directory)
        // A log that cannot be read is not worth failing a trial for.
        if let log = try? artifact("log", TrialChild.logName, of: child, in: directory),
            log.byteCount > 0
        {
            result.artifacts.append(log)
        }
    }

    private static func artifact(
        _ name: String, _ path: String, of child: TrialChild, in directory: String
    ) throws(WorkerError) -> Artifact {
        let file = try TrialFile(path, in: directory, owner: child.user)
        let content: (digest: Digest, byteCount: UInt64)
        do throws(HashingError) { content = try Digest.ofFile(file.path) } catch {
            throw WorkerError("cannot keep \"\(path)\": \(error)")
        }
        try file.keep(as: content.digest, of: directory)
        return Artifact(name: name, digest: content.digest, byteCount: content.byteCount)
    }

    /// The end of a trial's log, after a colon; nothing when there is none.
    private static func lastWords(of child: TrialChild, in directory: String) -> String {
        // Without its log the message says less, but says it.
        guard
            let log = try? TrialFile(TrialChild.logName, in: directory, owner: child.user),
            let bytes = try? log.suffix(lastBytes)
        else { return "" }
        return sentence(bytes)
    }

    /// The end of the worker's own log at `path`, after a colon; nothing when there is none.
    static func lastWords(_ path: String) -> String {
        // Without its log the message says less, but says it.
        guard let bytes = try? LocalFile(reading: path).suffix(lastBytes) else { return "" }
        return sentence(bytes)
    }

    private static let lastBytes = 1000

    private static func sentence(_ bytes: [UInt8]) -> String {
        bytes.isEmpty ? "" : ": " + String(decoding: bytes, as: UTF8.self)
    }

    private static func cutLog(of child: TrialChild, in directory: String) {
        // The start of a long log is lost either way, and no log is worth failing a trial for.
        try? TrialFile(TrialChild.logName, in: directory, owner: child.user, isWritable: true)
            .cut(toLast: logBytes)
    }
}
