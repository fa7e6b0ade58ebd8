import Logging
import Scheduling
import Vocabulary

/// Puts the machine's observations into sentences for the log.
enum NoteLog {
    static func write(_ note: Note, to logger: Logger) {
        switch note {
        case .workerJoined(let worker, let host, let adopted):
            let leases = adopted > 0 ? " and goes on with \(adopted) trials" : ""
            logger.info("worker \(worker) on \(host) joined\(leases)")
        case .workerLeft(let worker, let departure, let requeued):
            let leases = requeued > 0 ? "; \(requeued) trials run elsewhere" : ""
            logger.info("worker \(worker) is gone (\(departure.rawValue))\(leases)")
        case .workerExcluded(let worker, let span, let reason):
            logger.warning(
                "worker \(worker) gets no trials for \(span.inSeconds) s: \(reason)")
        case .workerRefused(let worker, let reason):
            logger.warning("worker \(worker) was turned away: \(reason)")
        case .messageIgnored(let worker, let reason):
            logger.debug("ignored from worker \(worker): \(reason)")
        case .workerReserved(let worker, let sweep):
            logger.info("worker \(worker) is kept free for a trial of sweep \(sweep)")
        case .preempted(let attempt, let sweep):
            logger.notice("\(attempt) is stopped to make room for sweep \(sweep)")
        case .resultSuperseded(let attempt, let worker):
            logger.info("the result of \(attempt) from worker \(worker) came too late to count")
        case .resultRejected(let attempt, let worker, let reason):
            logger.warning("the result of \(attempt) from worker \(worker) is refused: \(reason)")
        case .sweepEntered(let sweep, let phase, let reason):
            logger.info("sweep \(sweep) is \(phase.rawValue): \(reason)")
        case .workerEnrolled(let worker, let token, let isPending):
            let approval = isPending ? " and waits for `picoml worker approve \(worker)`" : ""
            logger.notice("worker \(worker) enrolled with join token \(token)\(approval)")
        case .enrolmentRefused(let token, let reason):
            logger.warning("a host with join token \(token) was turned away: \(reason)")
        case .workerKeyReplaced(let worker):
            logger.notice("worker \(worker) uses its new key; the one before is let in no longer")
        case .championChanged(let model, let version, let reason):
            logger.notice("champion of \(model) is version \(version): \(reason)")
        }
    }
}
