/// Which of a data set's chunks somebody has: one bit for each.
package struct ChunkSet: Hashable, Sendable {
    /// How many chunks the data set has.
    package let count: Int
    /// How many of them are in the set.
    package private(set) var held = 0
    private var words: [UInt64]

    /// None of `count` chunks, or all of them.
    package init(count: Int, isFull: Bool = false) {
        self.count = max(0, count)
        words = Array(repeating: 0, count: (self.count + 63) / 64)
        guard isFull else { return }
        for chunk in 0..<self.count { insert(chunk) }
    }

    /// Reads what `bytes` gives of a set of `count` chunks; nil for anything else.
    package init?(bytes: [UInt8], count: Int) {
        guard count >= 0, bytes.count == (count + 7) / 8 else { return nil }
        self.init(count: count)
        for (index, byte) in bytes.enumerated() where byte != 0 {
            for bit in 0..<8 where byte & 1 << bit != 0 {
                guard index * 8 + bit < count else { return nil }
                insert(index * 8 + bit)
            }
        }
    }

    /// Eight chunks a byte, the first one in the lowest bit.
    package var bytes: [UInt8] {
        (0..<(count + 7) / 8).map {
            UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64($0 % 8 * 8))
        }
    }

    /// The chunks in the set, in order.
    package var chunks: [Int] {
        var chunks: [Int] = []
        chunks.reserveCapacity(held)
        for (index, word) in words.enumerated() where word != 0 {
            var rest = word
            while rest != 0 {
                chunks.append(index * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return chunks
    }

    /// Whether no chunk is missing.
    package var isComplete: Bool { held == count }

    /// Whether `chunk` is in the set.
    package func contains(_ chunk: Int) -> Bool {
        (0..<count).contains(chunk) && words[chunk / 64] & 1 << UInt64(chunk % 64) != 0
    }

    /// Adds `chunk`; whether it is one of the data set's and was not in the set.
    @discardableResult
    package mutating func insert(_ chunk: Int) -> Bool {
        guard (0..<count).contains(chunk), !contains(chunk) else { return false }
        words[chunk / 64] |= 1 << UInt64(chunk % 64)
        held += 1
        return true
    }
}
