import Vocabulary

/// The step of a grid on the real numbers.
struct Quantum {
    private let size: Double

    /// Nil when there is no grid.
    init?(_ size: Double?) {
        guard let size, size > 0, size.isFinite else { return nil }
        self.size = size
    }

    /// The multiple of the quantum with `multiplier`.
    func multiple(_ multiplier: Double) -> Double {
        // Dividing by a whole number gives the double nearest to 3 · 0.1, multiplying does not.
        let inverse = 1 / size
        let product = inverse == inverse.rounded() ? multiplier / inverse : multiplier * size
        // Adding zero turns minus zero into zero, which is how people write it.
        return product + 0
    }

    /// The multiplier of the multiple nearest to `value`; nil when the quantum is finer than
    /// numbers of that size can be.
    func multiplier(_ value: Double, rounding: FloatingPointRoundingRule) -> Double? {
        let ratio = value / size
        guard ratio.magnitude < 0x1p53 else { return nil }
        let nearest = ratio.rounded()
        // 0.3 / 0.1 is 3, and only its rounding says otherwise.
        let isWhole = (ratio - nearest).magnitude <= 4 * ratio.ulp
        return isWhole ? nearest : ratio.rounded(rounding)
    }
}

/// The whole multiples of a quantum within a range of real numbers.
struct RealLattice {
    private let lower: Double
    private let upper: Double
    private let quantum: Quantum
    /// The smallest and the largest multiplier, both below 2^53 in size.
    let multipliers: ClosedRange<Int64>

    /// The multiples from `interval.lower` on; nil without a quantum, or when the quantum is
    /// finer than numbers of that size can be.
    init?(_ interval: Interval<Double>) {
        lower = interval.lower
        upper = max(interval.lower, interval.upper)
        guard let quantum = Quantum(interval.quantum),
            let first = quantum.multiplier(lower, rounding: .up),
            let last = quantum.multiplier(upper, rounding: .down)
        else { return nil }
        self.quantum = quantum
        // Without a multiple in the range, `value` clamps the nearest one into it.
        multipliers = Int64(first)...Int64(max(first, last))
    }

    /// The multiple with `multiplier`, within the range.
    func value(_ multiplier: Int64) -> Double {
        min(max(quantum.multiple(Double(multiplier)), lower), upper)
    }

    /// The multiplier of the multiple nearest to `value`, which lies in the range.
    func multiplier(nearest value: Double) -> Int64 {
        let nearest = quantum.multiplier(value, rounding: .toNearestOrAwayFromZero) ?? 0
        return min(max(Int64(nearest), multipliers.lowerBound), multipliers.upperBound)
    }
}

/// The whole multiples of a quantum within a range of whole numbers.
struct IntegerLattice {
    private let lower: Int64
    private let upper: Int64
    private let quantum: Int64
    /// The smallest and the largest multiplier.
    let multipliers: ClosedRange<Int64>

    /// The multiples in `interval`; of 1 when it has no quantum.
    init(_ interval: Interval<Int64>) {
        lower = interval.lower
        upper = max(interval.lower, interval.upper)
        quantum = max(1, interval.quantum ?? 1)
        let (first, firstRemainder) = lower.quotientAndRemainder(dividingBy: quantum)
        let (last, lastRemainder) = upper.quotientAndRemainder(dividingBy: quantum)
        let smallest = firstRemainder > 0 ? first + 1 : first
        let largest = lastRemainder < 0 ? last - 1 : last
        // Without a multiple in the range, `value` clamps the nearest one into it.
        multipliers = smallest...max(smallest, largest)
    }

    /// The multiple with `multiplier`, within the range.
    func value(_ multiplier: Int64) -> Int64 {
        let (product, overflow) = multiplier.multipliedReportingOverflow(by: quantum)
        guard !overflow else { return multiplier < 0 ? lower : upper }
        return min(max(product, lower), upper)
    }

    /// The multiplier of the multiple nearest to `value`, upwards at the middle.
    func multiplier(nearest value: Int64) -> Int64 {
        var (whole, remainder) = value.quotientAndRemainder(dividingBy: quantum)
        if remainder < 0 {
            remainder += quantum
            whole -= 1
        }
        if remainder > 0, remainder >= quantum - remainder { whole += 1 }
        return min(max(whole, multipliers.lowerBound), multipliers.upperBound)
    }
}
