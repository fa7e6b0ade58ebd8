import Bundles
import DequeModule
import Logging
import Vocabulary
import Wire
import ZeroMQ

/// The thread that gives chunks of data sets to other workers.
///
/// Only those get in whose keys the coordinator named, over the connection that this loop tells it
/// where to find this worker; when that connection is lost, nobody new does.
struct SharingLoop: ~Copyable {
    private let socket: Socket
    private let port: UInt16
    private let authenticator: Authenticator
    private let parts: SharingParts
    private var coordinator: Socket
    // Where that socket is connected to: the coordinator may move.
    private var endpoint: String
    private var message = Message(maximumFrames: 2)
    private var guests = GuestList()
    private var shelves = OpenShelves()
    // Answers that a full pipe holds back.
    private var held: [[UInt8]: Deque<[UInt8]>] = [:]
    private var nextAnnouncement = Instant.zero

    private static let heldLimit = 2 * Limits.artifactWindowChunks
    private static let retry = Duration.milliseconds(5)
    /// How often the coordinator hears that this worker is there.
    private static let announcement = Duration.seconds(20)
    /// How soon after the start, and while there is no connection.
    private static let firstAnnouncement = Duration.milliseconds(200)

    private init(
        _ parts: SharingParts, _ socket: consuming Socket, port: UInt16,
        _ coordinator: consuming Socket, at endpoint: String, _ authenticator: Authenticator
    ) {
        self.parts = parts
        self.endpoint = endpoint
        self.socket = socket
        self.port = port
        self.coordinator = coordinator
        self.authenticator = authenticator
    }

    /// Listens; gives nothing before `run`.
    static func listen(_ parts: SharingParts) throws -> SharingLoop {
        // Before anyone can come: while there is no authenticator, nobody gets in.
        let authenticator = try Authenticator(
            in: parts.context, domain: SharingIdentity.zapDomain, strangers: .mayAskAgain)
        try authenticator.admit(only: [:])
        let socket = try Socket(.router, in: parts.context, options: parts.sharing.serverOptions)
        let own = try socket.bind("tcp://\(parts.address):\(parts.port)")
        guard let port = UInt16(own.split(separator: ":").last ?? "") else {
            throw WorkerError("\(own) has no port")
        }
        let endpoint = parts.whereabouts.place.artifacts
        let coordinator = try connect(parts, to: endpoint)
        parts.logger.info("shares data sets with other workers at port \(port)")
        return SharingLoop(parts, socket, port: port, coordinator, at: endpoint, authenticator)
    }

    private static func connect(
        _ parts: SharingParts, to endpoint: String
    ) throws(ZeroMQError) -> Socket {
        let socket = try Socket(
            .dealer, in: parts.context,
            options: parts.identity.options(maximum: Limits.artifactFrameBytes))
        try socket.connect(endpoint)
        return socket
    }

    mutating func run() {
        defer { authenticator.stop() }
        var poller = Poller()
        _ = poller.add(socket)
        var coordinatorKey = poller.add(coordinator)
        _ = poller.add(parts.holdings.wakeUp)
        do {
            while !parts.queue.isStopping {
                let now = HostClock.now()
                try follow(&poller, &coordinatorKey)
                if now >= nextAnnouncement { try announce(at: now) }
                let wait = max(nextAnnouncement - now, .zero)
                try poller.poll(timeout: held.isEmpty ? wait : min(wait, Self.retry))
                if parts.holdings.wakeUp.drain() { nextAnnouncement = HostClock.now() }
                for peer in waiting { try sendHeld(to: peer) }
                try listenToCoordinator()
                try listenToWorkers()
            }
        } catch {
            // The worker fetches and trains without giving anything to others.
            if !parts.queue.isStopping {
                parts.logger.warning("data sets are no longer shared: \(error)")
            }
        }
    }

    /// Connects to where the worker looks for its coordinator now.
    private mutating func follow(
        _ poller: inout Poller, _ key: inout Poller.Key
    ) throws(ZeroMQError) {
        let place = parts.whereabouts.place.artifacts
        guard place != endpoint else { return }
        poller.remove(key)
        coordinator = try Self.connect(parts, to: place)
        endpoint = place
        key = poller.add(coordinator)
        nextAnnouncement = HostClock.now()
    }

    private var waiting: [[UInt8]] {
        held.keys.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Says where this worker is found, and what is whole here.
    private mutating func announce(at now: Instant) throws(ZeroMQError) {
        if guests.expire(at: now) { try letIn() }
        let share = DataShare(
            port: port, key: parts.sharing.keys.publicKey.text,
            complete: parts.holdings.complete.suffix(Limits.sharedDataSets))
        let outcome = try coordinator.send([ArtifactCodec.encode(.share(share))])
        nextAnnouncement =
            now + (outcome == .sent ? Self.announcement : Self.firstAnnouncement)
    }

    private mutating func listenToCoordinator() throws(ZeroMQError) {
        for _ in 0..<Limits.framesPerTurn {
            guard try coordinator.receive(into: &message) == .message else { return }
            // What cannot be read lets nobody in.
            guard message.count == 1,
                case .guests(let keys)? = try? ArtifactCodec.decodeReply(message[0].bytes)
            else { continue }
            if guests.admit(keys, at: HostClock.now()) { try letIn() }
        }
    }

    private func letIn() throws(ZeroMQError) {
        var users: [CurveKey: String] = [:]
        for text in guests.keys {
            // A key that is none lets nobody in.
            guard let key = try? CurveKey(text) else { continue }
            users[key] = text
        }
        try authenticator.admit(only: users)
    }

    private mutating func listenToWorkers() throws(ZeroMQError) {
        for _ in 0..<Limits.framesPerTurn {
            switch try socket.receive(into: &message) {
            case .nothing: return
            case .oversized: continue
            case .message:
                guard message.count == 2, let peer = message[0].copy(limit: 255) else {
                    continue
                }
                // The handshake asks once per connection, so one may outlast its welcome.
                guard let key = message[1].metadata("User-Id"),
                    guests.contains(key, at: HostClock.now())
                else {
                    message[1].cutConnection()
                    continue
                }
                try answer(peer)
            }
        }
    }

    private mutating func answer(_ peer: [UInt8]) throws(ZeroMQError) {
        // What is malformed, or no request of this kind, gets no answer.
        guard
            case .fetch(let digest, let offset, let count)? =
                try? ArtifactCodec.decodeRequest(message[1].bytes),
            held[peer]?.count ?? 0 < Self.heldLimit
        else { return }
        let reply =
            shelves.chunk(of: digest, at: offset, count: Int(count), parts.holdings, parts.folder)
            ?? .refused(digest, reason: "it is not here")
        held[peer, default: []].append(ArtifactCodec.encode(reply))
        try sendHeld(to: peer)
    }

    private mutating func sendHeld(to peer: [UInt8]) throws(ZeroMQError) {
        while let frame = held[peer]?.first {
            switch try socket.send([peer, frame]) {
            case .sent: held[peer]?.removeFirst()
            case .wouldBlock: return
            case .unreachable: held[peer]?.removeAll()
            }
        }
        held[peer] = nil
    }
}

/// What the sharing loop works with.
struct SharingParts: Sendable {
    let context: Context
    let whereabouts: Whereabouts
    /// Where to listen.
    let address: String
    /// The port; 0 for any.
    let port: UInt16
    let identity: WorkerIdentity
    let sharing: SharingIdentity
    let holdings: DataHoldings
    let folder: WorkerFolder
    let queue: TransferQueue
    let logger: Logger
}

/// The files of the data set that was asked for last, which stay open.
struct OpenShelves: ~Copyable {
    private var current: (digest: Digest, files: SharedFiles)?

    /// The answer with a chunk that is here; nil when it is not.
    mutating func chunk(
        of digest: Digest, at offset: UInt64, count: Int, _ holdings: DataHoldings,
        _ folder: WorkerFolder
    ) -> ArtifactReply? {
        let size = UInt64(DataManifest.chunkBytes)
        guard offset.isMultiple(of: size), let number = Int(exactly: offset / size) else {
            return nil
        }
        let (isHere, known) = holdings.has(number, of: digest)
        guard isHere else {
            current = nil
            return nil
        }
        if current?.digest != digest {
            let shelf = folder.shelf(of: digest)
            // One that cannot be read is as good as one that is not here.
            guard let manifest = known ?? (try? shelf.manifest()) else { return nil }
            current = (digest, SharedFiles(manifest, in: shelf.contentPath))
        }
        guard let files = current?.files, number < files.manifest.chunks.count,
            files.manifest.range(of: number).count == count, let bytes = files.read(number)
        else { return nil }
        return .bytes(
            digest, offset: offset, byteCount: files.manifest.byteCount, bytes: bytes)
    }
}

/// The files of a data set that others fetch.
final class SharedFiles {
    let manifest: DataManifest
    private var files: DataFiles

    init(_ manifest: DataManifest, in folder: String) {
        self.manifest = manifest
        files = DataFiles(manifest, in: folder)
    }

    /// The bytes of a chunk; nil when they cannot be read.
    func read(_ number: Int) -> [UInt8]? {
        // Whoever asked gets it elsewhere.
        (try? files.read(number)) ?? nil
    }
}
