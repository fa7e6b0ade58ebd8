import Vocabulary

/// How many combinations a search space has.
enum GridSize {
    /// The combinations of `space`: those under which a conditional parameter takes no part
    /// count once, whatever its values are; nil when a parameter is continuous or the number
    /// does not fit.
    static func combinations(of space: SearchSpace) -> UInt64? {
        // Parameters stand after those that decide about them, so going backwards finishes each
        // one before its decider. A parameter has one decider at most: they form a forest.
        var branches: [String: [(condition: Condition, combinations: UInt64)]] = [:]
        var total: UInt64 = 1
        for parameter in space.parameters.reversed() {
            guard
                let combinations = combinations(
                    of: parameter.domain, branches: branches[parameter.name] ?? [])
            else { return nil }
            if let condition = parameter.condition {
                branches[condition.parameter, default: []].append((condition, combinations))
            } else {
                let (product, overflow) = total.multipliedReportingOverflow(by: combinations)
                guard !overflow else { return nil }
                total = product
            }
        }
        return total
    }

    /// The values of `domain`; nil when it is continuous or has too many.
    static func cardinality(of domain: Domain) -> UInt64? {
        switch domain {
        case .constant: 1
        case .categorical(let values, _): UInt64(values.count)
        case .integer(let interval): cardinality(of: interval)
        case .float(let interval): interval.quantum.flatMap { cardinality(of: interval, step: $0) }
        case .normal: nil
        }
    }

    private static func combinations(
        of domain: Domain, branches: [(condition: Condition, combinations: UInt64)]
    ) -> UInt64? {
        guard let cardinality = cardinality(of: domain) else { return nil }
        var products: [ParameterValue: UInt64] = [:]
        for branch in branches {
            for value in Set(branch.condition.values) {
                let (product, overflow) = products[value, default: 1]
                    .multipliedReportingOverflow(by: branch.combinations)
                guard !overflow else { return nil }
                products[value] = product
            }
        }
        // Values that no branch names have one combination each. A sum does not depend on the
        // order in which a dictionary gives its values.
        var sum = cardinality - min(cardinality, UInt64(products.count))
        for product in products.values {
            let (next, overflow) = sum.addingReportingOverflow(product)
            guard !overflow else { return nil }
            sum = next
        }
        return sum
    }

    private static func cardinality(of interval: Interval<Int64>) -> UInt64? {
        let (width, overflow) = interval.upper.subtractingReportingOverflow(interval.lower)
        guard !overflow, width >= 0 else { return nil }
        guard let step = interval.quantum, step > 0 else { return UInt64(width) + 1 }
        let (first, firstRest) = interval.lower.quotientAndRemainder(dividingBy: step)
        let (last, lastRest) = interval.upper.quotientAndRemainder(dividingBy: step)
        // Division rounds towards zero; the multiples within the range are wanted.
        let count = (lastRest < 0 ? last - 1 : last) - (firstRest > 0 ? first + 1 : first) + 1
        return count > 0 ? UInt64(count) : nil
    }

    private static func cardinality(of interval: Interval<Double>, step: Double) -> UInt64? {
        let count =
            wholeNumber(near: interval.upper / step, else: .down)
            - wholeNumber(near: interval.lower / step, else: .up) + 1
        // Beyond this a Double does not tell neighbouring whole numbers apart.
        guard count >= 1, count <= 0x1p53 else { return nil }
        return UInt64(count)
    }

    /// `ratio` itself where only its rounding keeps it from being whole: 0.3 / 0.1 is 3.
    private static func wholeNumber(
        near ratio: Double, else rule: FloatingPointRoundingRule
    ) -> Double {
        isWhole(ratio) ? ratio.rounded() : ratio.rounded(rule)
    }

    /// Whether `ratio` is whole but for the rounding of a division.
    static func isWhole(_ ratio: Double) -> Bool {
        (ratio - ratio.rounded()).magnitude <= 4 * ratio.ulp
    }
}
