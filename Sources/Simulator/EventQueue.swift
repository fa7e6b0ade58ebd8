import Vocabulary

/// What is to happen, earliest first; among equals what was scheduled first.
struct EventQueue {
    private struct Entry {
        let time: Instant
        let sequence: UInt64
        let happening: Happening

        func precedes(_ other: Entry) -> Bool {
            time == other.time ? sequence < other.sequence : time < other.time
        }
    }

    /// A binary heap: the children of n are 2n + 1 and 2n + 2.
    private var entries: [Entry] = []
    private var sequence: UInt64 = 0

    mutating func schedule(_ happening: Happening, at time: Instant) {
        sequence += 1
        entries.append(Entry(time: time, sequence: sequence, happening: happening))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].precedes(entries[parent]) else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func next() -> (time: Instant, happening: Happening)? {
        guard let first = entries.first else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].precedes(entries[smallest]) { smallest = child }
            }
            guard smallest != parent else { break }
            entries.swapAt(parent, smallest)
            parent = smallest
        }
        return (first.time, first.happening)
    }
}
