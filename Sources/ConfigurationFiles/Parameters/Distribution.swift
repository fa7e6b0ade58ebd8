import Vocabulary

/// The distributions by W&B's names.
enum Distribution: String, CaseIterable, Sendable {
    case constant
    case categorical
    case weightedCategorical = "categorical_w_probabilities"
    case intUniform = "int_uniform"
    case uniform
    case quantizedUniform = "q_uniform"
    case logUniform = "log_uniform"
    case logUniformValues = "log_uniform_values"
    case quantizedLogUniform = "q_log_uniform"
    case quantizedLogUniformValues = "q_log_uniform_values"
    case inverseLogUniform = "inv_log_uniform"
    case inverseLogUniformValues = "inv_log_uniform_values"
    case normal
    case quantizedNormal = "q_normal"
    case logNormal = "log_normal"
    case quantizedLogNormal = "q_log_normal"

    /// What the other keys of a parameter are for.
    struct Rule: Sendable {
        /// Keys that must be there.
        let required: [String]
        /// Keys that may be there.
        let optional: [String]
        /// How the keys become a domain.
        let shape: Shape
    }

    /// How the keys of a parameter become a domain.
    enum Shape: Sendable {
        /// `value`.
        case constant
        /// `values`, perhaps with `probabilities`.
        case categorical
        /// `min` … `max` as whole numbers.
        case integers
        /// `min` … `max` as real numbers, or as exponents of e.
        case range(Scale, areExponents: Bool)
        /// `mu` and `sigma`, of the value or of its logarithm.
        case normal(isLogarithmic: Bool)
    }

    /// The one table of what each distribution takes.
    var rule: Rule {
        let ends = ["min", "max"]
        let moments = ["mu", "sigma"]
        return switch self {
        case .constant: Rule(required: ["value"], optional: [], shape: .constant)
        case .categorical:
            Rule(required: ["values"], optional: ["probabilities"], shape: .categorical)
        case .weightedCategorical:
            Rule(required: ["values", "probabilities"], optional: [], shape: .categorical)
        case .intUniform: Rule(required: ends, optional: ["q", "scale"], shape: .integers)
        case .uniform:
            Rule(required: ends, optional: [], shape: .range(.linear, areExponents: false))
        case .quantizedUniform:
            Rule(required: ends, optional: ["q"], shape: .range(.linear, areExponents: false))
        case .logUniform:
            Rule(required: ends, optional: [], shape: .range(.logarithmic, areExponents: true))
        case .logUniformValues:
            Rule(required: ends, optional: [], shape: .range(.logarithmic, areExponents: false))
        case .quantizedLogUniform:
            Rule(required: ends, optional: ["q"], shape: .range(.logarithmic, areExponents: true))
        case .quantizedLogUniformValues:
            Rule(required: ends, optional: ["q"], shape: .range(.logarithmic, areExponents: false))
        case .inverseLogUniform:
            Rule(
                required: ends, optional: [],
                shape: .range(.inverseLogarithmic, areExponents: true))
        case .inverseLogUniformValues:
            Rule(
                required: ends, optional: [],
                shape: .range(.inverseLogarithmic, areExponents: false))
        case .normal:
            Rule(required: [], optional: moments, shape: .normal(isLogarithmic: false))
        case .quantizedNormal:
            Rule(required: [], optional: moments + ["q"], shape: .normal(isLogarithmic: false))
        case .logNormal:
            Rule(required: [], optional: moments, shape: .normal(isLogarithmic: true))
        case .quantizedLogNormal:
            Rule(required: [], optional: moments + ["q"], shape: .normal(isLogarithmic: true))
        }
    }

    /// Whether values are rounded to multiples of `q` even when no `q` is given; W&B's is 1.
    var isQuantized: Bool { rawValue.hasPrefix("q_") }

    /// Distributions of W&B that are missing, with what comes near.
    static let elsewhere: [(name: String, advice: String)] = [
        ("beta", "Use `uniform` between `min` and `max`, or `normal` with `mu` and `sigma`."),
        ("q_beta", "Use `q_uniform` between `min` and `max`, or `q_normal`."),
    ]

    /// The distribution that a parameter without `distribution:` has by its other keys, as W&B
    /// has it; nil when they say none.
    init?(inferredFrom draft: ParameterDraft) {
        let node = draft.node
        let hasFloat = [draft.lower, draft.upper, draft.quantum].contains {
            if case .float = $0 { true } else { false }
        }
        if node.entry("value") != nil {
            self = .constant
        } else if node.entry("values") != nil {
            self = .categorical
        } else if node.entry("min") != nil || node.entry("max") != nil {
            guard hasFloat else {
                self = .intUniform
                return
            }
            let isLogarithmic = draft.scale == .logarithmic
            if node.entry("q") != nil {
                self = isLogarithmic ? .quantizedLogUniformValues : .quantizedUniform
            } else {
                self = isLogarithmic ? .logUniformValues : .uniform
            }
        } else if node.entry("mu") != nil || node.entry("sigma") != nil {
            self = node.entry("q") == nil ? .normal : .quantizedNormal
        } else {
            return nil
        }
    }
}
