package import Vocabulary

/// Who of several workers gets which chunk of one data set from whom.
///
/// The coordinator's link is the narrow one, so each chunk leaves it once where that can be: a
/// chunk that no worker has is brought by one of them, and the others get it from there. What
/// fewest have goes first, and each worker begins to look at another place, so that workers soon
/// have different chunks to give.
///
/// It only advises: nothing breaks when a worker lies, or when this is lost in a restart.
package struct Swarm: Sendable {
    private struct Member {
        var held: ChunkSet
        // What was asked of whom and has not come.
        var requested: [Int: ChunkSource] = [:]
        var isSharing: Bool
        var lastHeard: Instant
    }

    private struct Bringing {
        var worker: WorkerID
        var since: Instant
    }

    /// How many chunks the data set has.
    package let chunkCount: Int
    private var members: [WorkerID: Member] = [:]
    // How many of those that serve have each chunk.
    private var holders: [UInt32]
    // Who fetches a chunk from the coordinator for all.
    private var bringing: [Int: Bringing] = [:]
    // How many chunks are under way from each worker.
    private var loads: [WorkerID: Int] = [:]

    /// How long one worker may take to bring a chunk before others fetch it as well.
    package static let patience = Duration.seconds(20)
    /// How long a worker counts that is not heard of.
    package static let memory = Duration.seconds(90)
    /// Chunks that one worker of many fetches from the coordinator at once.
    package static let bringLimit = 4
    /// The same for a worker that is alone.
    package static let aloneLimit = 16
    /// Chunks that one worker is asked for at once, by all others together.
    package static let loadLimit = 32
    // What one question looks at, so that large data sets do not keep others waiting.
    private static let lookLimit = 4096
    private static let peerLookLimit = 64

    /// A data set of `chunkCount` chunks that nobody has yet.
    package init(chunkCount: Int) {
        self.chunkCount = chunkCount
        holders = Array(repeating: 0, count: chunkCount)
    }

    /// The workers that have or want chunks, in order.
    package var workers: [WorkerID] { members.keys.sorted() }

    /// Notes that `worker` has all chunks and serves them.
    package mutating func complete(_ worker: WorkerID, at now: Instant) {
        update(
            worker, held: ChunkSet(count: chunkCount, isFull: true), requested: [],
            isSharing: true, at: now)
    }

    /// What `worker`, which has and wants what `want` says, is to ask of whom.
    ///
    /// - Parameters:
    ///   - want: What it has; its set must have as many chunks as the data set.
    ///   - worker: Who asks.
    ///   - isSharing: Whether it can fetch from others, and they from it.
    ///   - now: The time.
    /// - Returns: At most `want.room` orders; none while others bring what it lacks.
    package mutating func assign(
        _ want: DataWant, to worker: WorkerID, isSharing: Bool, at now: Instant
    ) -> [ChunkOrder] {
        forget(at: now)
        update(
            worker, held: want.held, requested: want.requested, isSharing: isSharing, at: now)
        let distrusted = Set(want.distrusted)
        var orders: [ChunkOrder] = []
        var room = min(want.room, Limits.chunksPerOrder)
        var brought = members[worker]?.requested.values.count { $0 == .coordinator } ?? 0
        let limit = max(Self.bringLimit, Self.aloneLimit / max(1, members.count))
        for chunk in candidates(for: worker) where room > 0 {
            let source: ChunkSource
            if isSharing, let peer = peer(with: chunk, for: worker, distrusted) {
                source = .worker(peer)
            } else if brought < limit,
                !(isSharing && isBrought(chunk, for: worker, distrusted, at: now))
            {
                source = .coordinator
                brought += 1
            } else {
                continue
            }
            order(chunk, from: source, for: worker, isSharing: isSharing, at: now)
            orders.append(ChunkOrder(chunk: chunk, source: source))
            room -= 1
        }
        return orders
    }

    /// Forgets what `worker` has: it left, or is let in no longer.
    package mutating func remove(_ worker: WorkerID) {
        guard let member = members.removeValue(forKey: worker) else { return }
        if member.isSharing { count(member.held, by: -1) }
        // Only counts change: the order does not matter.
        for source in member.requested.values { release(source) }
        bringing = bringing.filter { $0.value.worker != worker }
    }

    /// Forgets workers that were not heard of for `memory`.
    package mutating func forget(at now: Instant) {
        for worker in members.keys.sorted() {
            guard let member = members[worker], now - member.lastHeard >= Self.memory else {
                continue
            }
            remove(worker)
        }
    }

    // MARK: What workers have

    private mutating func update(
        _ worker: WorkerID, held: ChunkSet, requested: [Int], isSharing: Bool, at now: Instant
    ) {
        let before = members[worker]
        if let before, before.isSharing { count(before.held, by: -1) }
        if isSharing { count(held, by: 1) }
        let still = Set(requested)
        var kept = before?.requested ?? [:]
        for (chunk, source) in before?.requested ?? [:] where !still.contains(chunk) {
            kept[chunk] = nil
            release(source)
            // It has come, or has failed and is open again.
            if bringing[chunk]?.worker == worker { bringing[chunk] = nil }
        }
        members[worker] = Member(
            held: held, requested: kept, isSharing: isSharing, lastHeard: now)
    }

    private mutating func count(_ set: ChunkSet, by change: Int) {
        for chunk in set.chunks {
            holders[chunk] = UInt32(clamping: Int(holders[chunk]) + change)
        }
    }

    private mutating func release(_ source: ChunkSource) {
        guard case .worker(let worker) = source, let load = loads[worker] else { return }
        loads[worker] = load > 1 ? load - 1 : nil
    }

    private mutating func order(
        _ chunk: Int, from source: ChunkSource, for worker: WorkerID, isSharing: Bool,
        at now: Instant
    ) {
        members[worker]?.requested[chunk] = source
        switch source {
        case .worker(let peer): loads[peer, default: 0] += 1
        case .coordinator:
            // Others wait only for what they will be able to get.
            if isSharing { bringing[chunk] = Bringing(worker: worker, since: now) }
        }
    }

    // MARK: Choices

    /// Chunks that `worker` lacks and has not asked for, those first that fewest have.
    private func candidates(for worker: WorkerID) -> [Int] {
        guard let member = members[worker], chunkCount > 0 else { return [] }
        // Another place for each worker, as far from the others' as can be.
        let start = Int(UInt64(worker.number) &* 0x9E37_79B9_7F4A_7C15 % UInt64(chunkCount))
        var found: [Int] = []
        for step in 0..<chunkCount {
            let chunk = (start + step) % chunkCount
            guard !member.held.contains(chunk), member.requested[chunk] == nil else { continue }
            found.append(chunk)
            if found.count == Self.lookLimit { break }
        }
        return found.enumerated().sorted {
            (holders[$0.element], $0.offset) < (holders[$1.element], $1.offset)
        }.map(\.element)
    }

    /// The worker that has `chunk` and is asked for least.
    private func peer(
        with chunk: Int, for worker: WorkerID, _ distrusted: Set<WorkerID>
    ) -> WorkerID? {
        guard holders[chunk] > 0 else { return nil }
        var best: (worker: WorkerID, load: Int)?
        var looks = 0
        for other in members.keys.sorted() {
            guard other != worker, !distrusted.contains(other), let member = members[other],
                member.isSharing, member.held.contains(chunk)
            else { continue }
            let load = loads[other] ?? 0
            if load < Self.loadLimit, load < best?.load ?? .max { best = (other, load) }
            looks += 1
            if looks == Self.peerLookLimit { break }
        }
        return best?.worker
    }

    /// Whether it is worth waiting until another worker has `chunk`.
    private func isBrought(
        _ chunk: Int, for worker: WorkerID, _ distrusted: Set<WorkerID>, at now: Instant
    ) -> Bool {
        if let bringing = bringing[chunk], now - bringing.since < Self.patience,
            bringing.worker != worker, !distrusted.contains(bringing.worker)
        {
            return true
        }
        // Those that have it are busy: it is better to ask them a little later.
        return members.keys.sorted().prefix(Self.peerLookLimit).contains { other in
            guard other != worker, !distrusted.contains(other), let member = members[other]
            else { return false }
            return member.isSharing && member.held.contains(chunk)
        }
    }
}
