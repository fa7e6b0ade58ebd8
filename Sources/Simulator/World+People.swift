import Scheduling
import Vocabulary

/// People and tools: they ask again when no answer comes.
extension World {
    func ask(_ command: Command, after delay: Duration = .zero) {
        queue.schedule(.ask(command), at: now + delay)
    }

    func submit(_ command: Command) {
        lastRequest += 1
        let request = RequestID(lastRequest)
        requests[request] = command
        takeIn(.command(command, request))
        queue.schedule(.askAgain(request), at: now + .seconds(15))
    }

    /// No answer came: the coordinator may or may not have heard the question.
    func askAgain(_ request: RequestID) {
        guard let command = requests.removeValue(forKey: request) else { return }
        switch command {
        case .pause where isHealed: break
        case .submit, .authorize, .revoke, .resume, .pause, .approve, .createToken, .addData:
            ask(command)
        case .cancel, .drain, .promote, .rollback, .readLog, .explain, .listDraining, .revokeToken:
            break
        }
    }

    func take(_ answer: Answer, of request: RequestID) {
        guard let command = requests.removeValue(forKey: request) else { return }
        promises.answered(command, answer, journal: journalChecker)
        switch (command, answer) {
        case (.submit, .sweep): accepted += 1
        case (.revoke(let worker), .done):
            for host in workers where hosts[worker] == host.index { replaceKey(of: host) }
        default: break
        }
    }

    /// A revoked host gets a new key and a new process.
    private func replaceKey(of host: SimulatedWorker) {
        host.takeFreshKey()
        crash(host)
        letIn(host, within: .seconds(5))
    }

    /// A person looks and decides.
    func whim() {
        guard let pace = faults.whims, quiet.map({ now < $0 }) ?? true else { return }
        queue.schedule(.whim, at: now + random.span(upTo: pace) + random.span(upTo: pace))
        guard journalChecker.submitted > 0 else { return }
        let sweep = SweepID(UInt32(random.number(1...journalChecker.submitted)))
        let version = UInt32(
            random.number(1...max(1, Int(registryChecker.versions(of: SweepDraw.model)))))
        let decision = "whim-\(lastRequest)"
        // Pausing and cancelling end with the turmoil; the registry goes on for a while.
        let draw = isHealed ? 0.4 + 0.6 * random.nextUnit() : random.nextUnit()
        if draw < 0.35 {
            ask(.pause(sweep))
            ask(.resume(sweep), after: random.span(upTo: .seconds(20)))
        } else if draw < 0.4 {
            ask(.cancel(sweep))
        } else if draw < 0.7 {
            ask(
                .promote(
                    model: SweepDraw.model, version: version, decision: decision,
                    actor: "person:cook", reason: "it tastes better"))
        } else {
            ask(
                .rollback(
                    model: SweepDraw.model, decision: decision, actor: "person:cook",
                    reason: "it tasted better"))
        }
    }
}
