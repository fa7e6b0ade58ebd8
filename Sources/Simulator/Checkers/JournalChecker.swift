import Registry
import Scheduling
import Vocabulary

/// Reads the journal as it is written and keeps its own books of every trial.
///
/// It promises: attempts are numbered 1, 2, 3 …, one at a time, each to one worker, none after
/// the trial has ended; only the attempt that runs can end; a trial ends once; what counts for it
/// is what that very attempt produced; phases follow their table; join tokens are used as often as
/// they may be, and before they end.
/// Where the network keeps ZeroMQ's promises, no trial is handed to and fro.
final class JournalChecker {
    private struct Books {
        var attempt: UInt32 = 0
        var isRunning = false
        var isFinal = false
        var points = 0
        var returns = 0
        var task: TrialTask
    }

    private struct Kept: Hashable {
        var trial: TrialID
        var step: UInt64
    }

    private struct Sweep {
        var spec: SweepSpec
        var phase = SweepPhase.searching
        var trials: [Books] = []
    }

    /// More returns of one trial than faults can explain.
    private static let returnLimit = 30

    private let findings: Findings
    private let isHarsh: Bool
    private var sweeps: [Sweep] = []
    private var holders: [AttemptID: WorkerID] = [:]
    private var produced: [AttemptID: Double] = [:]
    private var curves: [AttemptID: Int] = [:]
    private var excluded: Set<WorkerID> = []
    private var checkpoints: Set<Kept> = []
    private(set) var enrolments = EnrolmentBooks()
    private(set) var ended: Set<AttemptID> = []
    private(set) var authorized: UInt32 = 0
    private(set) var revoked: Set<WorkerID> = []
    private(set) var everPaused: Set<SweepID> = []
    private(set) var finals = 0

    init(_ findings: Findings, isHarsh: Bool) {
        self.findings = findings
        self.isHarsh = isHarsh
    }

    /// Sweeps submitted so far.
    var submitted: Int { sweeps.count }

    /// Sweeps that have not ended.
    var open: [SweepID] {
        sweeps.indices.filter { !sweeps[$0].phase.isFinal }.map { SweepID(UInt32($0 + 1)) }
    }

    /// Where a sweep stands; nil when it was never submitted.
    func phase(of sweep: SweepID) -> SweepPhase? {
        let index = Int(sweep.number) - 1
        return sweeps.indices.contains(index) ? sweeps[index].phase : nil
    }

    /// How many trials of the open sweep `id` stand where; for people.
    func standing(of id: SweepID) -> String {
        let sweep = sweeps[Int(id.number) - 1]
        let open = sweep.trials.filter { !$0.isFinal }
        return "\(sweep.phase.rawValue), \(open.count) of \(sweep.trials.count) trials open, "
            + "\(open.count { $0.isRunning }) of them running"
    }

    /// A trial process really ended with `value` of the objective.
    func produce(_ attempt: AttemptID, value: Double) { produced[attempt] = value }

    /// A trial process reported `points` points and its worker has lived on since.
    func draw(_ attempt: AttemptID, points: Int) { curves[attempt] = points }

    /// The worker died, and with it what it knew of the curve of `attempt`.
    func forgetCurve(of attempt: AttemptID) { curves[attempt] = nil }

    /// A lease reached a worker.
    func delivered(_ lease: Lease, to worker: WorkerID?) {
        guard let worker else { return }
        findings.require(
            holders[lease.attempt] == worker, "lease",
            "\(lease.attempt) reached worker \(worker), but the journal gives it to "
                + (holders[lease.attempt].map { "worker \($0)" } ?? "nobody"))
    }

    /// A record became durable.
    func observe(_ record: Record) {
        switch record {
        case .sweepSubmitted(let id, let spec, _, _):
            require(Int(id.number) == sweeps.count + 1, "sweep \(id) is out of order")
            sweeps.append(Sweep(spec: spec))
        case .sweepEntered(let id, let phase, _): enter(id, phase)
        case .trialCreated(let creation): create(creation)
        case .attemptStarted(let attempt, let worker, _): start(attempt, on: worker)
        case .attemptEnded(let result, let next, let objective):
            end(result, next: next, objective: objective)
        case .workerAuthorized: authorized += 1
        case .workerPending, .workerApproved, .workerKeyOffered, .workerKeyReplaced,
            .tokenCreated, .tokenUsed, .tokenEnded:
            if case .workerPending = record { authorized += 1 }
            if let problem = enrolments.observe(record) { require(false, problem) }
        case .workerRevoked(let worker): revoked.insert(worker)
        case .dataAdded: break
        case .sweepPaused(let id, let isPaused):
            if isPaused { everPaused.insert(id) }
        case .reported(let report):
            modify(report.attempt.trial) { books in
                require(
                    books.isRunning && books.attempt == report.attempt.number,
                    "a report of \(report.attempt) was kept, which does not run")
                books.points += 1
            }
        case .checkpointed(let attempt, let checkpoint):
            modify(attempt.trial) { books in
                require(
                    books.isRunning && books.attempt == attempt.number,
                    "checkpoint \(checkpoint.step) of \(attempt) was kept, which does not run")
            }
            checkpoints.insert(Kept(trial: attempt.trial, step: checkpoint.step))
        case .workerExcluded(let worker, _, _):
            require(excluded.insert(worker).inserted, "worker \(worker) was excluded twice")
        case .workerReadmitted(let worker):
            require(
                excluded.remove(worker) != nil,
                "worker \(worker), which was not excluded, was readmitted")
        case .checkpointReleased(let trial, let step):
            require(
                checkpoints.remove(Kept(trial: trial, step: step)) != nil,
                "checkpoint \(step) of \(trial), which was not kept, was released")
        case .workerJoined, .workerLeft, .experimentExhausted, .pruneDecided, .gateJudged,
            .registryChanged:
            break
        }
    }

    private func create(_ creation: TrialCreation) {
        let index = Int(creation.trial.sweep.number) - 1
        require(
            sweeps[index].trials.count + 1 == Int(creation.trial.number),
            "trial \(creation.trial) is out of order")
        require(!sweeps[index].phase.isFinal, "trial \(creation.trial) of an ended sweep")
        sweeps[index].trials.append(Books(task: creation.task))
    }

    private func start(_ attempt: AttemptID, on worker: WorkerID) {
        require(!revoked.contains(worker), "\(attempt) went to the revoked worker \(worker)")
        require(
            !enrolments.pending.contains(worker),
            "\(attempt) went to worker \(worker), which "
                + "nobody has approved yet")
        require(holders[attempt] == nil, "\(attempt) was leased twice")
        holders[attempt] = worker
        modify(attempt.trial) { books in
            require(!books.isFinal, "\(attempt) started after its trial had ended")
            require(!books.isRunning, "\(attempt) started while attempt \(books.attempt) ran")
            require(attempt.number == books.attempt + 1, "\(attempt) skips a number")
            books.attempt = attempt.number
            books.isRunning = true
            books.points = 0
        }
    }

    private func end(_ result: AttemptResult, next: TrialState, objective: Double?) {
        let attempt = result.attempt
        ended.insert(attempt)
        modify(attempt.trial) { books in
            require(!books.isFinal, "\(attempt) ended a second time")
            require(
                books.isRunning && books.attempt == attempt.number,
                "\(attempt) ended, but attempt \(books.attempt) is the newest")
            books.isRunning = false
            books.isFinal = next.isFinal
            if result.outcome == .returned { books.returns += 1 }
            require(
                isHarsh || books.returns <= Self.returnLimit,
                "trial \(attempt.trial) goes to and fro: it was given back \(books.returns) times")
            if next.isFinal { finals += 1 }
            guard next == .succeeded else { return }
            require(
                curves[attempt].map { $0 == books.points } ?? true,
                "\(attempt) counts with \(books.points) of \(curves[attempt] ?? 0) points of "
                    + "its curve")
            if case .score = books.task {
                require(produced[attempt] != nil, "\(attempt) counts, but never came to its end")
            } else {
                require(
                    produced[attempt] != nil && produced[attempt] == objective,
                    "\(attempt) counts with \(objective ?? .nan), but produced "
                        + "\(produced[attempt] ?? .nan)")
            }
        }
    }

    private func enter(_ id: SweepID, _ phase: SweepPhase) {
        let index = Int(id.number) - 1
        let isLegal =
            switch (sweeps[index].phase, phase) {
            case (.searching, .confirming), (.searching, .finished), (.searching, .failed),
                (.confirming, .judging), (.confirming, .finished), (.confirming, .failed),
                (.judging, .confirming), (.judging, .finished), (.judging, .failed),
                (.searching, .cancelled), (.confirming, .cancelled), (.judging, .cancelled):
                true
            default: false
            }
        require(isLegal, "sweep \(id) went from \(sweeps[index].phase) to \(phase)")
        sweeps[index].phase = phase
        for trial in sweeps[index].trials.indices where !sweeps[index].trials[trial].isFinal {
            sweeps[index].trials[trial].isFinal = true
            sweeps[index].trials[trial].isRunning = false
            finals += 1
        }
    }

    private func modify(_ trial: TrialID, _ body: (inout Books) -> Void) {
        let sweep = Int(trial.sweep.number) - 1
        let index = Int(trial.number) - 1
        guard sweeps.indices.contains(sweep), sweeps[sweep].trials.indices.contains(index) else {
            require(false, "trial \(trial) was never created")
            return
        }
        body(&sweeps[sweep].trials[index])
    }

    private func require(_ condition: Bool, _ sentence: @autoclosure () -> String) {
        findings.require(condition, "journal", sentence())
    }
}
