import Vocabulary

/// A Sobol sequence, scrambled by the seed.
///
/// Among any 2^k points from a multiple of 2^k on, every parameter falls once into each of 2^k
/// equal parts of its distribution. Pairs of the first dozen parameters are covered evenly from a
/// few hundred points on; among later ones it takes thousands. Scrambling is
/// nested uniform (Owen 1995) by hashing, which needs no state: Burley, "Practical Hash-based
/// Owen Scrambling", JCGT 9(4), 2020, with the permutation of Laine and Karras 2011.
///
/// Parameters beyond `SobolSequence.maximumDimensions` use the first dimensions again with the
/// points in a shuffled order (Burley's padding): each is still covered evenly by itself, but
/// pairs with parameters of another such group only as well as random draws cover them. Numbers
/// from 2^32 on repeat the sequence.
struct SobolSampler {
    private let plan: PointPlan
    private let sequence: SobolSequence
    private let seed: UInt64
    /// The scrambling of each dimension.
    private let scrambles: [UInt32]
    /// The order of the points for each group of dimensions after the first.
    private let shuffles: [UInt32]

    /// Points of `space` from the sequence that `seed` scrambles.
    init(space: SearchSpace, seed: UInt64) {
        plan = PointPlan(space)
        self.seed = seed
        sequence = SobolSequence(dimensions: plan.dimensions)
        // One stream for what all points share; the points' own streams are apart by their seed.
        var source = RandomSource(seed: ~seed)
        shuffles = (0...(plan.dimensions / SobolSequence.maximumDimensions)).map { _ in
            UInt32(truncatingIfNeeded: source.next())
        }
        scrambles = (0..<plan.dimensions).map { _ in UInt32(truncatingIfNeeded: source.next()) }
    }

    /// Point `number` of the sequence.
    func point(_ number: UInt64) -> [Assignment] {
        let index = UInt32(truncatingIfNeeded: number)
        var source = RandomSource(seed: seed, stream: number)
        return plan.point { dimension in
            let (group, column) = dimension.quotientAndRemainder(
                dividingBy: SobolSequence.maximumDimensions)
            let place = group == 0 ? index : Self.scramble(index, seed: shuffles[group])
            let coordinate = sequence.coordinate(column, of: place)
            let high = Self.scramble(coordinate, seed: scrambles[dimension])
            // Scrambling to infinite depth makes the bits below the sequence's random.
            return UInt64(high) << 32 | source.next() >> 32
        }
    }

    /// A random permutation under which each bit depends only on itself and those above it.
    private static func scramble(_ bits: UInt32, seed: UInt32) -> UInt32 {
        var word = bits.bitReversed &+ seed
        word ^= word &* 0x6c50_b47c
        word ^= word &* 0xb82f_1e52
        word ^= word &* 0xc7af_e638
        word ^= word &* 0x8d22_f6e6
        return word.bitReversed
    }
}

extension UInt32 {
    /// The bits in the opposite order.
    fileprivate var bitReversed: UInt32 {
        var word = byteSwapped
        word = (word & 0x0f0f_0f0f) << 4 | (word >> 4) & 0x0f0f_0f0f
        word = (word & 0x3333_3333) << 2 | (word >> 2) & 0x3333_3333
        return (word & 0x5555_5555) << 1 | (word >> 1) & 0x5555_5555
    }
}
