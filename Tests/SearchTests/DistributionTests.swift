import Search
import Testing
import Vocabulary

/// Shapes of the distributions that random draws have, and that the checks can tell wrong ones.
struct DistributionTests {
    private static let draws = 20_000

    @Test
    func `real numbers are spread as their scale says`() {
        let linear = numbers(.float(Interval(-3, 5)))
        #expect(Statistics.kolmogorov(linear) { ($0 + 3) / 8 } < 1.95)
        let span = Mathematics.logarithm(1000)
        for scale in [Scale.logarithmic, .inverseLogarithmic] {
            let sample = numbers(.float(Interval(0.01, 10, scale: scale)))
            let distance = Statistics.kolmogorov(sample) {
                Mathematics.logarithm($0 / 0.01) / span
            }
            #expect(distance < 1.95)
        }
    }

    @Test
    func `a wrong shape is told from a right one`() {
        let linear = numbers(.float(Interval(0, 1)))
        #expect(Statistics.kolmogorov(linear.map { $0 * $0.squareRoot() }) { $0 } > 5)
        #expect(Statistics.kolmogorov(linear.map { $0 * 0.95 }) { $0 } > 5)
        let normal = numbers(.normal(Normal(mean: 0, deviation: 1.1)))
        #expect(Statistics.kolmogorov(normal, standardNormal) > 3)
        #expect(Statistics.chiSquareExcess([2600, 2400, 2500, 2700], shares: [1, 1, 1, 1]) > 4)
    }

    @Test
    func `normal draws are normal`() {
        let normal = numbers(.normal(Normal(mean: 4, deviation: 3)))
        #expect(Statistics.kolmogorov(normal.map { ($0 - 4) / 3 }, standardNormal) < 1.95)
        let positive = numbers(.normal(Normal(mean: -1, deviation: 0.5, isLogarithmic: true)))
        let standardised = positive.map { (Mathematics.logarithm($0) + 1) / 0.5 }
        #expect(Statistics.kolmogorov(standardised, standardNormal) < 1.95)
    }

    @Test
    func `whole numbers are equally likely, the ends included`() {
        let counts = counts(of: numbers(.integer(Interval(-4, 5))), from: -4, to: 5)
        #expect(Statistics.chiSquareExcess(counts, shares: .init(repeating: 1, count: 10)) < 4)
    }

    @Test
    func `whole numbers on a logarithmic scale weigh as their unit intervals`() {
        let counts = counts(
            of: numbers(.integer(Interval(1, 16, scale: .logarithmic))), from: 1, to: 16)
        let shares = (1...16).map {
            Mathematics.logarithm((Double($0) + 0.5) / (Double($0) - 0.5))
        }
        #expect(Statistics.chiSquareExcess(counts, shares: shares) < 4)
        #expect(
            Statistics.chiSquareExcess(counts, shares: .init(repeating: 1, count: 16)) > 100)
    }

    @Test
    func `wide ranges of whole numbers are covered to the last bit`() {
        let values = numbers(.integer(Interval(0, Int64.max))) { value in
            guard case .integer(let number) = value else { return 0 }
            return Double(number & 1)
        }
        let odd = Int(values.reduce(0, +))
        #expect(Statistics.chiSquareExcess([odd, values.count - odd], shares: [1, 1]) < 4)
    }

    @Test
    func `weights are the odds`() {
        let values = (0..<5).map { ParameterValue.integer($0) }
        for weights in [[1, 2, 3, 4, 90.0], [1e308, 1e308, 1e307, 1e308, 1e308]] {
            let counts = counts(
                of: numbers(.categorical(values, weights: weights)), from: 0, to: 4)
            let shares = weights.map { $0 / 1e308 }
            #expect(Statistics.chiSquareExcess(counts, shares: shares) < 4)
        }
        let equal = counts(of: numbers(.categorical(values, weights: nil)), from: 0, to: 4)
        #expect(Statistics.chiSquareExcess(equal, shares: [1, 1, 1, 1, 1]) < 4)
    }

    @Test
    func `a quantum rounds to the nearest multiple within the range`() {
        let steps = numbers(.float(Interval(0, 0.35, quantum: 0.1)))
        #expect(Set(steps) == [0, 0.1, 0.2, 0.3])
        let counts = counts(of: steps.map { ($0 * 10).rounded() }, from: 0, to: 3)
        #expect(Statistics.chiSquareExcess(counts, shares: [0.5, 1, 1, 1]) < 4)
        let multiples = numbers(.integer(Interval(5, 34, quantum: 10)))
        #expect(Set(multiples) == [10, 20, 30])
    }

    @Test
    func `draws of different parameters and points are unrelated`() {
        let space = SearchSpace(["a", "b"].map { Parameter($0, .float(Interval(0, 1))) })
        let points = Sampler.suggest(
            .random, space: space, history: [], first: 0, count: Self.draws, seed: 3)
        let columns = [0, 1].map { column in points.compactMap { $0[column].value.number } }
        let limit = 4 / Double(Self.draws).squareRoot()
        #expect(Statistics.correlation(columns[0], columns[1]).magnitude < limit)
        #expect(
            Statistics.correlation(Array(columns[0].dropLast()), Array(columns[0].dropFirst()))
                .magnitude < limit)
    }

    private func numbers(
        _ domain: Domain, _ number: (ParameterValue) -> Double? = { $0.number }
    ) -> [Double] {
        Sampler.suggest(
            .random, space: SearchSpace([Parameter("x", domain)]), history: [], first: 0,
            count: Self.draws, seed: 20_26
        ).compactMap { number($0[0].value) }
    }

    private func counts(of sample: [Double], from first: Int, to last: Int) -> [Int] {
        (first...last).map { value in sample.count { $0 == Double(value) } }
    }

    /// The standard normal distribution function, from its series (Marsaglia 2004).
    private func standardNormal(_ value: Double) -> Double {
        guard value.magnitude < 8 else { return value < 0 ? 0 : 1 }
        var (sum, term, divisor) = (value, value, 1.0)
        while term.magnitude > 1e-17 {
            divisor += 2
            term *= value * value / divisor
            sum += term
        }
        let density = Mathematics.exponential(-value * value / 2) / (2 * Double.pi).squareRoot()
        return 0.5 + sum * density
    }
}
