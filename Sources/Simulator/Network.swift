import Execution
import Scheduling
import Vocabulary

/// One socket of a worker, and what the coordinator sees of it.
///
/// As with a ZeroMQ DEALER, the transport may break and come back below the worker without its
/// knowledge; the coordinator then sees a new peer. What was under way is lost; what is sent while
/// the transport is down waits in the pipe.
final class Connection {
    let worker: Int
    let incarnation: Int
    let key: String
    /// How the coordinator knows it; nil while the transport is down.
    var peer: PeerID?
    /// Messages of earlier epochs are lost.
    var epoch = 0
    /// Whether the worker has given it up.
    var isClosed = false
    /// Messages waiting for the transport.
    var pipe: [WorkerMessage] = []
    /// When the last message in each direction arrives: order is kept within a connection.
    var lastUp = Instant.zero
    var lastDown = Instant.zero

    init(worker: Int, incarnation: Int, key: String) {
        self.worker = worker
        self.incarnation = incarnation
        self.key = key
    }
}

/// A worker that is cut off from the coordinator for a while.
struct Partition {
    var end: Instant
    var isUpCut: Bool
    var isDownCut: Bool
}

extension World {
    /// A worker's end: drops the old socket and makes a new one.
    func connect(_ worker: SimulatedWorker) {
        close(worker.connection)
        let connection = Connection(
            worker: worker.index, incarnation: worker.incarnation, key: worker.key)
        worker.connection = connection
        queue.schedule(.link(connection), at: now + delay())
    }

    func close(_ connection: Connection?) {
        guard let connection, !connection.isClosed else { return }
        connection.isClosed = true
        connection.pipe = []
        // What had left the host may still arrive, after words on the next connection.
        if random.chance(0.5) { connection.epoch += 1 }
        guard let peer = connection.peer, random.chance(0.5) else { return }
        connection.peer = nil
        tellCoordinator(.unreachable(peer), after: delay())
    }

    func link(_ connection: Connection) {
        guard !connection.isClosed, connection.peer == nil else { return }
        let isCut = partitions[connection.worker].map { $0.end > now } ?? false
        guard coordinator.isUp, !isCut, coordinator.users[connection.key] != nil else {
            queue.schedule(.link(connection), at: now + .milliseconds(500))
            return
        }
        lastPeer += 1
        connection.peer = PeerID(lastPeer)
        connections[PeerID(lastPeer)] = connection
        let waiting = connection.pipe
        connection.pipe = []
        for message in waiting { sendUp(message, on: connection) }
    }

    /// The transport breaks: what is under way is lost.
    func breakTransport(of connection: Connection) {
        guard let peer = connection.peer else { return }
        connection.epoch += 1
        connection.peer = nil
        if random.chance(0.7) { tellCoordinator(.unreachable(peer), after: delay()) }
        guard !connection.isClosed else { return }
        // Either the worker's monitor sees it, or libzmq mends it first.
        if random.chance(faults.transparentShare) {
            queue.schedule(.link(connection), at: now + random.span(upTo: .milliseconds(800)))
        } else {
            queue.schedule(.noticed(connection), at: now + random.span(upTo: .seconds(2)))
        }
    }

    func sendUp(_ message: WorkerMessage, on connection: Connection) {
        guard connection.peer != nil else {
            connection.pipe.append(message)
            return
        }
        let held = partitions[connection.worker].flatMap { $0.isUpCut ? $0.end : nil }
        for time in arrivals(held: held, last: &connection.lastUp) {
            queue.schedule(.up(connection, epoch: connection.epoch, message), at: time)
        }
    }

    func sendDown(_ message: CoordinatorMessage, to peer: PeerID) {
        guard let connection = connections[peer], connection.peer == peer, !connection.isClosed
        else {
            connections[peer] = nil
            tellCoordinator(.unreachable(peer), after: delay())
            return
        }
        let held = partitions[connection.worker].flatMap { $0.isDownCut ? $0.end : nil }
        for time in arrivals(held: held, last: &connection.lastDown) {
            queue.schedule(.down(connection, epoch: connection.epoch, message), at: time)
        }
    }

    /// When a message arrives: once and after the one before it, or, on a network that is worse
    /// than ZeroMQ, at any time, more than once or never.
    private func arrivals(held: Instant?, last: inout Instant) -> [Instant] {
        let time = max(now, held ?? now) + delay()
        guard faults.isHarsh, !isHealed else {
            last = max(last, time)
            return [last]
        }
        guard !random.chance(faults.loss) else { return [] }
        guard random.chance(faults.duplication) else { return [time] }
        return [time, time + random.span(upTo: .seconds(3))]
    }

    func delay() -> Duration {
        random.chance(0.02) && !isHealed
            ? random.span(upTo: faults.longDelay) : random.span(upTo: faults.delay)
    }

    func arriveUp(_ message: WorkerMessage, on connection: Connection, epoch: Int) {
        guard epoch == connection.epoch, coordinator.isUp, let peer = connection.peer,
            case .worker(let worker, let keyNumber) = coordinator.users[connection.key]
        else { return }
        if case .hello = message { takeIn(.keyUsed(worker, keyNumber: keyNumber)) }
        if case .result(let result) = message {
            guard hold(result, on: connection, peer) else { return }
            if options.sabotage == .noFence, let event = renamed(result) {
                takeIn(event)
                return
            }
        }
        takeIn(.received(message, from: peer, worker: worker))
    }

    /// Sabotage: a late result under the name of the attempt that runs now, as if its worker had
    /// sent it.
    private func renamed(_ result: AttemptResult) -> Event? {
        guard let trial = coordinator.machine.durable[result.attempt.trial],
            trial.state == .running, trial.attempt > result.attempt.number,
            let holder = trial.worker, let host = hosts[holder],
            let peer = workers[host].connection?.peer
        else { return nil }
        var result = result
        result.attempt = AttemptID(trial: result.attempt.trial, number: trial.attempt)
        return .received(.result(result), from: peer, worker: holder)
    }

    /// The artifact store's word on a result: false when files are missing and it has to wait.
    private func hold(_ result: AttemptResult, on connection: Connection, _ peer: PeerID) -> Bool {
        let missing = result.artifacts.contains { !store.contains($0.digest) }
        guard missing else { return true }
        sendDown(.artifactsMissing(result.attempt), to: peer)
        return false
    }

    func arriveDown(_ message: CoordinatorMessage, on connection: Connection, epoch: Int) {
        let worker = workers[connection.worker]
        guard epoch == connection.epoch, worker.connection === connection, worker.isUp
        else { return }
        if case .acknowledge(let attempt, .committed) = message {
            promises.acknowledged(attempt, journal: journalChecker)
        }
        // A lease that arrives twice may be run twice, with two results.
        if case .acknowledge(let attempt, .rejected) = message, !faults.isHarsh {
            promises.rejected(attempt)
        }
        if case .assign(let lease) = message {
            journalChecker.delivered(lease, to: coordinator.worker(with: connection.key))
        }
        tell(worker, .received(message))
    }
}
