import Vocabulary

/// A density over the points of a space: a kernel around each of some points, and one as wide as
/// the space, which keeps every point possible.
///
/// Kernels are products over the dimensions, so what belongs together in good points stays
/// together: the multivariate form of Falkner, Klein and Hutter, "BOHB", ICML 2018. In a dimension
/// in which a kernel's point takes no part it is as wide as the space. The widths are those of
/// Watanabe, "Tree-Structured Parzen Estimator", arXiv 2304.11127, 2023, for that form.
struct ParzenDensity {
    /// The width of a kernel around a single point, as a share of the dimension.
    private static let width = 0.2

    /// The logarithms of how likely each of some values without an order is.
    private struct Table {
        /// Of a kernel as wide as the space.
        let plain: [Double]
        /// Of the value that a kernel lies around.
        let own: [Double]
        /// Of all others in such a kernel.
        let other: [Double]
    }

    /// One for each dimension; nil for numbers.
    private let tables: [Table?]
    /// How much of a kernel around one of the values of a dimension is spread over all of them.
    private let spreads: [Double]
    /// The standard deviation of the kernels of numbers: the more points, the narrower.
    private let deviation: Double
    /// The places of the points, one point after the other.
    private var places: [Double?] = []
    /// For each of `places` of a number, the logarithm of what makes its kernel's mass between 0
    /// and 1 equal to one.
    private var normalizers: [Double] = []
    private var count = 0

    /// The density around `points`, each with its place in every dimension.
    ///
    /// - Parameters:
    ///   - probabilities: How likely the values of each dimension are that have no order; nil for
    ///     numbers.
    ///   - points: The points; how many there are decides on the width of all kernels.
    init(probabilities: [[Double]?], points: [[Double?]]) {
        let exponent = -1 / Double(probabilities.count + 4)
        deviation =
            Self.width
            * Mathematics.exponential(
                exponent * Mathematics.logarithm(Double(max(1, points.count))))
        let spreads = probabilities.map { shares in
            let weight = Double(shares?.count ?? 0) / Double(points.count + 1)
            return weight / (1 + weight)
        }
        self.spreads = spreads
        tables = zip(probabilities, spreads).map { shares, spread in
            shares.map {
                Table(
                    plain: $0.map(Mathematics.logarithm),
                    own: $0.map { Mathematics.logarithm(spread * $0 + 1 - spread) },
                    other: $0.map { Mathematics.logarithm(spread * $0) })
            }
        }
        for point in points { add(point) }
    }

    /// Adds a kernel around `point`, as wide as the others.
    mutating func add(_ point: [Double?]) {
        count += 1
        places += point
        normalizers += zip(point, tables).map { place, table in
            guard let place, table == nil else { return 0 }
            return Mathematics.logarithm(deviation * mass(around: place))
                + Mathematics.logarithmOfRootOfTau
        }
    }

    /// The share of a kernel around `place` that lies between 0 and 1.
    private func mass(around place: Double) -> Double {
        Mathematics.normalProbability((1 - place) / deviation)
            - Mathematics.normalProbability(-place / deviation)
    }

    /// The logarithm of the density at a point.
    func logarithm(at point: [Double?]) -> Double {
        var logarithms = [
            zip(point, tables).reduce(0) { sum, dimension in
                guard let place = dimension.0, let table = dimension.1 else { return sum }
                return sum + table.plain[Int(place)]
            }
        ]
        logarithms.reserveCapacity(count + 1)
        for kernel in 0..<count {
            let first = kernel * tables.count
            var sum = 0.0
            for dimension in tables.indices {
                guard let place = point[dimension] else { continue }
                let center = places[first + dimension]
                if let table = tables[dimension] {
                    let row =
                        center == nil ? table.plain : center == place ? table.own : table.other
                    sum += row[Int(place)]
                } else if let center {
                    let distance = (place - center) / deviation
                    sum -= 0.5 * distance * distance + normalizers[first + dimension]
                }
            }
            logarithms.append(sum)
        }
        let greatest = logarithms.max() ?? 0
        guard greatest.isFinite else { return greatest }
        let sum = logarithms.reduce(0) { $0 + Mathematics.exponential($1 - greatest) }
        return greatest + Mathematics.logarithm(sum / Double(count + 1))
    }

    /// Draws the kernel of one point, or, as nil, the one that is as wide as the space.
    func kernel(from source: inout RandomSource) -> Int? {
        let kernel = Int(source.next(below: UInt64(count) + 1))
        return kernel < count ? kernel : nil
    }

    /// Draws a place in `dimension` from a kernel; nil to draw as if nothing were known.
    func place(in dimension: Int, of kernel: Int?, from source: inout RandomSource) -> Double? {
        guard let kernel, let center = places[kernel * tables.count + dimension] else {
            return nil
        }
        guard tables[dimension] == nil else {
            return source.nextUnit() < spreads[dimension] ? nil : center
        }
        let below = Mathematics.normalProbability(-center / deviation)
        let probability = below + source.nextUnit() * mass(around: center)
        let place = center + deviation * Mathematics.normalQuantile(min(probability, 1))
        return min(max(place, 0), 1)
    }
}
