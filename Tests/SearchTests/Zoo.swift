import Testing
import Vocabulary

/// A search space with a name for test output.
struct Specimen: CustomTestStringConvertible, Sendable {
    let name: String
    let space: SearchSpace

    var testDescription: String { name }

    /// Whether `point` gives a value of its domain to each parameter that takes part, in order,
    /// and to no other.
    func admits(_ point: [Assignment]) -> Bool {
        var rest = point[...]
        var values: [String: ParameterValue] = [:]
        for parameter in space.parameters {
            if let condition = parameter.condition {
                guard let value = values[condition.parameter],
                    condition.values.contains(value)
                else { continue }
            }
            guard let next = rest.popFirst(), next.name == parameter.name,
                parameter.domain.contains(next.value)
            else { return false }
            values[next.name] = next.value
        }
        return rest.isEmpty
    }
}

extension Domain {
    /// Whether `value` is one that the domain may give.
    func contains(_ value: ParameterValue) -> Bool {
        switch (self, value) {
        case (.constant(let only), _):
            return value == only
        case (.categorical(let values, _), _):
            return values.contains(value)
        case (.float(let interval), .float(let number)):
            guard number >= interval.lower, number <= interval.upper else { return false }
            guard let quantum = interval.quantum else { return true }
            let ratio = number / quantum
            return (ratio - ratio.rounded()).magnitude <= 4 * ratio.ulp
        case (.integer(let interval), .integer(let number)):
            return number >= interval.lower && number <= interval.upper
                && number % (interval.quantum ?? 1) == 0
        case (.normal(let normal), .float(let number)):
            guard number.isFinite, !normal.isLogarithmic || number > 0 || normal.quantum != nil
            else { return false }
            guard let quantum = normal.quantum else { return true }
            let ratio = number / quantum
            return (ratio - ratio.rounded()).magnitude <= 4 * ratio.ulp
        default:
            return false
        }
    }
}

/// Spaces that between them have every kind of domain, bound and condition.
enum Zoo {
    static let all = finite + infinite

    /// Spaces that a grid can enumerate.
    static let finite = [
        Specimen(name: "nothing", space: SearchSpace([])),
        Specimen(
            name: "a constant",
            space: SearchSpace([Parameter("seed", .constant(.integer(7)))])),
        Specimen(
            name: "every finite kind",
            space: SearchSpace([
                Parameter("depth", .integer(Interval(-2, 3))),
                Parameter("width", .integer(Interval(10, 100, quantum: 15))),
                Parameter("rate", .float(Interval(0, 0.3, quantum: 0.1))),
                Parameter("kind", .categorical([.string("a"), .boolean(true)], weights: [9, 1])),
                Parameter("version", .constant(.string("x"))),
            ])),
        Specimen(name: "branches", space: branches),
        Specimen(
            name: "a condition on a real number",
            space: SearchSpace([
                Parameter("scale", .float(Interval(-1, 1, quantum: 0.25))),
                Parameter(
                    "extra", .integer(Interval(1, 3)),
                    when: Condition(parameter: "scale", values: [.float(-0.5), .float(0.75)])),
            ])),
    ]

    /// `kernel` decides on `degree` and `gamma`, `degree` on `shift`.
    static let branches = SearchSpace([
        Parameter(
            "kernel", .categorical(["linear", "poly", "rbf"].map { .string($0) }, weights: nil)),
        Parameter(
            "degree", .integer(Interval(2, 4)),
            when: Condition(parameter: "kernel", values: [.string("poly")])),
        Parameter("cost", .categorical([.float(0.1), .float(1.5)], weights: nil)),
        Parameter(
            "shift", .categorical([.boolean(false), .boolean(true)], weights: nil),
            when: Condition(parameter: "degree", values: [.integer(3), .integer(4)])),
        Parameter(
            "gamma", .integer(Interval(1, 2)),
            when: Condition(parameter: "kernel", values: [.string("poly"), .string("rbf")])),
    ])

    private static let infinite = [
        Specimen(
            name: "every scale",
            space: SearchSpace([
                Parameter("linear", .float(Interval(-5, 5))),
                Parameter("logarithmic", .float(Interval(1e-5, 1, scale: .logarithmic))),
                Parameter("inverse", .float(Interval(0.5, 0.999, scale: .inverseLogarithmic))),
                Parameter(
                    "steps", .float(Interval(1e-3, 10, scale: .logarithmic, quantum: 1e-3))),
                Parameter("leaves", .integer(Interval(1, 1024, scale: .logarithmic))),
                Parameter("mirrored", .integer(Interval(1, 50, scale: .inverseLogarithmic))),
                Parameter("normal", .normal(Normal(mean: 3, deviation: 2))),
                Parameter("whole", .normal(Normal(mean: 3, deviation: 2, quantum: 0.5))),
                Parameter(
                    "positive", .normal(Normal(mean: 0, deviation: 1, isLogarithmic: true))),
            ])),
        Specimen(
            name: "the ends of the numbers",
            space: SearchSpace([
                Parameter("wide", .float(Interval(-1e308, 1e308))),
                Parameter(
                    "widest",
                    .float(
                        Interval(
                            -Double.greatestFiniteMagnitude, Double.greatestFiniteMagnitude))),
                Parameter(
                    "tiny",
                    .float(
                        Interval(
                            Double.leastNonzeroMagnitude, Double.greatestFiniteMagnitude,
                            scale: .logarithmic))),
                Parameter("narrow", .float(Interval(1, 1.0.nextUp, scale: .logarithmic))),
                Parameter("coarse", .float(Interval(-1e308, 1e308, quantum: 1e307))),
                Parameter("whole", .integer(Interval(Int64.min, Int64.max))),
                Parameter("multiples", .integer(Interval(Int64.min, Int64.max, quantum: 1 << 62))),
                Parameter("large", .integer(Interval(1, Int64.max, scale: .logarithmic))),
                Parameter("spread", .normal(Normal(mean: 1e308, deviation: 1e308))),
                Parameter(
                    "steep", .normal(Normal(mean: 0, deviation: 1e6, isLogarithmic: true))),
            ])),
        Specimen(
            name: "more parameters than Sobol dimensions",
            space: SearchSpace((0..<300).map { Parameter("p\($0)", .float(Interval(0, 1))) })),
    ]
}
