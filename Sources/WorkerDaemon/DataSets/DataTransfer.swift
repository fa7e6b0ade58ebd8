import Bundles
import Execution
import Hashing
import Logging
import Vocabulary

/// Brings a data set to this host: the files and sockets behind a ``ChunkFetch``.
///
/// Where workers share, the coordinator says what to ask of whom, and each chunk comes from
/// wherever it is; else everything comes from the coordinator.
struct DataTransfer: ~Copyable {
    private let data: DataSet
    private let manifest: DataManifest
    private let shelf: DataShelf
    private let parts: DataTransferParts
    private var fetch: ChunkFetch
    private var files: DataFiles
    // When the coordinator is asked again where to get chunks; nil while it has not answered.
    private var nextQuestion: Instant?
    // When its answer is overdue.
    private var answerDeadline: Instant?
    private var toldTenths = 0

    /// How often a wait looks whether the transfer is still wanted.
    private static let glance = Duration.milliseconds(200)

    init(
        _ data: DataSet, _ manifest: DataManifest, on shelf: DataShelf, parts: DataTransferParts
    ) throws(Transfer.Problem) {
        self.data = data
        self.manifest = manifest
        self.shelf = shelf
        self.parts = parts
        fetch = ChunkFetch(held: try shelf.begin(manifest), window: Limits.dataWindowChunks)
        files = DataFiles(manifest, in: shelf.contentPath, isWritable: true)
        nextQuestion = parts.holdings == nil ? nil : .zero
        if fetch.held.held > 0 {
            let part = "\(fetch.held.held) of \(fetch.held.count) chunks"
            parts.logger.info("goes on with the data set \(data.name): \(part) are here")
        }
    }

    /// Fetches what is missing and checks all of it.
    mutating func run(over sockets: inout ChunkSockets) throws(Transfer.Problem) {
        parts.holdings?.update(data.digest, manifest, held: fetch.held)
        while !fetch.isComplete {
            if parts.queue.isCurrentCancelled { throw .cancelled }
            let now = HostClock.now()
            for source in fetch.giveUpSilent(at: now) { try giveUp(source, &sockets) }
            if let deadline = answerDeadline, deadline <= now {
                throw .broken("the coordinator does not say where to get the data set")
            }
            ask(&sockets, at: now)
            for (source, reply) in try sockets.exchange(within: wait(from: now)) {
                try take(reply, from: source, &sockets)
            }
        }
        try shelf.finish(manifest)
        parts.holdings?.finish(data.digest)
        let name = "\(data.name)@\(data.digest.description.prefix(8))"
        parts.logger.info("the data set \(name) is here: \(origins)")
    }

    /// How long to wait while others bring what there is to have, or all that is missing is under
    /// way: longer where the question, which says what is here, is larger.
    private var pause: Duration {
        .milliseconds(fetch.missing == 0 ? 1000 : max(100, manifest.chunks.count / 128))
    }

    private var origins: String {
        let own = fetch.counts[.coordinator] ?? 0
        let others = fetch.counts.values.reduce(0, +) - own
        return "\(own) chunks of the coordinator, \(others) of other workers"
    }

    private func wait(from now: Instant) -> Duration {
        // Without room, what arrives next makes some.
        let times = [hasRoom ? nextQuestion : nil, fetch.nextDeadline, answerDeadline]
            .compactMap(\.self)
        let next = times.min().map { max($0 - now, .zero) } ?? Self.glance
        return min(next, Self.glance)
    }

    /// Whether enough of the window is free to ask where to get more.
    private var hasRoom: Bool { fetch.room >= min(Limits.dataWindowChunks / 2, fetch.missing) }

    /// Asks the coordinator where to get more, when it is time to.
    private mutating func ask(_ sockets: inout ChunkSockets, at now: Instant) {
        guard parts.holdings != nil else {
            let orders = fetch.ordersToCoordinator()
            send(fetch.accept(orders, at: now), &sockets)
            return
        }
        guard hasRoom, nextQuestion.map({ $0 <= now }) ?? false else { return }
        nextQuestion = nil
        answerDeadline = now + ChunkFetch.coordinatorPatience
        sockets.send(
            .want(
                DataWant(
                    digest: data.digest, held: fetch.held, requested: fetch.requestedChunks,
                    room: min(fetch.room, Limits.chunksPerOrder),
                    distrusted: Array(fetch.distrusted.suffix(Limits.distrustedPeers)))),
            to: .coordinator)
    }

    private mutating func send(_ orders: [ChunkOrder], _ sockets: inout ChunkSockets) {
        for order in orders {
            let range = manifest.range(of: order.chunk)
            // Workers know a data set by its manifest, the coordinator its bytes by their own hash.
            let name = order.source == .coordinator ? data.payload : data.digest
            sockets.send(
                .fetch(name, offset: range.lowerBound, byteCount: UInt32(range.count)),
                to: order.source)
        }
    }

    private mutating func take(
        _ reply: ArtifactReply, from source: ChunkSource, _ sockets: inout ChunkSockets
    ) throws(Transfer.Problem) {
        switch reply {
        case .orders(let answer) where source == .coordinator && answer.digest == data.digest:
            try take(answer, &sockets)
        case .bytes(let name, let offset, _, let bytes) where isName(name, from: source):
            try take(bytes, at: offset, from: source, &sockets)
        case .refused(let name, let reason)
        where isName(name, from: source) || source == .coordinator:
            if source == .coordinator { throw .refused(reason) }
            try giveUp(source, &sockets)
        // Left over from an earlier transfer, or nonsense.
        case .orders, .bytes, .refused, .send, .stored, .guests: break
        }
    }

    private func isName(_ name: Digest, from source: ChunkSource) -> Bool {
        name == (source == .coordinator ? data.payload : data.digest)
    }

    private mutating func take(
        _ answer: DataOrders, _ sockets: inout ChunkSockets
    ) throws(Transfer.Problem) {
        let now = HostClock.now()
        answerDeadline = nil
        for peer in answer.peers { try sockets.connect(to: peer, busy: fetch.sources) }
        let reachable = answer.orders.filter { sockets.isOpen($0.source) }
        let accepted = fetch.accept(reachable, at: now)
        nextQuestion = accepted.isEmpty ? now + pause : now
        send(accepted, &sockets)
    }

    private mutating func take(
        _ bytes: [UInt8], at offset: UInt64, from source: ChunkSource,
        _ sockets: inout ChunkSockets
    ) throws(Transfer.Problem) {
        let size = UInt64(DataManifest.chunkBytes)
        guard offset.isMultiple(of: size), offset < manifest.byteCount else { return }
        let chunk = Int(offset / size)
        let isRight = Digest.of(bytes) == manifest.chunks[chunk]
        switch fetch.arrived(chunk, from: source, isRight: isRight, at: HostClock.now()) {
        case .useless: return
        case .wrong:
            guard case .worker = source else {
                throw .refused(
                    "the coordinator's copy of \(data.name) is damaged in chunk \(chunk)")
            }
            try giveUp(source, &sockets)
        case .kept:
            do throws(BundleError) { try files.write(bytes, to: chunk) } catch {
                throw .local(WorkerError("\(error)"))
            }
            parts.holdings?.update(data.digest, manifest, held: fetch.held)
            tellProgress()
        }
    }

    /// A source lied, refused or was silent: others have what it was to bring.
    private mutating func giveUp(
        _ source: ChunkSource, _ sockets: inout ChunkSockets
    ) throws(Transfer.Problem) {
        guard case .worker(let worker) = source else {
            throw .broken("the coordinator does not answer")
        }
        fetch.refused(by: source)
        sockets.drop(source)
        parts.logger.warning(
            "asks worker \(worker) for no more of \(data.name): it did not send what it has")
    }

    private mutating func tellProgress() {
        let tenths = fetch.held.held * 10 / max(1, fetch.held.count)
        guard tenths > toldTenths else { return }
        toldTenths = tenths
        parts.logger.info("data set \(data.name): \(tenths * 10) % is here")
    }
}

/// What transfers of data sets work with.
struct DataTransferParts: Sendable {
    let queue: TransferQueue
    /// What others may fetch from here; nil where workers do not share.
    let holdings: DataHoldings?
    let logger: Logger
}
