import Testing
import Vocabulary
import Wire
import ZeroMQ

/// A connection to the coordinator that says what no worker of ours would.
struct RawPeer: ~Copyable {
    private let context: Context
    private let socket: Socket
    private var monitor: Monitor
    private var frame = Message(maximumFrames: 1)
    /// What happened to the connection so far.
    private(set) var events: [ConnectionEvent.Kind] = []

    private static let patience = Duration.seconds(10)

    /// Connects to the control socket of `cluster`, or to its `other` one.
    init(_ cluster: Cluster, keys: CurveKeyPair, socket other: String = "control") throws {
        let context = try Context()
        var options = SocketOptions()
        options.reconnectInterval = .milliseconds(50)
        options.security = .client(
            keys: keys, serverKey: try CurveKey(cluster.published("worker", "server_key")))
        let socket = try Socket(.dealer, in: context, options: options)
        let monitor = try Monitor(socket, in: context)
        try socket.connect(cluster.published("worker", other))
        self.context = context
        self.socket = socket
        self.monitor = monitor
    }

    /// Waits until the handshake has succeeded or was refused; whether it succeeded.
    mutating func isLetIn() throws -> Bool {
        try wait(for: "a decision about the key") { events, _ in
            events.contains { $0 == .handshakeSucceeded || $0.isRefusal }
        }
        return events.contains(.handshakeSucceeded)
    }

    /// Says `messages` until the connection has ended and the key was refused a new one.
    mutating func isCut(saying messages: [WorkerMessage]) throws {
        let frames = ControlCodec.encodeFrames(messages)
        let what = "the end of the connection"
        try wait(for: what, every: .milliseconds(100)) { events, socket in
            for frame in frames where !events.contains(.disconnected) {
                _ = try socket.send([frame])
            }
            return events.contains(.disconnected) && events.contains { $0.isRefusal }
        }
    }

    /// Sends messages in one frame.
    func send(_ messages: [WorkerMessage]) throws {
        for frame in ControlCodec.encodeFrames(messages) { try send(frame) }
    }

    /// Sends any bytes.
    func send(_ bytes: [UInt8]) throws { #expect(try socket.send([bytes]) == .sent) }

    /// The next messages of the coordinator; none when it says nothing for `limit`.
    mutating func hear(within limit: Duration = patience) throws -> [CoordinatorMessage] {
        var poller = Poller()
        _ = poller.add(socket)
        try poller.poll(timeout: limit)
        guard try socket.receive(into: &frame) == .message else { return [] }
        return try ControlCodec.decodeCoordinator(frame[0].bytes)
    }

    private mutating func wait(
        for what: String, every pace: Duration = .seconds(1),
        _ condition: ([ConnectionEvent.Kind], borrowing Socket) throws -> Bool
    ) throws {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: Self.patience)
        var poller = Poller()
        _ = poller.add(monitor)
        while try !condition(events, socket) {
            try #require(clock.now < deadline, "\(what) did not come: \(events)")
            try poller.poll(timeout: pace)
            while let event = try monitor.next() { events.append(event.kind) }
        }
    }
}

extension ConnectionEvent.Kind {
    fileprivate var isRefusal: Bool {
        if case .authenticationFailed(let status) = self { status >= 400 } else { false }
    }
}

extension WorkerMessage {
    /// What workers say, by a `hello` that would make the sender one.
    static func worker(host: String) -> [WorkerMessage] {
        let facts = WorkerFacts(
            host: host, process: 1, cpus: 1, memoryBytes: 1 << 30, software: Software.version)
        let attempt = AttemptID(trial: TrialID(sweep: SweepID(1), number: 1), number: 1)
        return [
            .hello(Hello(facts: facts, prefetch: 0, held: [])),
            .renew(Renewal(prefetch: 9, held: [])),
            .result(
                AttemptResult(
                    attempt: attempt, outcome: .succeeded, metrics: [Metric("loss", 0)])),
            .rotate(key: String(repeating: "k", count: 40)), .draining(reason: "tired"),
            .goodbye,
        ]
    }

    /// A request to be let in with `keys`.
    static func enrol(_ keys: CurveKeyPair, as name: String) -> WorkerMessage {
        .enrol(
            Enrolment(
                key: keys.publicKey.text, name: name,
                facts: WorkerFacts(
                    host: name, process: 1, cpus: 1, memoryBytes: 1 << 30,
                    software: Software.version)))
    }
}
