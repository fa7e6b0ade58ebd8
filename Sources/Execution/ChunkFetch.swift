package import Vocabulary

/// A worker's side of bringing a data set here: what is asked of whom, and whom to trust.
///
/// Chunks come from the coordinator and from other workers, several at once and in any order.
/// Each is checked by whoever calls `arrived`; a source that sends wrong bytes, or nothing for a
/// while, is asked no more, and what was asked of it is open again.
package struct ChunkFetch: Sendable {
    /// Who has a chunk.
    package enum Source: Hashable, Comparable, Sendable {
        /// The coordinator, which has all of them.
        case coordinator
        /// Another worker.
        case worker(WorkerID)
    }

    /// A chunk to ask of a source.
    package struct Order: Hashable, Sendable {
        /// The chunk's number, from 0.
        package var chunk: Int
        /// Whom to ask.
        package var source: Source

        /// Asks `source` for `chunk`.
        package init(chunk: Int, source: Source) {
            self.chunk = chunk
            self.source = source
        }
    }

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
    private var requested: [Int: Source] = [:]
    // When a source counts as silent; of those that something was asked of.
    private var deadlines: [Source: Instant] = [:]
    private let window: Int

    /// How long a worker may be silent: there are others, and the coordinator.
    package static let patience = Duration.seconds(5)
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

    /// When the next source counts as silent; nil while nothing is under way.
    package var nextDeadline: Instant? { sources.compactMap { deadlines[$0] }.min() }

    /// The sources that something is under way from, in order.
    package var sources: [Source] { deadlines.keys.sorted() }

    /// Takes orders on and returns those to send: not what is here or under way already, nor what
    /// a source is to bring that is not trusted, and no more than there is room for.
    package mutating func accept(_ orders: [Order], at now: Instant) -> [Order] {
        var accepted: [Order] = []
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
    package func ordersToCoordinator() -> [Order] {
        var orders: [Order] = []
        for chunk in 0..<held.count where !held.contains(chunk) && requested[chunk] == nil {
            guard orders.count < room else { break }
            orders.append(Order(chunk: chunk, source: .coordinator))
        }
        return orders
    }

    /// Bytes came from `source`; `isRight` says whether they have the chunk's hash.
    package mutating func arrived(
        _ chunk: Int, from source: Source, isRight: Bool, at now: Instant
    ) -> Arrival {
        guard requested[chunk] == source else { return .useless }
        guard isRight else {
            giveUp(source)
            return .wrong
        }
        requested[chunk] = nil
        deadlines[source] = requested.values.contains(source) ? deadline(source, now) : nil
        held.insert(chunk)
        return .kept
    }

    /// A source said that it cannot send `chunk`, or cannot be asked at all.
    package mutating func refused(by source: Source) { giveUp(source) }

    /// Gives up the sources that were silent for too long, and returns them.
    package mutating func giveUpSilent(at now: Instant) -> [Source] {
        let silent = deadlines.keys.sorted().filter { deadlines[$0].map { $0 <= now } ?? false }
        for source in silent { giveUp(source) }
        return silent
    }

    private mutating func giveUp(_ source: Source) {
        // Only lookups follow: the order in which the chunks are freed does not matter.
        requested = requested.filter { $0.value != source }
        deadlines[source] = nil
        if case .worker(let worker) = source, !distrusted.contains(worker) {
            distrusted.append(worker)
        }
    }

    private func isTrusted(_ source: Source) -> Bool {
        guard case .worker(let worker) = source else { return true }
        return !distrusted.contains(worker)
    }

    private func deadline(_ source: Source, _ now: Instant) -> Instant {
        now + (source == .coordinator ? Self.coordinatorPatience : Self.patience)
    }
}
