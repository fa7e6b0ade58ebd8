import DequeModule
import Vocabulary

/// What must hold after every step.
extension Coordinator {
    /// Stops the process if the state contradicts itself: going on would make it worse.
    package func checkInvariants() {
        for worker in sessions.keys.sorted() {
            guard let session = sessions[worker] else { continue }
            let entry = durable[worker]
            precondition(
                entry?.isPending == false && entry?.isRevoked == false,
                "worker \(worker) is connected, but not let in")
            if let peer = session.peer {
                precondition(peers[peer] == worker, "peer of worker \(worker) is not mapped back")
            }
            for lease in session.leases {
                let trial = durable[lease.attempt.trial]
                precondition(
                    trial?.state == .running && trial?.attempt == lease.attempt.number
                        && trial?.worker == worker,
                    "worker \(worker) holds \(lease.attempt), which it should not")
            }
        }
        for (index, token) in durable.tokens.enumerated() {
            precondition(
                token.workers.count <= token.terms.uses, "token \(index + 1) was used too often")
        }
        for token in tokenDeadlines.keys.sorted() {
            precondition(durable[token]?.isLive == true, "token \(token) is not in force")
        }
        for sweep in durable.openSweeps { checkInvariants(of: sweep) }
    }

    private func checkInvariants(of sweep: SweepID) {
        guard let state = durable[sweep] else {
            preconditionFailure("open sweep \(sweep) is not in memory")
        }
        var waiting = 0
        var running = 0
        for (index, trial) in state.trials.enumerated() {
            precondition(
                trial.attempt <= Limits.attemptsPerTrial, "too many attempts of \(index + 1)")
            switch trial.state {
            case .waiting: waiting += 1
            case .running:
                running += 1
                precondition(trial.worker != nil, "trial \(index + 1) runs nowhere")
            case .succeeded, .pruned, .failed: break
            }
        }
        precondition(
            running <= Int(state.spec.sharing.concurrency ?? .max),
            "sweep \(sweep) runs more trials at once than it may")
        precondition(waiting + running == state.openTrials, "open trials of \(sweep) miscounted")
        precondition(
            state.experiments.reduce(0) { $0 + $1.waiting.count } == waiting,
            "queues of \(sweep) differ from its trials")
        precondition(
            state.experiments.reduce(0) { $0 + $1.running } == running,
            "running trials of \(sweep) miscounted")
    }
}
