import API
import Hummingbird
import Scheduling
import Storage
import Vocabulary

/// What trials print: on the worker while they run, in the artifact store afterwards.
extension Routes {
    /// GET trials/ID/log: the text of the newest execution that left one.
    func log(of id: TrialID) async throws(Problem) -> Response {
        let files = try await detail(of: id).attempts.reversed().flatMap(\.artifacts)
        guard let log = files.first(where: { $0.name == Self.logName }) else {
            throw Problem(
                .notFound, "Trial \(id) has no log.",
                fix: "A log is kept when an execution ends; \"picoml trial logs --follow \(id)\" "
                    + "shows it before.")
        }
        return try await content(of: log.digest, mediaType: "text/plain; charset=utf-8")
    }

    /// GET trials/ID/log/part.
    func logPart(of id: TrialID, _ query: LogQuery) async throws(Problem) -> Response {
        let trial = try await detail(of: id)
        var document = LogDocument(
            trial: id, attempt: query.attempt ?? trial.row.attempt, offset: query.offset,
            content: [], isRunning: false, isFinal: trial.row.state.isFinal)
        guard document.attempt > 0 else { return try .json(document) }
        guard let attempt = trial.attempts.first(where: { $0.number == document.attempt }) else {
            throw Problem(
                .notFound, "Trial \(id) has no attempt \(document.attempt).",
                fix: "It has \(trial.row.attempt).")
        }
        if attempt.ended == nil, try await fillFromWorker(&document) {
            return try .json(document)
        }
        // It may have ended since it was looked up; then the next question finds its file.
        document.isRunning = attempt.ended == nil
        if let file = attempt.artifacts.first(where: { $0.name == Self.logName }) {
            try await fill(&document, from: file)
        }
        return try .json(document)
    }

    /// Asks the worker; false when the execution has ended meanwhile.
    private func fillFromWorker(_ document: inout LogDocument) async throws(Problem) -> Bool {
        let attempt = AttemptID(trial: document.trial.value, number: document.attempt)
        switch await perform(.readLog(attempt, offset: document.offset)) {
        case .log(let offset, let bytes):
            document.offset = offset
            document.content.append(contentsOf: bytes)
            document.isRunning = true
            return true
        case .refused(.conflict, _): return false
        case .refused(_, let reason):
            throw Problem(.unavailable, "The log cannot be read: \(reason).")
        default: throw Problem(.fault, "The coordinator gave an answer to another question.")
        }
    }

    private func fill(_ document: inout LogDocument, from file: Artifact) async throws(Problem) {
        let artifacts = self.artifacts
        let beginning = try await onDisk { () throws(StorageError) in
            try artifacts.read(file.digest, offset: 0, count: CutLog.longestLine)
        }
        let cut = CutLog(beginning: beginning)
        let position = min(cut?.position(of: document.offset) ?? document.offset, file.byteCount)
        let bytes = try await onDisk { () throws(StorageError) in
            try artifacts.read(file.digest, offset: position, count: Limits.artifactChunkBytes)
        }
        // Whoever asks goes on after what was sent, in the positions of the whole log.
        if let cut {
            let first = UInt64(cut.line.utf8.count)
            document.offset =
                position < first
                ? cut.leftOut - min(first, cut.leftOut)
                : cut.leftOut + position - first
        } else {
            document.offset = position
        }
        document.content.append(contentsOf: bytes)
    }

    private static let logName = "log"
}
