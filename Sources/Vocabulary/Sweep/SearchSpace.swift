/// What an experiment searches: parameters in the order of the sweep file.
package struct SearchSpace: Hashable, Sendable, Codable {
    /// The parameters; a condition names only parameters that stand before it.
    package var parameters: [Parameter]

    /// The space of `parameters`.
    package init(_ parameters: [Parameter]) { self.parameters = parameters }
}

/// One dimension of a search space.
package struct Parameter: Hashable, Sendable, Codable {
    /// The full name; nested ones are joined by full stops.
    package var name: String
    /// The values it may take.
    package var domain: Domain
    /// When it takes part at all; nil means always.
    package var condition: Condition?

    /// A dimension called `name`.
    package init(_ name: String, _ domain: Domain, when condition: Condition? = nil) {
        self.name = name
        self.domain = domain
        self.condition = condition
    }
}

/// A parameter takes part only while another one has one of some values.
package struct Condition: Hashable, Sendable, Codable {
    /// The full name of the deciding parameter.
    package var parameter: String
    /// The values of it under which the conditional parameter takes part.
    package var values: [ParameterValue]

    /// Takes part while `parameter` is one of `values`.
    package init(parameter: String, values: [ParameterValue]) {
        self.parameter = parameter
        self.values = values
    }
}

/// The values that one parameter may take.
package enum Domain: Hashable, Sendable, Codable {
    /// One value always.
    case constant(ParameterValue)
    /// One of some values; `weights` has a positive weight for each, or is nil for equal ones.
    case categorical([ParameterValue], weights: [Double]?)
    /// A real number of `lower` ... `upper`, `lower` < `upper`.
    case float(Interval<Double>)
    /// A whole number of `lower` ... `upper`, both included, `lower` < `upper`.
    case integer(Interval<Int64>)
    /// A real number from a normal distribution.
    case normal(Normal)
}

/// A closed range with the scale on which it is searched.
package struct Interval<Bound: Hashable & Sendable & Codable & Comparable>: Hashable, Sendable,
    Codable
{
    /// The smallest value.
    package var lower: Bound
    /// The largest value.
    package var upper: Bound
    /// How values are spread between the two.
    package var scale: Scale
    /// Values are the whole multiples of it within the range; nil for no grid.
    package var quantum: Bound?

    /// The range from `lower` to `upper`.
    package init(_ lower: Bound, _ upper: Bound, scale: Scale = .linear, quantum: Bound? = nil) {
        self.lower = lower
        self.upper = upper
        self.scale = scale
        self.quantum = quantum
    }
}

/// How values are spread over a range.
package enum Scale: String, Hashable, Sendable, Codable {
    /// Evenly.
    case linear
    /// Evenly in the logarithm; needs a lower bound above zero.
    case logarithmic
    /// Evenly in the logarithm of the reciprocal, W&B's `inv_log_uniform_values`: the distribution
    /// of `logarithmic`, walked from `upper` to `lower`; needs a lower bound above zero.
    case inverseLogarithmic
}

/// A normal distribution, or the exponential of one.
package struct Normal: Hashable, Sendable, Codable {
    /// Mean of the normal variable.
    package var mean: Double
    /// Standard deviation of the normal variable, above zero.
    package var deviation: Double
    /// Whether the value is e to the power of the normal variable.
    package var isLogarithmic: Bool
    /// Values are rounded to whole multiples of it; nil for none.
    package var quantum: Double?

    /// A normal distribution around `mean`.
    package init(
        mean: Double, deviation: Double, isLogarithmic: Bool = false, quantum: Double? = nil
    ) {
        self.mean = mean
        self.deviation = deviation
        self.isLogarithmic = isLogarithmic
        self.quantum = quantum
    }
}
