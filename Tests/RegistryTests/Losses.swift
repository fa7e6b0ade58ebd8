import Vocabulary

/// Made-up losses with known properties.
enum Losses {
    /// Draws that are close to normal: sums of twelve uniform ones.
    static func normal(
        mean: Double, deviation: Double, count: Int, seed: UInt64
    ) -> [Double] {
        var source = RandomSource(seed: seed)
        return (0..<count).map { _ in
            let sum = (0..<12).reduce(0.0) { sum, _ in sum + source.nextUnit() }
            return mean + deviation * (sum - 6)
        }
    }

    /// Draws around zero that keep 0.8 of the one before: an autoregressive process whose mean
    /// over many rows varies three times as much as that of independent rows.
    static func walk(count: Int, seed: UInt64) -> [Double] {
        var previous = 0.0
        return normal(mean: 0, deviation: 0.6, count: count + 50, seed: seed).map { shock in
            previous = 0.8 * previous + shock
            return previous
        }.suffix(count)
    }

    /// Draws with mean 1 and a long right tail: squares of near-normal ones.
    static func skewed(count: Int, seed: UInt64) -> [Double] {
        normal(mean: 0, deviation: 1, count: count, seed: seed).map { $0 * $0 }
    }
}
