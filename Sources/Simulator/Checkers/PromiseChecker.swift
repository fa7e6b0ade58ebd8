import Scheduling
import Vocabulary

/// Holds the coordinator to what it told others.
///
/// It promises: a result that was acknowledged as committed is in the journal, after every
/// recovery too; an honest result is never rejected; a command is answered only when
/// what it did is in the journal.
final class PromiseChecker {
    private let findings: Findings
    private var acknowledged: [AttemptID] = []

    init(_ findings: Findings) { self.findings = findings }

    /// A worker was told that a result is committed.
    func acknowledged(_ attempt: AttemptID, journal: JournalChecker) {
        acknowledged.append(attempt)
        require(attempt, journal.ended.contains(attempt))
    }

    /// A worker, all of which are honest, was told that a result contradicts what is known.
    func rejected(_ attempt: AttemptID) {
        findings.require(
            false, "verdict", "the result of \(attempt) was called contradictory, but it is not")
    }

    /// The coordinator came back with `recovered`.
    func recovered(_ recovered: borrowing Coordinator) {
        for attempt in acknowledged {
            guard let trial = recovered.durable[attempt.trial] else { continue }
            let isRunning = trial.state == .running && trial.attempt == attempt.number
            require(attempt, trial.attempt >= attempt.number && !isRunning)
        }
    }

    /// A command was answered.
    func answered(_ command: Command, _ answer: Answer, journal: JournalChecker) {
        let isDurable =
            switch (command, answer) {
            case (.submit, .sweep(let sweep)): journal.phase(of: sweep) != nil
            case (.authorize, .worker(let worker)): worker.number <= journal.authorized
            case (.createToken, .token(let token)): journal.enrolments.hasToken(token)
            case (.approve(let worker), .worker): !journal.enrolments.pending.contains(worker)
            case (.cancel(let sweep), .done): journal.phase(of: sweep) == .cancelled
            case (.revoke(let worker), .done): journal.revoked.contains(worker)
            case (.pause(let sweep), .done): journal.everPaused.contains(sweep)
            case (.createToken(let terms), .refused): journal.enrolments.isOver(key: terms.key)
            case (.submit, .refused), (.authorize, .refused): false
            default: true
            }
        findings.require(
            isDurable, "answer", "the journal does not hold what was answered: \(answer)")
    }

    private func require(_ attempt: AttemptID, _ condition: Bool) {
        findings.require(
            condition, "acknowledgement",
            "the result of \(attempt) was acknowledged and is not in the journal")
    }
}
