import Scheduling
import Vocabulary

/// Something that takes place at one instant of simulated time.
///
/// What belongs to a process carries its incarnation, so that nothing outlives a crash that
/// should not; what may be rescheduled carries a ticket, of which only the newest counts.
enum Happening {
    /// The coordinator takes what waits for it.
    case coordinatorTurn(ticket: UInt64)
    /// The coordinator's process starts again.
    case coordinatorStart
    /// A worker takes what waits for it.
    case workerTurn(Int, ticket: UInt64)
    /// A worker's process starts.
    case workerStart(Int)
    /// A connection tries to come up.
    case link(Connection)
    /// A worker notices that its connection is gone.
    case noticed(Connection)
    /// A message reaches the coordinator.
    case up(Connection, epoch: Int, WorkerMessage)
    /// A message reaches a worker.
    case down(Connection, epoch: Int, CoordinatorMessage)
    /// The coordinator's socket or search pool says something.
    case toCoordinator(incarnation: Int, Event)
    /// Inputs arrived, or cannot be had.
    case fetched(Int, incarnation: Int, AttemptID, isUsable: Bool)
    /// A trial process reports the next point of its curve.
    case report(Int, incarnation: Int, AttemptID)
    /// A trial process ends.
    case processEnd(Int, incarnation: Int, AttemptID, ticket: UInt64)
    /// A worker tries to store files.
    case upload(Int, incarnation: Int, AttemptID, [Artifact])
    /// A worker tries to store a checkpoint.
    case checkpoint(Int, incarnation: Int, AttemptID, step: UInt64)
    /// A host without a key that is let in tries to enrol.
    case knock(Int)
    /// A person or tool asks for something.
    case ask(Command)
    /// A person or tool has waited long enough for an answer.
    case askAgain(RequestID)
    /// A person does something that depends on how things stand.
    case whim
    /// Something breaks.
    case fault(Fault)

    /// A number for the trace.
    var code: UInt64 {
        switch self {
        case .coordinatorTurn: 1
        case .coordinatorStart: 2
        case .workerTurn(let worker, _): 3 | UInt64(worker) << 8
        case .workerStart(let worker): 4 | UInt64(worker) << 8
        case .link(let connection): 5 | UInt64(connection.worker) << 8
        case .noticed(let connection): 6 | UInt64(connection.worker) << 8
        case .up(let connection, _, let message):
            7 | UInt64(connection.worker) << 8 | message.code << 16
        case .down(let connection, _, let message):
            8 | UInt64(connection.worker) << 8 | message.code << 16
        case .toCoordinator: 9
        case .fetched(let worker, _, let attempt, _): attempt.code(10, worker)
        case .report(let worker, _, let attempt): attempt.code(11, worker)
        case .processEnd(let worker, _, let attempt, _): attempt.code(12, worker)
        case .upload(let worker, _, let attempt, _): attempt.code(13, worker)
        case .checkpoint(let worker, _, let attempt, let step):
            attempt.code(18, worker) ^ step << 24
        case .knock(let worker): 19 | UInt64(worker) << 8
        case .ask: 14
        case .askAgain: 15
        case .whim: 16
        case .fault(let fault): 17 | UInt64(fault.rawValue) << 8
        }
    }
}

/// What can break; the raw value is its place in the counts.
enum Fault: Int, CaseIterable {
    case connectionBreak, partition, coordinatorCrash, workerCrash, workerPause
    case coordinatorPause, diskFull, drain, revocation, rotation

    /// The name for reports.
    var name: String {
        switch self {
        case .connectionBreak: "connection break"
        case .partition: "partition"
        case .coordinatorCrash: "coordinator crash"
        case .workerCrash: "worker crash"
        case .workerPause: "worker pause"
        case .coordinatorPause: "coordinator pause"
        case .diskFull: "disk full"
        case .drain: "drain"
        case .revocation: "revocation"
        case .rotation: "key rotation"
        }
    }
}

extension AttemptID {
    /// A number for the trace that also names the worker and what happened.
    func code(_ kind: UInt64, _ worker: Int) -> UInt64 {
        kind | UInt64(worker) << 8 | UInt64(number) << 16 | UInt64(trial.number) << 32
            | UInt64(trial.sweep.number) << 56
    }
}

extension WorkerMessage {
    fileprivate var code: UInt64 {
        switch self {
        case .hello(let hello): 1 | UInt64(hello.held.count) << 8
        case .renew(let renewal): 2 | UInt64(renewal.held.count) << 8
        case .report(let reports): 3 | UInt64(reports.count) << 8
        case .result(let result): 4 | UInt64(result.attempt.trial.number) << 8
        case .draining: 5
        case .goodbye: 6
        case .enrol(let enrolment): 9 | UInt64(enrolment.facts.process) << 8
        case .rotate: 10
        case .log(let part): 8 | part.offset << 8
        case .checkpoint(let attempt, let checkpoint): attempt.code(7, 0) ^ checkpoint.step << 24
        }
    }
}

extension CoordinatorMessage {
    fileprivate var code: UInt64 {
        switch self {
        case .welcome: 1
        case .reject: 2
        case .assign(let lease): 3 | UInt64(lease.attempt.trial.number) << 8
        case .stop(let attempt, _): 4 | UInt64(attempt.trial.number) << 8
        case .acknowledge(let attempt, _): 5 | UInt64(attempt.trial.number) << 8
        case .artifactsMissing: 6
        case .renewed: 7
        case .drain: 8
        case .resync: 9
        case .readLog(let request): 10 | request.offset << 8
        case .enrolled(let worker, let isPending):
            (isPending ? 11 : 12) | UInt64(worker.number) << 8
        case .rotated: 13
        }
    }
}
