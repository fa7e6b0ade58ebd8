import Vocabulary

/// When a parameter takes part, with the deciding parameter found by its position.
enum Activation {
    /// Always.
    case always
    /// While the parameter at `parent` takes part with one of `values`, in their comparable form.
    case conditional(parent: Int, values: Set<ParameterValue>)
    /// In no point: its condition names no parameter before it.
    case never

    /// The activation of each parameter of `space`.
    static func resolve(_ space: SearchSpace) -> [Activation] {
        var positions: [String: Int] = [:]
        return space.parameters.enumerated().map { position, parameter in
            defer { positions[parameter.name] = position }
            guard let condition = parameter.condition else { return .always }
            guard let parent = positions[condition.parameter] else { return .never }
            return .conditional(
                parent: parent, values: Set(condition.values.map(\.comparableForm)))
        }
    }

    /// Whether the parameter takes part when the ones before it have `values`, nil for those that
    /// take no part.
    func holds(given values: [ParameterValue?]) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .conditional(let parent, let accepted):
            values[parent].map { accepted.contains($0.comparableForm) } ?? false
        }
    }
}

extension ParameterValue {
    /// The value, with whole real numbers as integers: a condition written `[1]` holds for 1.0.
    var comparableForm: ParameterValue {
        guard case .float(let value) = self, let whole = Int64(exactly: value) else { return self }
        return .integer(whole)
    }
}
