import Execution
import Logging
import Vocabulary

/// Puts the machine's observations into sentences for the log.
enum WorkerNoteLog {
    static func write(_ note: WorkerNote, to logger: Logger) {
        switch note {
        case .joined(let worker): logger.info("joined as worker \(worker)")
        case .disconnected(let reason): logger.warning("no coordinator: \(reason)")
        case .refused(let reason): logger.error("the coordinator refuses this worker: \(reason)")
        case .launched(let attempt, let experiment):
            logger.debug("trial \(attempt) of \(experiment) starts")
        case .ended(let attempt, let outcome, let message):
            let reason = message.isEmpty ? "" : ": \(message)"
            logger.debug("trial \(attempt) ended (\(outcome))\(reason)")
        case .notCounted(let attempt, let verdict):
            logger.info("the result of trial \(attempt) does not count: it was \(verdict.rawValue)")
        case .draining: logger.info("leaving when what runs has ended")
        case .leaving(let reason): logger.notice("leaving by itself: \(reason)")
        case .resting(let span, let reason):
            let seconds = span.components.seconds
            logger.error("no trials for \(seconds) s, because this host cannot run them: \(reason)")
        }
    }
}
