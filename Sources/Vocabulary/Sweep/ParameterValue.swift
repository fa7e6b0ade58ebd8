/// A value that a parameter takes.
package enum ParameterValue: Hashable, Sendable {
    /// A real number; never NaN or infinite.
    case float(Double)
    /// A whole number.
    case integer(Int64)
    /// A text, such as the name of a kernel.
    case string(String)
    /// A switch.
    case boolean(Bool)

    /// The number, also of a whole number or a switch (0 or 1); nil for a text.
    package var number: Double? {
        switch self {
        case .float(let value): value
        case .integer(let value): Double(value)
        case .boolean(let value): value ? 1 : 0
        case .string: nil
        }
    }
}

extension ParameterValue: CustomStringConvertible {
    /// The value as it stands in a sweep file.
    package var description: String {
        switch self {
        case .float(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .string(let value): value
        case .boolean(let value): "\(value)"
        }
    }
}

extension ParameterValue: Codable {
    /// Reads a plain scalar: boolean, whole number, number or text.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // A decoder says only by throwing which of the four kinds it does not hold.
        if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .float(value)
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    /// Writes a plain scalar.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .float(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        }
    }
}

/// A parameter's name with the value it takes in one trial.
package struct Assignment: Hashable, Sendable, Codable {
    /// The parameter's full name; nested ones are joined by full stops: `optimizer.momentum`.
    package var name: String
    /// What it is set to.
    package var value: ParameterValue

    /// Sets `name` to `value`.
    package init(_ name: String, _ value: ParameterValue) {
        self.name = name
        self.value = value
    }
}
