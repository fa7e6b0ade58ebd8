import Vocabulary

/// The moving-block bootstrap of a mean.
///
/// Source: Künsch, "The jackknife and the bootstrap for general stationary observations", Annals
/// of Statistics 17(3), 1989; with blocks of one row it is Efron's bootstrap.
enum BlockBootstrap {
    /// The percentile interval for a mean.
    ///
    /// Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
    ///
    /// - Parameters:
    ///   - values: At least one.
    ///   - blockRows: Neighbouring values that are drawn together, from 1.
    ///   - resamples: How often a sample as long as `values` is drawn, from 1.
    ///   - confidence: Share of the resampled means within the interval.
    ///   - seed: Seed of the draws.
    /// - Returns: The ends of the interval.
    static func interval(
        forMeanOf values: [Double], blockRows: Int, resamples: Int, confidence: Double,
        seed: UInt64
    ) -> (lower: Double, upper: Double) {
        let count = Double(values.count)
        let mean = values.reduce(0) { $0 + $1 / count }
        let length = min(max(1, blockRows), values.count)
        let (blocks, rest) = values.count.quotientAndRemainder(dividingBy: length)
        // Sums around the mean, so that differences of running sums lose no digits to its size.
        var runningSums = [0.0]
        runningSums.reserveCapacity(values.count + 1)
        var sum = 0.0
        for value in values {
            sum += value - mean
            runningSums.append(sum)
        }
        let starts = values.count - length + 1
        let sums = { (rows: Int) in
            (0..<starts).map { runningSums[$0 + rows] - runningSums[$0] }
        }
        let blockSums = sums(length)
        let restSums = rest > 0 ? sums(rest) : []
        var source = RandomSource(seed: seed)
        var means = (0..<resamples).map { _ in
            var total = draw(blocks, of: blockSums, from: &source)
            if rest > 0 { total += draw(1, of: restSums, from: &source) }
            return mean + total / count
        }
        means.sort()
        let tail = Int(Double(resamples + 1) * (1 - confidence) / 2)
        let outside = min(max(0, tail - 1), (resamples - 1) / 2)
        return (means[outside], means[resamples - 1 - outside])
    }

    /// The sum of `count` members of `values`, drawn with replacement.
    private static func draw(
        _ count: Int, of values: [Double], from source: inout RandomSource
    ) -> Double {
        let bound = UInt64(values.count)
        var total = 0.0
        var left = count
        // Two members for each 64 bits: of a table of n members, one is drawn more often than
        // another by less than n / 2^32. A `while`, because this is nearly all the gate's time.
        while left > 1 {
            let bits = source.next()
            total += values[Int(truncatingIfNeeded: ((bits >> 32) &* bound) >> 32)]
            total += values[Int(truncatingIfNeeded: ((bits & 0xffff_ffff) &* bound) >> 32)]
            left -= 2
        }
        if left > 0 {
            total += values[Int(truncatingIfNeeded: ((source.next() >> 32) &* bound) >> 32)]
        }
        return total
    }
}
