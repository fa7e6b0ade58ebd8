import Vocabulary

/// A search space prepared for drawing points: conditions resolved, distributions tabulated.
struct PointPlan {
    private struct Step {
        let name: String
        let quantile: Quantile
        let activation: Activation
        /// The position of the parameter among those that vary.
        let dimension: Int
    }

    private let steps: [Step]
    /// How many parameters vary.
    let dimensions: Int

    /// Prepares `space`.
    init(_ space: SearchSpace) {
        var dimensions = 0
        let activations = Activation.resolve(space)
        steps = zip(space.parameters, activations).map { parameter, activation in
            let quantile = Quantile(parameter.domain)
            defer { dimensions += quantile.isConstant ? 0 : 1 }
            return Step(
                name: parameter.name, quantile: quantile, activation: activation,
                dimension: dimensions)
        }
        self.dimensions = dimensions
    }

    /// How likely the values of each dimension are that have no order; nil for numbers.
    var probabilities: [[Double]?] {
        steps.filter { !$0.quantile.isConstant }.map(\.quantile.probabilities)
    }

    /// Where `point` lies in each dimension (`Quantile.place`); nil where it does not take part.
    func places(of point: [Assignment]) -> [Double?] {
        var rest = point[...]
        var places = [Double?](repeating: nil, count: dimensions)
        for step in steps {
            guard let next = rest.first, next.name == step.name else { continue }
            rest.removeFirst()
            guard !step.quantile.isConstant else { continue }
            places[step.dimension] = step.quantile.place(of: next.value)
        }
        return places
    }

    /// Draws a point: `position` gives the place of a dimension as a binary fraction of 64 bits
    /// and is asked in the order of the parameters, only for those that vary and take part.
    func point(_ position: (_ dimension: Int) -> UInt64) -> [Assignment] {
        var values: [ParameterValue?] = []
        values.reserveCapacity(steps.count)
        var assignments: [Assignment] = []
        assignments.reserveCapacity(steps.count)
        for step in steps {
            guard step.activation.holds(given: values) else {
                values.append(nil)
                continue
            }
            let place = step.quantile.isConstant ? 0 : position(step.dimension)
            let value = step.quantile.value(at: place)
            values.append(value)
            if let value { assignments.append(Assignment(step.name, value)) }
        }
        return assignments
    }
}
