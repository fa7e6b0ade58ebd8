import Vocabulary

/// A person who waits for a part of a running execution's log.
struct LogWait: Hashable, Sendable {
    /// Who is to answer.
    var worker: WorkerID
    /// When it is too late.
    var deadline: Instant
}

/// What running executions print is on their workers: questions are passed on, answers back.
extension Coordinator {
    /// How long a worker may take to answer.
    private static let logPatience = Duration.seconds(5)
    /// Questions that may be open at once.
    private static let openQuestions = 1024

    mutating func askForLog(
        of attempt: AttemptID, from offset: UInt64, for request: RequestID
    ) {
        guard let trial = durable[attempt.trial], trial.state == .running,
            trial.attempt == attempt.number, let worker = trial.worker
        else {
            refuse(request, .conflict, "attempt \(attempt) does not run")
            return
        }
        guard let peer = sessions[worker]?.peer else {
            refuse(request, .unavailable, "worker \(worker), which runs it, is not connected")
            return
        }
        guard logWaits.count < Self.openQuestions else {
            refuse(request, .limit, "too many people read logs at once")
            return
        }
        logWaits[request] = LogWait(worker: worker, deadline: now + Self.logPatience)
        let question = LogRequest(request: request, attempt: attempt, offset: offset)
        direct(.send(.readLog(question), to: peer))
    }

    mutating func take(_ part: LogPart, from worker: WorkerID) {
        guard logWaits[part.request]?.worker == worker else {
            note(.messageIgnored(worker, reason: "a log that nobody asked for"))
            return
        }
        logWaits[part.request] = nil
        direct(.answer(part.request, .log(offset: part.offset, bytes: part.bytes)))
    }

    /// Answers those whose worker did not.
    mutating func endLogWaits() {
        guard !logWaits.isEmpty else { return }
        for request in logWaits.keys.sorted() {
            guard let deadline = logWaits[request]?.deadline, deadline <= now else { continue }
            logWaits[request] = nil
            refuse(request, .unavailable, "the worker that runs it does not answer")
        }
    }

    private mutating func refuse(_ request: RequestID, _ refusal: Refusal, _ reason: String) {
        direct(.answer(request, .refused(refusal, reason: reason)))
    }
}
