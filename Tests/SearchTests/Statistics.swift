/// Statistics that tell a right sample from a wrong one.
enum Statistics {
    /// Kolmogorov's distance of `sample` from the continuous distribution function `cumulative`,
    /// times the root of the sample's size; above 1.95 in one of 1,000 right samples.
    static func kolmogorov(_ sample: [Double], _ cumulative: (Double) -> Double) -> Double {
        let size = Double(sample.count)
        let distances = sample.sorted().enumerated().map { index, value in
            let expected = cumulative(value)
            return max(expected - Double(index) / size, Double(index + 1) / size - expected)
        }
        return (distances.max() ?? 1) * size.squareRoot()
    }

    /// Pearson's chi-square of `counts` against `shares`, as standard deviations from its mean.
    static func chiSquareExcess(_ counts: [Int], shares: [Double]) -> Double {
        let total = Double(counts.reduce(0, +))
        let sum = shares.reduce(0, +)
        let terms = zip(counts, shares).map { count, share in
            let expected = total * share / sum
            return (Double(count) - expected) * (Double(count) - expected) / expected
        }
        let freedom = Double(counts.count - 1)
        return (terms.reduce(0, +) - freedom) / (2 * freedom).squareRoot()
    }

    /// The L2 star discrepancy of points in the unit cube (Warnock's formula), squared.
    static func squaredDiscrepancy(_ points: [[Double]]) -> Double {
        let dimensions = points[0].count
        let size = Double(points.count)
        let single = points.reduce(0.0) { sum, point in
            sum + point.reduce(1) { $0 * (1 - $1 * $1) / 2 }
        }
        var double = 0.0
        for left in points {
            for right in points {
                var product = 1.0
                for dimension in 0..<dimensions {
                    product *= 1 - max(left[dimension], right[dimension])
                }
                double += product
            }
        }
        let constant = (0..<dimensions).reduce(1.0) { product, _ in product / 3 }
        return constant - 2 * single / size + double / (size * size)
    }

    /// The coefficient of correlation of two samples.
    static func correlation(_ left: [Double], _ right: [Double]) -> Double {
        let size = Double(left.count)
        let leftMean = left.reduce(0, +) / size
        let rightMean = right.reduce(0, +) / size
        var (product, leftSquare, rightSquare) = (0.0, 0.0, 0.0)
        for (first, second) in zip(left, right) {
            product += (first - leftMean) * (second - rightMean)
            leftSquare += (first - leftMean) * (first - leftMean)
            rightSquare += (second - rightMean) * (second - rightMean)
        }
        return product / (leftSquare * rightSquare).squareRoot()
    }
}
