import Vocabulary

/// One parameter as it was written, before its keys are understood together.
struct ParameterDraft: Sendable {
    /// The mapping.
    let node: Node
    var value: ParameterValue?
    var values: [ParameterValue]?
    var probabilities: [Double]?
    var distribution: Distribution?
    var lower: Bound?
    var upper: Bound?
    var quantum: Bound?
    var mean: Double?
    var deviation: Double?
    var scale: Scale?
    var condition: ConditionDraft?
    var nested: [ParameterEntry]?

    /// A draft of `node`.
    init(node: Node) { self.node = node }

    /// The keys that say which values a parameter takes.
    static let domainKeys = [
        "value", "values", "probabilities", "min", "max", "q", "mu", "sigma", "scale",
    ]

    /// What may stand below a parameter's name.
    ///
    /// A computed property: `parameters` within it refers back to it.
    static var table: Table<ParameterDraft> {
        Table(
            "a parameter", { ParameterDraft(node: $0) }, fields: fields,
            foreign: ["a", "b"].map { ForeignKey($0, Distribution.elsewhere[0].advice) })
    }

    private static var fields: [Field<ParameterDraft>] {
        [
            Field("value", .parameterValue, \.value, "The only value."),
            Field(
                "values",
                .list(of: .parameterValue, limit: Limits.valuesPerParameter, noun: "a list"),
                \.values, "The values of a categorical parameter."),
            Field(
                "probabilities", .weights, \.probabilities,
                "The probability of each of `values`; together 1."),
            Field(
                "distribution",
                .choice(of: "distribution", elsewhere: Distribution.elsewhere), \.distribution,
                "How values are drawn; without it, the other keys say: `min` and `max` as whole "
                    + "numbers make `int_uniform`, other numbers `uniform`."),
            Field("min", .bound, \.lower, "The smallest value."),
            Field("max", .bound, \.upper, "The largest value, included."),
            Field("q", .bound, \.quantum, "Values are rounded to multiples of it."),
            Field("mu", .number(), \.mean, "The mean of a normal distribution; 0 without it."),
            Field(
                "sigma", .number("a number above 0", where: { $0 > 0 }), \.deviation,
                "The standard deviation of a normal distribution; 1 without it."),
            Field(
                "scale", .scale, \.scale,
                "`log` spreads `min` to `max` evenly in the logarithm."),
            Field(
                "when", .condition, \.condition,
                "`{other: value}` or `{other: [values]}`: the parameter takes part only while "
                    + "the other one, which stands before it, has such a value."),
            Field(
                "parameters", .parameters, \.nested,
                "Parameters whose names begin with this one's and a full stop."),
        ]
    }
}

/// A condition as it was written.
struct ConditionDraft: Sendable {
    /// The deciding parameter.
    let parameter: String
    /// Its values with their places.
    let values: [(value: ParameterValue, node: Node)]
    /// The whole of it.
    let node: Node
    /// Where the name of the deciding parameter stands.
    let mark: Mark
}

/// A parameter in the order of the file, with its full name.
struct ParameterEntry: Sendable {
    /// Nested names are joined by full stops.
    let name: String
    /// Where the name stands.
    let mark: Mark
    /// The parameter.
    let node: Node
    /// The values; nil when they were written wrongly.
    let domain: Domain?
    /// When it takes part; nil for always.
    let condition: ConditionDraft?
}

extension Kind where Value == [Double] {
    fileprivate static let weights = Kind("a list of numbers") { node, problems in
        guard case .sequence(let items) = node.content else {
            problems.mismatch(node, expected: "a list of numbers")
            return nil
        }
        let number = Kind<Double>.number("a probability above 0 and up to 1") { 0 < $0 && $0 <= 1 }
        let values = items.compactMap { number.read($0, &problems) }
        return values.count == items.count ? values : nil
    }
}

extension Kind where Value == Scale {
    fileprivate static let scale = Kind("`linear` or `log`") { node, problems in
        let scales: [String: Scale] = ["linear": .linear, "log": .logarithmic]
        guard case .text(let name) = node.scalar, let scale = scales[name] else {
            problems.mismatch(node, expected: "`linear` or `log`")
            return nil
        }
        return scale
    }
}

extension Kind where Value == ConditionDraft {
    fileprivate static let condition = Kind("a mapping `{other: value}`") { node, problems in
        guard let entries = node.entries, entries.count == 1, let entry = entries.first else {
            problems.error(
                "Expected one parameter with the values under which this one takes part",
                in: node, fix: "Write `when: {other: value}` or `when: {other: [a, b]}`.")
            return nil
        }
        let kind = Kind<ParameterValue>.parameterValue
        var values: [(value: ParameterValue, node: Node)] = []
        if case .sequence(let items) = entry.value.content {
            guard !items.isEmpty, items.count <= Limits.valuesPerParameter else {
                problems.error(
                    "The list of values has \(items.count) of them", in: entry.value,
                    fix: "Give 1 to \(Limits.valuesPerParameter).")
                return nil
            }
            for item in items {
                guard let value = kind.read(item, &problems) else { return nil }
                values.append((value, item))
            }
        } else if let value = kind.read(entry.value, &problems) {
            values = [(value, entry.value)]
        } else {
            return nil
        }
        return ConditionDraft(
            parameter: entry.key, values: values, node: node, mark: entry.mark)
    }
}
