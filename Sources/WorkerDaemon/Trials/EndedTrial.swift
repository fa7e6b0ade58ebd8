import Hashing
import Processes
package import Vocabulary

/// A trial whose process has ended, and whose files are to be kept.
package struct EndedTrial: Sendable {
    /// What is known without its files.
    private(set) var result: AttemptResult
    /// The files that it asked to keep: name within the attempt, path within its folder.
    let files: [TrialChild.File]
    /// Its folder.
    let directory: String
    /// Who it ran as; nil for the worker's own user.
    let user: SystemUser?
    /// The container that it may have left running; nil for none.
    let container: TrialContainer?

    /// The most bytes of a log that are kept: its end, where the reason of a failure stands.
    private static let logBytes = 1 << 20

    /// Hashes what is to be kept, which takes seconds for each gigabyte, and returns the whole
    /// result; the files lie beside the trial's folder then.
    ///
    /// A file that is not what it should be fails the trial.
    package consuming func keep() -> AttemptResult {
        for file in files where result.outcome == .succeeded {
            do throws(WorkerError) {
                result.artifacts.append(try artifact(file.name, file.path))
            } catch {
                result.outcome = .failed(.trainerError)
                result.message = "\(error)"
                result.artifacts = []
            }
        }
        // A log that cannot be read is not worth failing a trial for.
        if let log = try? keptLog() { result.artifacts.append(log) }
        return result
    }

    /// The end of the log; nil when there is nothing in it.
    private func keptLog() throws(WorkerError) -> Artifact? {
        let file = try TrialFile(TrialChild.logName, in: directory, owner: user)
        let byteCount = try file.facts().byteCount
        guard byteCount > 0 else { return nil }
        if byteCount > Self.logBytes { cutLog() }
        return try artifact("log", TrialChild.logName, file)
    }

    private func cutLog() {
        // The start of a long log is lost either way.
        try? TrialFile(TrialChild.logName, in: directory, owner: user, isWritable: true)
            .cut(toLast: Self.logBytes)
    }

    private func artifact(_ name: String, _ path: String) throws(WorkerError) -> Artifact {
        try artifact(name, path, TrialFile(path, in: directory, owner: user))
    }

    private func artifact(
        _ name: String, _ path: String, _ file: borrowing TrialFile
    ) throws(WorkerError) -> Artifact {
        let content: (digest: Digest, byteCount: UInt64)
        do throws(HashingError) { content = try Digest.ofFile(file.path) } catch {
            throw WorkerError("cannot keep \"\(path)\": \(error)")
        }
        try file.keep(as: content.digest, of: directory)
        return Artifact(name: name, digest: content.digest, byteCount: content.byteCount)
    }
}
