import Glibc
package import Processes
package import Vocabulary

/// Turns an ended trial process into a result.
package enum TrialOutcome {
    /// What the worker says of a trial whose process ended with `status` after `seconds`, before
    /// its files are kept.
    package static func result(
        of child: TrialChild, status: ExitStatus, request: TrialRequest, seconds: Double
    ) -> EndedTrial {
        let directory = request.directory
        var result = AttemptResult(
            attempt: child.attempt, outcome: .succeeded, seconds: seconds)
        switch (child.conclusion, status) {
        case (.result(let metrics), .code(0)): result.metrics = metrics
        case (.failure(let kind, let message), _):
            result.outcome = .failed(kind)
            result.message = message
        case (.returned(let message), _):
            result.outcome = .returned
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
        // Containers run under their engine, and not as a part of the process group: one goes on
        // whose supervisor or whose engine's client was ended by a signal.
        let isForced = if case .signal = status { true } else { child.wasTerminated }
        return EndedTrial(
            result: result, files: child.files, directory: directory, user: child.user,
            container: isForced ? request.container : nil)
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
}
