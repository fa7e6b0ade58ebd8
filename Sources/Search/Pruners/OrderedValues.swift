/// Numbers in ascending order, with repeats: rank, member of a rank, insertion and removal.
///
/// Kept in chunks, so that a change moves at most one chunk's numbers however many there are.
struct OrderedValues: Hashable, Sendable {
    /// Numbers of one chunk before it is split in two.
    private static let chunkCapacity = 1024

    private var chunks: [[Double]] = []
    /// How many there are.
    private(set) var count = 0

    /// No numbers.
    init() {}

    /// The numbers of `values`, in any order.
    init(_ values: [Double]) {
        for value in values { insert(value) }
    }

    /// Adds `value`.
    mutating func insert(_ value: Double) {
        count += 1
        guard !chunks.isEmpty else {
            chunks = [[value]]
            return
        }
        let place = min(chunk(reaching: value), chunks.count - 1)
        let index = chunks[place].partitioningIndex { $0 >= value }
        chunks[place].insert(value, at: index)
        if chunks[place].count > Self.chunkCapacity {
            let half = Array(chunks[place][(Self.chunkCapacity / 2)...])
            chunks[place].removeLast(half.count)
            chunks.insert(half, at: place + 1)
        }
    }

    /// Takes one `value` out; does nothing when there is none.
    mutating func remove(_ value: Double) {
        let place = chunk(reaching: value)
        guard place < chunks.count else { return }
        let index = chunks[place].partitioningIndex { $0 >= value }
        guard chunks[place][index] == value else { return }
        chunks[place].remove(at: index)
        if chunks[place].isEmpty { chunks.remove(at: place) }
        count -= 1
    }

    /// How many numbers are strictly below `value`.
    func count(below value: Double) -> Int {
        let place = chunk(reaching: value)
        let before = chunks[..<place].reduce(0) { $0 + $1.count }
        return place < chunks.count
            ? before + chunks[place].partitioningIndex { $0 >= value } : before
    }

    /// The number with `rank` smaller or equal ones before it; nil beyond the last.
    func value(rank: Int) -> Double? {
        var rest = rank
        for chunk in chunks {
            if rest < chunk.count { return chunk[rest] }
            rest -= chunk.count
        }
        return nil
    }

    /// The middle number, or the mean of the two in the middle; nil when there are none.
    var median: Double? {
        guard let upper = value(rank: count / 2), let lower = value(rank: (count - 1) / 2)
        else { return nil }
        return lower / 2 + upper / 2
    }

    /// The first chunk with a number of at least `value`; the number of chunks when there is none.
    private func chunk(reaching value: Double) -> Int {
        chunks.partitioningIndex { chunk in chunk.last.map { $0 >= value } ?? false }
    }
}
