import Foundation
import Vocabulary

extension ParameterDraft {
    /// What the keys say together; nil after a problem was reported.
    func domain(named name: Entry, into problems: inout Problems) -> Domain? {
        let written = node.entry("distribution") != nil
        // A distribution that was written wrongly says nothing about the other keys.
        if written, distribution == nil { return nil }
        guard let distribution = distribution ?? Distribution(inferredFrom: self) else {
            if node.entries?.isEmpty ?? true || condition != nil || !hasForeignKeys {
                problems.error(
                    "The parameter has no values", at: name.mark, name.value.path,
                    fix: "Give `value`, `values`, or `min` and `max`.")
            }
            return nil
        }
        guard hasRightKeys(for: distribution, into: &problems) else { return nil }
        switch distribution.rule.shape {
        case .constant: return value.map(Domain.constant)
        case .categorical: return categorical(into: &problems)
        case .integers: return integers(into: &problems)
        case .range(let scale, let areExponents):
            return range(distribution, scale, areExponents: areExponents, into: &problems)
        case .normal(let isLogarithmic):
            return normal(distribution, isLogarithmic: isLogarithmic, into: &problems)
        }
    }

    private var hasForeignKeys: Bool {
        let known = Set(Self.table.fields.map(\.key))
        return node.entries?.contains { !known.contains($0.key) } ?? false
    }

    private func hasRightKeys(
        for distribution: Distribution, into problems: inout Problems
    ) -> Bool {
        let rule = distribution.rule
        var isRight = true
        for key in rule.required where node.entry(key) == nil {
            isRight = false
            guard !Self.table.isMisspelled(key, in: node) else { continue }
            problems.error(
                "`\(distribution.rawValue)` needs `\(key)`", at: node.mark, .key(node.path, key),
                fix: "Add `\(key):`.")
        }
        for key in Self.domainKeys where !(rule.required + rule.optional).contains(key) {
            guard let entry = node.entry(key) else { continue }
            // A scale chose the distribution when none was written, so it is already used.
            if key == "scale", node.entry("distribution") == nil, node.entry("min") != nil {
                continue
            }
            let quantized = Distribution(rawValue: "q_" + distribution.rawValue)
            let advice = quantized.map { "Use `\($0.rawValue)`, or delete `q`." }
            problems.error(
                "`\(key)` has no meaning for `\(distribution.rawValue)`", at: entry.mark,
                entry.value.path, fix: (key == "q" ? advice : nil) ?? "Delete it.")
            isRight = false
        }
        return isRight
    }

    private func categorical(into problems: inout Problems) -> Domain? {
        guard let values, let place = node.entry("values")?.value else { return nil }
        guard !values.isEmpty else {
            problems.error("`values` is empty", in: place, fix: "Give at least one value.")
            return nil
        }
        guard let weights = node.entry("probabilities")?.value else {
            return .categorical(values, weights: nil)
        }
        guard let probabilities else { return nil }
        guard probabilities.count == values.count else {
            problems.error(
                "There are \(probabilities.count) probabilities for \(values.count) values",
                in: weights, fix: "Give one for each value.")
            return nil
        }
        let sum = probabilities.reduce(0, +)
        // Thirds written with three digits add up to 0.999.
        guard abs(sum - 1) < 0.0015 else {
            problems.error(
                "The probabilities add up to \(sum)", in: weights, fix: "Make it 1.")
            return nil
        }
        return .categorical(values, weights: probabilities)
    }

    private func integers(into problems: inout Problems) -> Domain? {
        guard let lower, let upper, let places = ends else { return nil }
        guard let first = lower.whole, let last = upper.whole else {
            let place = lower.whole == nil ? places.lower : places.upper
            problems.mismatch(
                place, expected: "a whole number", fix: "Use `uniform` for real numbers.")
            return nil
        }
        guard isAscending(first, last, places, into: &problems) else { return nil }
        guard !last.subtractingReportingOverflow(first).overflow else {
            problems.error(
                "The range has more than \(Int64.max) values", in: places.upper,
                fix: "Narrow it, or use `uniform`.")
            return nil
        }
        let scale = scale ?? .linear
        guard isAboveZero(lower.number, scale, places, into: &problems) else { return nil }
        var step: Int64?
        if let entry = node.entry("q") {
            guard let quantum else { return nil }
            guard let whole = quantum.whole, whole > 0, whole <= last - first else {
                problems.mismatch(
                    entry.value, expected: "a whole number from 1 to \(last - first)")
                return nil
            }
            step = whole
        }
        return .integer(Interval(first, last, scale: scale, quantum: step))
    }

    private func range(
        _ distribution: Distribution, _ scale: Scale, areExponents: Bool,
        into problems: inout Problems
    ) -> Domain? {
        guard let lower, let upper, let places = ends else { return nil }
        // W&B's `q_uniform` over whole numbers in whole steps gives whole numbers.
        if case .quantizedUniform = distribution, case .integer = lower, case .integer = upper,
            quantum == nil || quantum?.whole != nil
        {
            return integers(into: &problems)
        }
        guard isAscending(lower.number, upper.number, places, into: &problems) else { return nil }
        var (first, last) = (lower.number, upper.number)
        if areExponents {
            // W&B: the logarithm of 1/x lies between the two ends.
            let isInverse = scale == .inverseLogarithmic
            (first, last) = (exp(isInverse ? -last : first), exp(isInverse ? -first : last))
            guard first > 0, last.isFinite, first < last else {
                problems.error(
                    "`\(distribution.rawValue)` takes exponents of e, and these are out of range",
                    in: places.lower,
                    fix: "Use `\(distribution.rawValue)_values`, which takes the values.")
                return nil
            }
        } else if !isAboveZero(first, scale, places, into: &problems) {
            return nil
        }
        guard (last - first).isFinite else {
            problems.error("The range is too wide", in: places.upper, fix: "Narrow it.")
            return nil
        }
        guard let step = step(distribution, width: last - first, into: &problems) else {
            return nil
        }
        return .float(Interval(first, last, scale: scale, quantum: step.quantum))
    }

    private func normal(
        _ distribution: Distribution, isLogarithmic: Bool, into problems: inout Problems
    ) -> Domain? {
        if node.entry("mu") != nil, mean == nil { return nil }
        if node.entry("sigma") != nil, deviation == nil { return nil }
        guard let step = step(distribution, width: .infinity, into: &problems) else { return nil }
        return .normal(
            Normal(
                mean: mean ?? 0, deviation: deviation ?? 1, isLogarithmic: isLogarithmic,
                quantum: step.quantum))
    }

    private struct Step { var quantum: Double? }

    private func step(
        _ distribution: Distribution, width: Double, into problems: inout Problems
    ) -> Step? {
        guard let entry = node.entry("q") else {
            let quantum = distribution.isQuantized ? 1.0 : nil
            if let quantum, quantum > width {
                problems.error(
                    "Multiples of 1, which is `q` where none is given, do not fit the range",
                    in: node, fix: "Add a smaller `q:`.")
                return nil
            }
            return Step(quantum: quantum)
        }
        guard let quantum else { return nil }
        guard quantum.number > 0, quantum.number <= width else {
            problems.mismatch(
                entry.value,
                expected: "a number above 0"
                    + (width.isFinite ? " and not above the range's width, \(width)" : ""))
            return nil
        }
        return Step(quantum: quantum.number)
    }

    private typealias Ends = (lower: Node, upper: Node)

    private var ends: Ends? {
        guard let lower = node.entry("min"), let upper = node.entry("max") else { return nil }
        return (lower.value, upper.value)
    }

    private func isAscending<Number: Comparable>(
        _ lower: Number, _ upper: Number, _ places: Ends, into problems: inout Problems
    ) -> Bool {
        if lower < upper { return true }
        problems.error(
            "`min` (\(lower)) is not below `max` (\(upper))", in: places.lower,
            fix: lower == upper ? "Use `value:` for one value." : "Swap the two.")
        return false
    }

    private func isAboveZero(
        _ lower: Double, _ scale: Scale, _ places: Ends, into problems: inout Problems
    ) -> Bool {
        if scale == .linear || lower > 0 { return true }
        problems.error(
            "A logarithmic range begins above 0, not at \(lower)", in: places.lower,
            fix: "Raise `min`, or use a linear range.")
        return false
    }
}
