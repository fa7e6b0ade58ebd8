/// A seeded stream of random bits: xoshiro256**, seeded through SplitMix64.
///
/// Every random choice of the pure ring draws from one of these, so the same seed gives the same
/// decisions. Source: Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators",
/// ACM TOMS 47(4), 2021.
package struct RandomSource: RandomNumberGenerator, Sendable, Hashable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// The stream of `seed`.
    package init(seed: UInt64) {
        var mixer = seed
        state = (
            Self.mix(&mixer), Self.mix(&mixer), Self.mix(&mixer), Self.mix(&mixer)
        )
    }

    /// The stream of `seed` for one of many uses, for example the number of a trial.
    ///
    /// Streams of different `stream` values are unrelated, so a value can be drawn for trial 7
    /// without drawing those of trials 1 to 6 first.
    package init(seed: UInt64, stream: UInt64) {
        var mixer = seed
        let first = Self.mix(&mixer)
        var second = stream ^ 0x9E37_79B9_7F4A_7C15
        self.init(seed: first ^ Self.mix(&second))
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        let result = rotate(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, by: 45)
        return result
    }

    /// A number in [0, 1) with 53 random bits.
    package mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A whole number in 0 ..< `bound`, each equally likely (Lemire 2019); `bound` must be > 0.
    package mutating func next(below bound: UInt64) -> UInt64 {
        precondition(bound > 0, "an empty range has no member to draw")
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }

    /// Whether two streams will give the same bits.
    package static func == (left: RandomSource, right: RandomSource) -> Bool {
        left.state == right.state
    }

    /// Feeds the state.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(state.0)
        hasher.combine(state.1)
        hasher.combine(state.2)
        hasher.combine(state.3)
    }

    private func rotate(_ word: UInt64, by count: UInt64) -> UInt64 {
        (word << count) | (word >> (64 - count))
    }

    private static func mix(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
