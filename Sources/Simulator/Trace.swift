/// A running hash of everything that took place: two runs of one seed must agree (FNV-1a over
/// words).
struct Trace {
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func mix(_ word: UInt64) {
        hash = (hash ^ word) &* 0x0000_0100_0000_01B3
        // The multiplication carries upwards only; words that differ high must differ low too.
        hash ^= hash >> 29
    }
}
