import Scheduling
import Storage
import Vocabulary
import ZeroMQ

/// Answers workers that bring data sets to their hosts: what they are to ask of whom.
///
/// Belongs to the artifact loop. All of it may be lost: workers say again what they have.
struct DataDesk {
    /// A worker that others may fetch from.
    private struct Sharer {
        /// The connection over which it said so.
        var peer: PeerID
        var endpoint: String
        var key: String
        var lastHeard: Instant
        /// Manifests of data sets that are whole there.
        var complete: [Digest]
        /// Which workers it was told to let in, and when.
        var guests: [WorkerID: Instant] = [:]
    }

    /// A message to the worker at the other end of a connection.
    typealias Parcel = (peer: PeerID, reply: ArtifactReply)

    private let artifacts: ArtifactStore
    private let progress: DataProgress
    private var sharers: [WorkerID: Sharer] = [:]
    private var swarms: [Digest: Swarm] = [:]
    private var lastUse: [Digest: Instant] = [:]

    /// How often a worker is told again of one that it is to let in; less than they stay.
    private static let reminder = Duration.seconds(45)

    init(artifacts: ArtifactStore, progress: DataProgress) {
        self.artifacts = artifacts
        self.progress = progress
    }

    /// A worker says that others may fetch from it.
    mutating func take(
        _ share: DataShare, of worker: WorkerID, on peer: PeerID, from address: String,
        at now: Instant
    ) {
        let host = address.contains(":") ? "[\(address)]" : address
        // A new connection is a new process, which nobody was named to.
        let guests = sharers[worker].flatMap { $0.key == share.key ? $0.guests : nil } ?? [:]
        sharers[worker] = Sharer(
            peer: peer, endpoint: "tcp://\(host):\(share.port)", key: share.key, lastHeard: now,
            complete: share.complete, guests: guests)
        for digest in share.complete {
            swarms[digest]?.complete(worker, at: now)
            progress.finish(digest, on: worker)
        }
    }

    /// A worker says what it has, and gets what to ask of whom.
    ///
    /// - Returns: What to tell whom, in this order.
    mutating func answer(
        _ want: DataWant, of worker: WorkerID, on peer: PeerID, at now: Instant
    ) throws(StorageError) -> [Parcel] {
        forgetSilent(at: now)
        guard try prepareSwarm(of: want.digest, at: now),
            swarms[want.digest]?.chunkCount == want.held.count
        else {
            let reason = "there is no such data set"
            return [(peer, .refused(want.digest, reason: reason))]
        }
        progress.note(want, of: worker)
        let orders =
            swarms[want.digest]?.assign(
                want, to: worker, isSharing: sharers[worker] != nil, at: now) ?? []
        var parcels: [Parcel] = []
        var peers: [DataPeer] = []
        for source in Set(orders.map(\.source)).sorted() {
            guard case .worker(let other) = source, let sharer = sharers[other] else { continue }
            peers.append(DataPeer(worker: other, endpoint: sharer.endpoint, key: sharer.key))
            if let invitation = invite(worker, to: other, at: now) { parcels.append(invitation) }
        }
        let answer = DataOrders(digest: want.digest, orders: orders, peers: peers)
        return parcels + [(peer, .orders(answer))]
    }

    /// Tells `other` to let `worker` in, unless it heard so lately.
    private mutating func invite(
        _ worker: WorkerID, to other: WorkerID, at now: Instant
    ) -> Parcel? {
        guard let key = sharers[worker]?.key, let host = sharers[other] else { return nil }
        if let last = host.guests[worker], now - last < Self.reminder { return nil }
        sharers[other]?.guests[worker] = now
        return (host.peer, .guests([key]))
    }

    /// Forgets a worker whose connection is gone.
    mutating func lose(_ peer: PeerID) {
        for worker in sharers.keys.sorted() where sharers[worker]?.peer == peer { forget(worker) }
    }

    private mutating func forgetSilent(at now: Instant) {
        for worker in sharers.keys.sorted() {
            guard let sharer = sharers[worker], now - sharer.lastHeard >= Swarm.memory else {
                continue
            }
            forget(worker)
        }
    }

    private mutating func forget(_ worker: WorkerID) {
        sharers[worker] = nil
        for digest in swarms.keys.sorted() { swarms[digest]?.remove(worker) }
    }

    /// Makes a place for a data set; false when there is no such manifest.
    private mutating func prepareSwarm(
        of digest: Digest, at now: Instant
    ) throws(StorageError) -> Bool {
        lastUse[digest] = now
        guard swarms[digest] == nil else { return true }
        guard let size = try artifacts.byteCount(of: digest), size <= Limits.manifestBytes,
            // A worker may name any artifact; what is no manifest has no chunks.
            let manifest = try? DataManifest(
                bytes: artifacts.read(digest, offset: 0, count: Limits.manifestBytes))
        else {
            lastUse[digest] = nil
            return false
        }
        if swarms.count >= Limits.swarms,
            let oldest = swarms.keys.sorted().min(by: { age(of: $0) < age(of: $1) })
        {
            swarms[oldest] = nil
            lastUse[oldest] = nil
        }
        var swarm = Swarm(chunkCount: manifest.chunks.count)
        for worker in sharers.keys.sorted() {
            guard let sharer = sharers[worker], sharer.complete.contains(digest) else { continue }
            swarm.complete(worker, at: sharer.lastHeard)
        }
        swarms[digest] = swarm
        return true
    }

    private func age(of digest: Digest) -> Instant { lastUse[digest] ?? .zero }
}
