import SwiftProtobuf
import Vocabulary

extension SchemaParameter {
    init(_ parameter: Parameter) {
        name = parameter.name
        if let deciding = parameter.condition {
            condition.parameter = deciding.parameter
            condition.values = deciding.values.map { SchemaValue($0) }
        }
        switch parameter.domain {
        case .constant(let value): constant = SchemaValue(value)
        case .categorical(let values, let weights):
            categorical.values = values.map { SchemaValue($0) }
            categorical.weights = weights ?? []
            categorical.isWeighted = weights != nil
        case .float(let interval): float = SchemaFloatRange(interval)
        case .integer(let interval): integer = SchemaIntegerRange(interval)
        case .normal(let distribution): normal = SchemaNormal(distribution)
        }
    }

    func decoded() throws(WireError) -> Parameter {
        Parameter(
            name, try decodedDomain(),
            when: hasCondition
                ? Condition(
                    parameter: condition.parameter,
                    values: try Self.values(condition.values)) : nil)
    }

    private func decodedDomain() throws(WireError) -> Domain {
        switch domain {
        case .constant(let value): return .constant(try value.decoded(.disk))
        case .categorical(let choice):
            return .categorical(
                try Self.values(choice.values), weights: choice.isWeighted ? choice.weights : nil)
        case .float(let range): return .float(try range.decoded())
        case .integer(let range): return .integer(try range.decoded())
        case .normal(let distribution): return .normal(distribution.decoded())
        case nil: throw .invalid(field: "parameter.domain", problem: "is missing or unknown")
        }
    }

    private static func values(_ values: [SchemaValue]) throws(WireError) -> [ParameterValue] {
        try Structure.list(values) { value throws(WireError) in try value.decoded(.disk) }
    }
}

extension SchemaFloatRange {
    init(_ interval: Interval<Double>) {
        lower = interval.lower
        upper = interval.upper
        scale = interval.scale.schema
        if let step = interval.quantum { quantum = step }
    }

    func decoded() throws(WireError) -> Interval<Double> {
        Interval(
            lower, upper, scale: try Structure.present(Scale(scale), "float.scale"),
            quantum: hasQuantum ? quantum : nil)
    }
}

extension SchemaIntegerRange {
    init(_ interval: Interval<Int64>) {
        lower = interval.lower
        upper = interval.upper
        scale = interval.scale.schema
        if let step = interval.quantum { quantum = step }
    }

    func decoded() throws(WireError) -> Interval<Int64> {
        Interval(
            lower, upper, scale: try Structure.present(Scale(scale), "integer.scale"),
            quantum: hasQuantum ? quantum : nil)
    }
}

extension SchemaNormal {
    init(_ normal: Normal) {
        mean = normal.mean
        deviation = normal.deviation
        isLogarithmic = normal.isLogarithmic
        if let step = normal.quantum { quantum = step }
    }

    func decoded() -> Normal {
        Normal(
            mean: mean, deviation: deviation, isLogarithmic: isLogarithmic,
            quantum: hasQuantum ? quantum : nil)
    }
}
