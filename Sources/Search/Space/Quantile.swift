import Vocabulary

/// The inverse of a domain's distribution function: from a position in [0, 1) to a value.
///
/// Positions are 64 bits of a binary fraction, so that whole numbers are equally likely also in
/// ranges beyond the 53 bits of a `Double`. Every sampler draws positions and leaves the shape of
/// the domain to this type.
struct Quantile {
    private enum Shape {
        case constant(ParameterValue)
        case choice(
            [ParameterValue], cumulativeWeights: [Double], indexes: [ParameterValue: Int])
        case real(RealRange)
        case integer(IntegerRange)
        case normal(Normal)
    }

    private let shape: Shape

    /// Prepares `domain`, so that each value costs little.
    init(_ domain: Domain) {
        switch domain {
        case .constant(let value):
            shape = .constant(value)
        case .categorical(let values, let weights):
            shape = .choice(
                values, cumulativeWeights: Self.cumulate(weights ?? [], count: values.count),
                indexes: Dictionary(
                    values.enumerated().map { ($0.element, $0.offset) },
                    uniquingKeysWith: { first, _ in first }))
        case .float(let interval):
            shape = .real(RealRange(interval))
        case .integer(let interval):
            shape = .integer(IntegerRange(interval))
        case .normal(let normal):
            shape = .normal(normal)
        }
    }

    /// Whether every position gives the same value.
    var isConstant: Bool {
        if case .constant = shape { true } else { false }
    }

    /// The value at `position` / 2^64; nil for a choice between nothing.
    func value(at position: UInt64) -> ParameterValue? {
        switch shape {
        case .constant(let value):
            return value
        case .choice(let values, let cumulativeWeights, _):
            guard !values.isEmpty else { return nil }
            guard let total = cumulativeWeights.last else {
                return values[Int(position.multipliedFullWidth(by: UInt64(values.count)).high)]
            }
            let target = position.unit * total
            let index = cumulativeWeights.partitioningIndex { $0 > target }
            return values[min(index, values.count - 1)]
        case .real(let range):
            return .float(range.value(at: position))
        case .integer(let range):
            return .integer(range.value(at: position))
        case .normal(let normal):
            return .float(normal.value(at: position))
        }
    }

    /// How likely each of the values is that have no order; nil for numbers.
    var probabilities: [Double]? {
        guard case .choice(let values, let cumulativeWeights, _) = shape else { return nil }
        guard let total = cumulativeWeights.last else {
            return Array(repeating: 1 / Double(values.count), count: values.count)
        }
        return zip(cumulativeWeights, [0] + cumulativeWeights).map { ($0 - $1) / total }
    }

    /// The place of `value`; nil when it is none of the values.
    ///
    /// For a number, the share of the distribution below it, of which a whole number has half of
    /// its own; otherwise its index.
    func place(of value: ParameterValue) -> Double? {
        switch (shape, value) {
        case (.choice(_, _, let indexes), _):
            return indexes[value].map { Double($0) }
        case (.real(let range), .float(let number)):
            return range.place(of: number)
        case (.integer(let range), .integer(let number)):
            return range.place(of: number)
        case (.normal(let normal), .float(let number)):
            return normal.place(of: number)
        default:
            return nil
        }
    }

    /// Running sums of `weights`; empty when they give no preference.
    private static func cumulate(_ weights: [Double], count: Int) -> [Double] {
        guard weights.count == count, let largest = weights.max(), largest > 0,
            largest.isFinite
        else { return [] }
        var sum = 0.0
        return weights.map { weight in
            // Scaled, so that the sum of huge weights stays finite.
            sum += max(0, weight / largest)
            return sum
        }
    }
}

/// A range of real numbers with its scale.
private struct RealRange {
    private let lower: Double
    private let upper: Double
    private let isMirrored: Bool
    /// The logarithms of the bounds; nil on a linear scale.
    private let logarithms: (lower: Double, upper: Double)?
    private let lattice: RealLattice?

    init(_ interval: Interval<Double>) {
        lower = interval.lower
        upper = max(interval.lower, interval.upper)
        isMirrored = interval.scale == .inverseLogarithmic
        logarithms =
            interval.scale == .linear || lower <= 0
            ? nil : (Mathematics.logarithm(lower), Mathematics.logarithm(upper))
        lattice = RealLattice(interval)
    }

    func value(at position: UInt64) -> Double {
        // Mirrored because log(1 / x) is spread evenly from log(1 / upper) to log(1 / lower).
        let unit = (isMirrored ? ~position : position).unit
        let value =
            if let logarithms {
                Mathematics.exponential(
                    logarithms.lower * (1 - unit) + logarithms.upper * unit)
            } else {
                // Not lower + (upper - lower) · unit: that span may overflow.
                lower * (1 - unit) + upper * unit
            }
        let clamped = min(max(value, lower), upper)
        return lattice.map { $0.value($0.multiplier(nearest: clamped)) } ?? clamped
    }

    func place(of value: Double) -> Double? {
        let unit =
            if let logarithms {
                (Mathematics.logarithm(value) - logarithms.lower)
                    / (logarithms.upper - logarithms.lower)
            } else {
                // Halves, because the whole span may overflow.
                (value / 2 - lower / 2) / (upper / 2 - lower / 2)
            }
        return unit.asPlace(isMirrored: isMirrored)
    }
}

/// A range of whole numbers with its scale.
private struct IntegerRange {
    private let lower: Int64
    private let upper: Int64
    private let isMirrored: Bool
    /// The logarithms of the outer ends of the bounds' unit intervals; nil on a linear scale.
    private let logarithms: (lower: Double, upper: Double)?
    private let lattice: IntegerLattice

    init(_ interval: Interval<Int64>) {
        lower = interval.lower
        upper = max(interval.lower, interval.upper)
        isMirrored = interval.scale == .inverseLogarithmic
        // Half a unit at each end gives the bounds the weight of the numbers between them.
        logarithms =
            interval.scale == .linear || lower <= 0
            ? nil
            : (
                Mathematics.logarithm(Double(lower) - 0.5),
                Mathematics.logarithm(Double(upper) + 0.5)
            )
        lattice = IntegerLattice(interval)
    }

    func value(at position: UInt64) -> Int64 {
        let place = isMirrored ? ~position : position
        let value =
            if let logarithms {
                rounded(
                    Mathematics.exponential(
                        logarithms.lower * (1 - place.unit) + logarithms.upper * place.unit))
            } else {
                linear(place)
            }
        return lattice.value(lattice.multiplier(nearest: value))
    }

    func place(of value: Int64) -> Double? {
        let unit =
            if let logarithms {
                (Mathematics.logarithm(Double(value)) - logarithms.lower)
                    / (logarithms.upper - logarithms.lower)
            } else {
                (Double(value) - Double(lower) + 0.5) / (Double(upper) - Double(lower) + 1)
            }
        return unit.asPlace(isMirrored: isMirrored)
    }

    private func linear(_ position: UInt64) -> Int64 {
        let span = UInt64(bitPattern: upper &- lower)
        let (count, isFullRange) = span.addingReportingOverflow(1)
        let offset = isFullRange ? position : position.multipliedFullWidth(by: count).high
        return Int64(bitPattern: UInt64(bitPattern: lower) &+ offset)
    }

    private func rounded(_ value: Double) -> Int64 {
        guard let whole = Int64(exactly: value.rounded()) else { return upper }
        return min(max(whole, lower), upper)
    }
}

extension Normal {
    /// The value at `position` / 2^64; finite whatever the mean and the deviation are.
    fileprivate func value(at position: UInt64) -> Double {
        let draw = mean + deviation * Mathematics.normalQuantile(position.openUnit)
        let greatest = Double.greatestFiniteMagnitude
        var value = min(max(draw, -greatest), greatest)
        if isLogarithmic {
            value = min(
                max(Mathematics.exponential(value), .leastNormalMagnitude), greatest)
        }
        guard let quantum = Quantum(quantum),
            let multiplier = quantum.multiplier(value, rounding: .toNearestOrAwayFromZero)
        else { return value }
        return min(max(quantum.multiple(multiplier), -greatest), greatest)
    }

    fileprivate func place(of value: Double) -> Double? {
        let number = isLogarithmic ? Mathematics.logarithm(value) : value
        return Mathematics.normalProbability((number - mean) / deviation)
            .asPlace(isMirrored: false)
    }
}

extension Double {
    /// The fraction, kept between 0 and 1; nil when it is none, as in a range of one number.
    fileprivate func asPlace(isMirrored: Bool) -> Double? {
        guard !isNaN else { return nil }
        let place = Swift.min(Swift.max(self, 0), 1)
        return isMirrored ? 1 - place : place
    }
}

extension UInt64 {
    /// The binary fraction as a number in [0, 1).
    fileprivate var unit: Double { Double(self >> 11) * 0x1p-53 }

    /// The binary fraction as a number strictly between 0 and 1, symmetric about one half.
    fileprivate var openUnit: Double { (Double(self >> 12) + 0.5) * 0x1p-52 }
}
