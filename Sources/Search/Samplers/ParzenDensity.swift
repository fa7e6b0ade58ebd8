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

    /// How likely the values of each dimension are that have no order; nil for numbers.
    private let probabilities: [[Double]?]
    /// The standard deviation of the kernels of numbers: the more points, the narrower.
    private let deviation: Double
    /// The places of the points, one point after the other.
    private var places: [Double?] = []
    /// What the logarithm of a kernel has to be lessened by in each of `places`, because none of
    /// it lies outside of the space.
    private var excess: [Double] = []
    private var count = 0

    /// The density around `points`, each with its place in every dimension.
    init(probabilities: [[Double]?], points: [[Double?]] = []) {
        self.probabilities = probabilities
        let exponent = -1 / Double(probabilities.count + 4)
        deviation =
            Self.width
            * Mathematics.exponential(
                exponent * Mathematics.logarithm(Double(max(1, points.count))))
        for point in points { add(point) }
    }

    /// Adds a kernel around `point`, as wide as the others.
    mutating func add(_ point: [Double?]) {
        count += 1
        places += point
        excess += zip(point, probabilities).map { place, shares in
            guard let place, shares == nil else { return 0 }
            return Mathematics.logarithm(deviation * mass(around: place))
                + Mathematics.logarithmOfRootOfTau
        }
    }

    /// The share of a kernel around `place` that lies between 0 and 1.
    private func mass(around place: Double) -> Double {
        Mathematics.normalProbability((1 - place) / deviation)
            - Mathematics.normalProbability(-place / deviation)
    }

    /// How much of a kernel around one of `choices` values is spread over all of them.
    private func spread(_ choices: Int) -> Double {
        let weight = Double(choices) / Double(count + 1)
        return weight / (1 + weight)
    }

    /// The logarithm of the density at a point.
    func logarithm(at point: [Double?]) -> Double {
        var logarithms = [plain(point)]
        logarithms.reserveCapacity(count + 1)
        for kernel in 0..<count {
            let first = kernel * probabilities.count
            var sum = 0.0
            for dimension in probabilities.indices {
                guard let place = point[dimension] else { continue }
                let center = places[first + dimension]
                if let shares = probabilities[dimension] {
                    sum += choice(Int(place), of: shares, around: center)
                } else if let center {
                    let distance = (place - center) / deviation
                    sum -= 0.5 * distance * distance + excess[first + dimension]
                }
            }
            logarithms.append(sum)
        }
        let greatest = logarithms.max() ?? 0
        guard greatest.isFinite else { return greatest }
        let sum = logarithms.reduce(0) { $0 + Mathematics.exponential($1 - greatest) }
        return greatest + Mathematics.logarithm(sum / Double(count + 1))
    }

    /// The logarithm of the kernel that is as wide as the space.
    private func plain(_ point: [Double?]) -> Double {
        zip(point, probabilities).reduce(0) { sum, dimension in
            guard let place = dimension.0, let shares = dimension.1 else { return sum }
            return sum + choice(Int(place), of: shares, around: nil)
        }
    }

    private func choice(_ index: Int, of shares: [Double], around center: Double?) -> Double {
        guard let center else { return Mathematics.logarithm(shares[index]) }
        let spread = spread(shares.count)
        let own = Int(center) == index ? 1 - spread : 0
        return Mathematics.logarithm(spread * shares[index] + own)
    }

    /// Draws the kernel of one point, or, as nil, the one that is as wide as the space.
    func kernel(from source: inout RandomSource) -> Int? {
        let kernel = Int(source.next(below: UInt64(count) + 1))
        return kernel < count ? kernel : nil
    }

    /// Draws a place in `dimension` from a kernel; nil to draw as if nothing were known.
    func place(in dimension: Int, of kernel: Int?, from source: inout RandomSource) -> Double? {
        guard let kernel, let center = places[kernel * probabilities.count + dimension] else {
            return nil
        }
        if let shares = probabilities[dimension] {
            return source.nextUnit() < spread(shares.count) ? nil : center
        }
        let below = Mathematics.normalProbability(-center / deviation)
        let probability = below + source.nextUnit() * mass(around: center)
        let place = center + deviation * Mathematics.normalQuantile(probability)
        return min(max(place, 0), 1)
    }
}
