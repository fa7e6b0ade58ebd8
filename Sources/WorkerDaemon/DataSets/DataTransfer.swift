import Bundles
import Execution
import Hashing
import Logging
import Vocabulary
import ZeroMQ

/// Brings a data set to this host: the files and sockets behind a ``ChunkFetch``.
struct DataTransfer: ~Copyable {
    private let data: DataSet
    private let manifest: DataManifest
    private let shelf: DataShelf
    private var fetch: ChunkFetch
    private var files: DataFiles
    private let queue: TransferQueue
    private let logger: Logger
    private var toldTenths = 0

    init(
        _ data: DataSet, _ manifest: DataManifest, on shelf: DataShelf, queue: TransferQueue,
        logger: Logger
    ) throws(Transfer.Problem) {
        self.data = data
        self.manifest = manifest
        self.shelf = shelf
        self.queue = queue
        self.logger = logger
        fetch = ChunkFetch(held: try shelf.begin(manifest), window: Limits.artifactWindowChunks)
        files = DataFiles(manifest, in: shelf.contentPath, isWritable: true)
        if fetch.held.held > 0 {
            let part = "\(fetch.held.held) of \(fetch.held.count) chunks"
            logger.info("goes on with the data set \(data.name): \(part) are here")
        }
    }

    /// Fetches what is missing and checks all of it.
    mutating func run(over connection: inout ArtifactConnection) throws(Transfer.Problem) {
        while !fetch.isComplete {
            if queue.isCurrentCancelled { throw .cancelled }
            for order in fetch.accept(fetch.ordersToCoordinator(), at: HostClock.now()) {
                let range = manifest.range(of: order.chunk)
                try connection.send(
                    .fetch(
                        data.payload, offset: range.lowerBound, byteCount: UInt32(range.count)))
            }
            try take(try connection.answer(about: data.payload))
        }
        try shelf.finish(manifest)
        logger.info("the data set \(data.name)@\(data.digest.description.prefix(8)) is here")
    }

    private mutating func take(_ reply: ArtifactReply) throws(Transfer.Problem) {
        guard case .bytes(_, let offset, _, let bytes) = reply,
            let chunk = number(of: bytes, at: offset)
        else { throw .broken("the coordinator sent other bytes than it was asked for") }
        let isRight = Digest.of(bytes) == manifest.chunks[chunk]
        switch fetch.arrived(chunk, from: .coordinator, isRight: isRight, at: HostClock.now()) {
        case .useless: return
        case .wrong:
            throw .refused("the coordinator's copy of \(data.name) is damaged in chunk \(chunk)")
        case .kept:
            do throws(BundleError) { try files.write(bytes, to: chunk) } catch {
                throw .local(WorkerError("\(error)"))
            }
            tellProgress()
        }
    }

    /// The chunk that `bytes` at `offset` of the payload could be; nil for none.
    private func number(of bytes: [UInt8], at offset: UInt64) -> Int? {
        let size = UInt64(DataManifest.chunkBytes)
        guard offset.isMultiple(of: size), offset < manifest.byteCount else { return nil }
        let chunk = Int(offset / size)
        return manifest.range(of: chunk).count == bytes.count ? chunk : nil
    }

    private mutating func tellProgress() {
        let tenths = fetch.held.held * 10 / max(1, fetch.held.count)
        guard tenths > toldTenths else { return }
        toldTenths = tenths
        logger.info("data set \(data.name): \(tenths * 10) % is here")
    }
}
