package import Vocabulary

/// A worker's side of bringing a data set here: what is asked of whom, and whom to trust.
///
/// Chunks come from the coordinator and from other workers, several at once and in any order.
/// Each is checked by whoever calls `arrived`; a source that sends wrong bytes, or nothing for a
/// while, is asked no more, and what was asked of it is open again.
package struct ChunkFetch: Sendable {
    /// What becomes of bytes that a source sent.
    package enum Arrival: Hashable, Sendable {
        /// They are to be kept.
        case kept
        /// They were not asked for, or are here already.
        case useless
        /// They are wrong, and the source is asked no more.
        case wrong
    }

    /// The chunks that are here and were checked.
    package private(set) var held: ChunkSet
    /// Workers that are asked no more, in the order in which they failed.
    package private(set) var distrusted: [WorkerID] = []
    /// How many chunks each source sent.
    package private(set) var counts: [ChunkSource: Int] = [:]
    private var requested: [Int: ChunkSource] = [:]
    // Below it everything is here: a large data set is not looked through again and again.
    private var firstMissing = 0
    // When a source counts as silent; of those that something was asked of.
    private var deadlines: [ChunkSource: Instant] = [:]
    private let window: Int

    /// How long a worker may be silent: there are others, and the coordinator.
    package static let patience = Duration.seconds(10)
    /// How long the coordinator may be silent: its link may be slow, and shared by many.
    package static let coordinatorPatience = Duration.seconds(30)

    /// A fetch of what `held` lacks, with at most `window` chunks under way.
    package init(held: ChunkSet, window: Int) {
        self.held = held
        self.window = window
    }

    /// Whether everything is here.
    package var isComplete: Bool { held.isComplete }

    /// How many more chunks may be asked for.
    package var room: Int { max(0, min(window, held.count - held.held) - requested.count) }

    /// How many chunks are neither here nor under way.
    package var missing: Int { held.count - held.held - requested.count }

    /// The chunks that are under way, in order.
    package var requestedChunks: [Int] { requested.keys.sorted() }

    /// When the next source counts as silent; nil while nothing is under way.
    package var nextDeadline: Instant? { sources.compactMap { deadlines[$0] }.min() }

    /// The sources that something is under way from, in order.
    package var sources: [ChunkSource] { deadlines.keys.sorted() }

    /// Takes orders on and returns those to send: not what is here or under way already, nor what
    /// a source is to bring that is not trusted, and no more than there is room for.
    package mutating func accept(_ orders: [ChunkOrder], at now: Instant) -> [ChunkOrder] {
        var accepted: [ChunkOrder] = []
        for order in orders {
            guard (0..<held.count).contains(order.chunk), !held.contains(order.chunk),
                requested[order.chunk] == nil, isTrusted(order.source), room > 0
            else { continue }
            requested[order.chunk] = order.source
            if deadlines[order.source] == nil {
                deadlines[order.source] = deadline(order.source, now)
            }
            accepted.append(order)
        }
        return accepted
    }

    /// The next chunks in the order of the payload, all of the coordinator.
    package mutating func ordersToCoordinator() -> [ChunkOrder] {
        var orders: [ChunkOrder] = []
        while held.contains(firstMissing) { firstMissing += 1 }
        for chunk in firstMissing..<held.count
        where !held.contains(chunk) && requested[chunk] == nil {
            guard orders.count < room else { break }
            orders.append(ChunkOrder(chunk: chunk, source: .coordinator))
        }
        return orders
    }

    /// Bytes came from `source`; `isRight` says whether they have the chunk's hash.
    package mutating func arrived(
        _ chunk: Int, from source: ChunkSource, isRight: Bool, at now: Instant
    ) -> Arrival {
        guard requested[chunk] == source else { return .useless }
        guard isRight else {
            giveUp(source)
            return .wrong
        }
        requested[chunk] = nil
        deadlines[source] = requested.values.contains(source) ? deadline(source, now) : nil
        held.insert(chunk)
        counts[source, default: 0] += 1
        return .kept
    }

    /// A source said that it cannot send `chunk`, or cannot be asked at all.
    package mutating func refused(by source: ChunkSource) { giveUp(source) }

    /// Gives up the sources that were silent for too long, and returns them.
    package mutating func giveUpSilent(at now: Instant) -> [ChunkSource] {
        let silent = deadlines.keys.sorted().filter { deadlines[$0].map { $0 <= now } ?? false }
        for source in silent { giveUp(source) }
        return silent
    }

    private mutating func giveUp(_ source: ChunkSource) {
        // Only lookups follow: the order in which the chunks are freed does not matter.
        requested = requested.filter { $0.value != source }
        deadlines[source] = nil
        if case .worker(let worker) = source, !distrusted.contains(worker) {
            distrusted.append(worker)
        }
    }

    private func isTrusted(_ source: ChunkSource) -> Bool {
        guard case .worker(let worker) = source else { return true }
        return !distrusted.contains(worker)
    }

    private func deadline(_ source: ChunkSource, _ now: Instant) -> Instant {
        now + (source == .coordinator ? Self.coordinatorPatience : Self.patience)
    }
}
