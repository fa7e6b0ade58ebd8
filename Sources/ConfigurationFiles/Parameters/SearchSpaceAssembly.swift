import Vocabulary

/// The search space of one experiment from the parameters of the sweep and its own.
enum SearchSpaceAssembly {
    /// The parameters of the sweep with those of the experiment in their places, then the
    /// experiment's further ones.
    static func merge(
        _ defaults: [ParameterEntry], with own: [ParameterEntry]
    ) -> [ParameterEntry] {
        let replacements = Dictionary(own.map { ($0.name, $0) }) { first, _ in first }
        let shared = Set(defaults.map(\.name))
        return defaults.map { replacements[$0.name] ?? $0 }
            + own.filter { !shared.contains($0.name) }
    }

    /// The space of `entries`; nil when one of them is not right, which was or is reported.
    static func space(
        of entries: [ParameterEntry], into problems: inout Problems
    ) -> SearchSpace? {
        guard entries.count <= Limits.parametersPerSpace else {
            if let entry = entries.last {
                problems.error(
                    "There are more than \(Limits.parametersPerSpace) parameters",
                    at: entry.mark, entry.node.path, fix: "Delete some.")
            }
            return nil
        }
        var positions: [String: Int] = [:]
        for (position, entry) in entries.enumerated() { positions[entry.name] = position }
        var parameters: [Parameter] = []
        for (position, entry) in entries.enumerated() {
            var condition: Condition?
            if let draft = entry.condition {
                condition = resolve(
                    draft, of: entry, at: position, among: entries, positions, into: &problems)
                guard condition != nil else { continue }
            }
            guard let domain = entry.domain else { continue }
            parameters.append(Parameter(entry.name, domain, when: condition))
        }
        return parameters.count == entries.count ? SearchSpace(parameters) : nil
    }

    private static func resolve(
        _ draft: ConditionDraft, of entry: ParameterEntry, at position: Int,
        among entries: [ParameterEntry], _ positions: [String: Int],
        into problems: inout Problems
    ) -> Condition? {
        let path = FieldPath.key(draft.node.path, draft.parameter)
        guard draft.parameter != entry.name else {
            problems.error(
                "A parameter cannot decide about itself", at: draft.mark, path,
                fix: "Name another one, or delete `when`.")
            return nil
        }
        guard let decider = positions[draft.parameter] else {
            problems.error(
                "There is no parameter `\(draft.parameter.clipped)` to decide", at: draft.mark,
                path,
                fix: Nearest.advice(
                    for: draft.parameter, among: entries[..<position].map(\.name)))
            return nil
        }
        guard decider < position else {
            problems.error(
                "`\(draft.parameter.clipped)` stands after `\(entry.name.clipped)`, about which "
                    + "it decides",
                at: draft.mark, path, fix: "Move it in front.")
            return nil
        }
        guard let domain = entries[decider].domain else { return nil }
        // Conditions on long lists must not be compared value by value.
        var choices: Set<ParameterValue> = []
        if case .categorical(let values, _) = domain { choices = Set(values) }
        var values: [ParameterValue] = []
        for (value, node) in draft.values {
            guard let value = member(value, of: domain, choices: choices) else {
                problems.error(
                    "`\(draft.parameter.clipped)` never is \(value.description.clipped)",
                    in: node, fix: advice(for: value, domain))
                return nil
            }
            values.append(value)
        }
        return Condition(parameter: draft.parameter, values: values)
    }

    /// `value` in the form in which `domain` has it; nil when it does not.
    private static func member(
        _ value: ParameterValue, of domain: Domain, choices: Set<ParameterValue>
    ) -> ParameterValue? {
        switch domain {
        case .constant(let only): return only == value ? value : nil
        case .categorical: return choices.contains(value) ? value : nil
        case .integer(let interval):
            guard case .integer(let number) = value,
                (interval.lower...interval.upper).contains(number),
                number.isMultiple(of: interval.quantum ?? 1)
            else { return nil }
            return value
        case .float(let interval):
            guard let quantum = interval.quantum, let number = value.number,
                (interval.lower...interval.upper).contains(number),
                GridSize.isWhole(number / quantum)
            else { return nil }
            return .float(number)
        case .normal: return nil
        }
    }

    private static func advice(for value: ParameterValue, _ domain: Domain) -> String {
        switch domain {
        case .constant(let only): return "It always is \(only.description.clipped)."
        case .categorical(let values, _):
            return Nearest.advice(for: value.description, among: values.map(\.description))
        case .integer(let interval):
            return "It is a whole number from \(interval.lower) to \(interval.upper)"
                + (interval.quantum.map { " in steps of \($0)." } ?? ".")
        case .float(let interval) where interval.quantum != nil:
            return "It is a multiple of `q` from \(interval.lower) to \(interval.upper)."
        case .float, .normal:
            return "It is continuous and hardly takes the same value twice; let a categorical "
                + "or whole-numbered parameter decide."
        }
    }
}
