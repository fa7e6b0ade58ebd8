import Hashing
import Logging
import Scheduling
import Storage
import Supervision
import Vocabulary
import Wire
import ZeroMQ

/// The one thread that owns the machine: wait, drain, step, persist, perform.
///
/// Nothing that a batch of events leads to is seen by anyone before its records are on the disk.
struct ControlLoop: ~Copyable {
    private let socket: Socket
    private var machine: Coordinator
    private let journal: Journal
    private let artifacts: ArtifactStore
    private let queue: EventQueue
    private let plane: ControlPlane
    private let pool: SearchPool
    private let authenticator: Authenticator
    private let admitted: AdmittedUsers
    private let stopping: StopFlag
    private let logger: Logger
    private var heartbeat: Heartbeat
    private var outbox = Outbox()
    private var message = Message(maximumFrames: 2)
    private var pending: [Event] = [.started(wallMilliseconds: Clock.wallMilliseconds())]

    /// How long the loop waits before it tries a full pipe or a full disk again.
    private static let retry = Duration.milliseconds(5)
    private static let diskRetry = Duration.seconds(1)

    init(
        socket: consuming Socket, machine: consuming Coordinator, parts: borrowing ControlParts
    ) {
        self.socket = socket
        self.machine = machine
        journal = parts.journal
        artifacts = parts.artifacts
        queue = parts.queue
        plane = parts.plane
        pool = parts.pool
        authenticator = parts.authenticator
        admitted = parts.admitted
        stopping = parts.stopping
        heartbeat = parts.heartbeat
        logger = parts.logger
    }

    /// Runs until it is told to stop, or until the disk makes going on impossible.
    mutating func run() {
        var poller = Poller()
        _ = poller.add(socket)
        _ = poller.add(queue.wakeUp)
        do {
            while !stopping.isSet {
                heartbeat.beat()
                try poller.poll(timeout: heartbeat.wait(timeout))
                _ = queue.wakeUp.drain()
                try turn()
            }
        } catch {
            // Sockets that end because the daemon was told to stop are no failure.
            if !stopping.isSet {
                logger.critical("the control loop ends: \(error)")
                stopping.fail("\(error)")
            }
        }
        plane.abandon()
    }

    private var timeout: Duration? {
        if !pending.isEmpty { return .zero }
        let wait = machine.nextDeadline.map { max($0 - Clock.now(), .zero) }
        return outbox.isBlocked ? min(wait ?? Self.retry, Self.retry) : wait
    }

    private mutating func turn() throws {
        var events = pending
        pending.removeAll()
        events += queue.takeAll()
        try drain(into: &events)
        let step = machine.step(events, at: Clock.now())
        if !step.records.isEmpty { try persist(step.records) }
        for note in step.notes { NoteLog.write(note, to: logger) }
        try perform(step.directives)
    }

    /// Takes a bounded number of frames; what is malformed is counted and refused.
    private mutating func drain(into events: inout [Event]) throws {
        for _ in 0..<Limits.framesPerTurn {
            switch try socket.receive(into: &message) {
            case .nothing: return
            case .oversized: logger.warning("a message with too many frames was dropped")
            case .message: decode(into: &events)
            }
        }
        // More may wait: the next turn begins at once.
        pending.append(.tick)
    }

    private mutating func decode(into events: inout [Event]) {
        guard let user = admitted.sender(of: message),
            let peer = PeerID(routingFrame: message[0])
        else {
            logger.warning("a message of nobody who is let in was dropped")
            return
        }
        do throws(WireError) {
            for entry in try ControlCodec.decodeWorker(message[1].bytes) {
                take(entry, of: user, on: peer, into: &events)
            }
        } catch {
            // The worker is not turned away for it: what else it holds goes on.
            logger.warning("worker \(user) sent a malformed message: \(error)")
        }
    }

    private mutating func take(
        _ message: WorkerMessage, of user: AdmittedUser, on peer: PeerID,
        into events: inout [Event]
    ) {
        switch user {
        case .token(let token): events.append(.knocked(message, from: peer, token: token))
        case .worker(let worker, let keyNumber):
            if case .checkpoint(_, let checkpoint) = message,
                // A store that cannot be read is as good as one without the file.
                (try? artifacts.contains(checkpoint.digest)) != true
            {
                logger.warning("worker \(worker) named a checkpoint that is not stored")
                return
            }
            if let attempt = attemptWithMissingFiles(message) {
                outbox.append(.artifactsMissing(attempt), to: peer)
                return
            }
            if case .hello = message {
                events.append(.keyUsed(worker, keyNumber: keyNumber))
            }
            events.append(.received(message, from: peer, worker: worker))
        case .pending(let worker):
            events.append(.received(message, from: peer, worker: worker))
        }
    }

    /// A result counts only when its files are here: they are stored before it is sent.
    private func attemptWithMissingFiles(_ message: WorkerMessage) -> AttemptID? {
        guard case .result(let result) = message else { return nil }
        for artifact in result.artifacts {
            // A store that cannot be read is as good as one without the file.
            guard (try? artifacts.contains(artifact.digest)) == true else {
                return result.attempt
            }
        }
        return nil
    }

    /// Makes records durable; a full disk is waited out, because nothing of the batch was seen.
    private mutating func persist(_ records: [Record]) throws {
        var waiter = Poller()
        _ = waiter.add(stopping.wakeUp)
        var isWaiting = false
        while true {
            do throws(StorageError) {
                try journal.append(records, at: Clock.wallMilliseconds())
                break
            } catch .diskFull(let path, let freeBytes) {
                let problem = StorageError.diskFull(path: path, freeBytes: freeBytes)
                if !isWaiting { logger.error("\(problem); nothing is acknowledged until then") }
                isWaiting = true
                plane.refuseCommands(because: "\(problem)")
                heartbeat.beat()
                try waiter.poll(timeout: heartbeat.wait(Self.diskRetry))
                if stopping.isSet { throw problem }
            }
        }
        guard isWaiting else { return }
        logger.notice("there is space again; the coordinator goes on")
        plane.refuseCommands(because: nil)
    }

    private mutating func perform(_ directives: [Directive]) throws {
        for directive in directives {
            switch directive {
            case .send(let message, let peer): outbox.append(message, to: peer)
            case .suggest(let request): pool.ask(request)
            case .judge(let request): pool.ask(request)
            case .answer(let request, let answer): plane.answer(request, answer)
            case .admit(let admissions): try admit(admissions)
            }
        }
        for peer in try outbox.flush(through: socket) { pending.append(.unreachable(peer)) }
    }

    private func admit(_ admissions: [Admission]) throws {
        var users: [CurveKey: String] = [:]
        for admission in admissions {
            // A key that is no key was refused when it was authorised.
            guard let key = try? CurveKey(admission.key) else { continue }
            users[key] = admission.user.description
        }
        try authenticator.admit(only: users)
        admitted.replace(with: Set(admissions.map(\.user)))
    }
}

/// What the control loop shares with other threads.
struct ControlParts: ~Copyable {
    let journal: Journal
    let artifacts: ArtifactStore
    let queue: EventQueue
    let plane: ControlPlane
    let pool: SearchPool
    let authenticator: Authenticator
    let admitted: AdmittedUsers
    let stopping: StopFlag
    let heartbeat: Heartbeat
    let logger: Logger
}
