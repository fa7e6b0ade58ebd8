import Vocabulary

/// The rules for stopping trials early, by the names that files use.
enum PrunerName: String, CaseIterable, Sendable {
    case hyperband
    case asha
    case median

    /// The keys that have a meaning for the rule.
    var keys: [String] {
        switch self {
        case .hyperband, .asha: ["type", "min_iter", "max_iter", "s", "eta", "strict"]
        case .median: ["type", "min_iter", "startup_trials"]
        }
    }
}

/// `early_terminate` as it was written.
struct PrunerDraft: Sendable {
    /// The mapping.
    let node: Node
    var type: PrunerName?
    var minimum: UInt64?
    var maximum: UInt64?
    var brackets: UInt32?
    var reduction: UInt32?
    var isStrict: Bool?
    var startupTrials: UInt32?

    /// A draft of `node`.
    init(node: Node) { self.node = node }

    /// What may stand in `early_terminate`.
    static let table = Table(
        "`early_terminate`", { PrunerDraft(node: $0) },
        fields: [
            Field(
                "type", .choice(of: "early_terminate type"), \.type, isRequired: true,
                "`asha` and `hyperband` are asynchronous successive halving; `median` stops what "
                    + "is worse than the median of the others."),
            Field(
                "min_iter", .integer(1...(.max)), \.minimum,
                "The step of the first rung; for `median` the steps before a trial can be "
                    + "stopped."),
            Field(
                "max_iter", .integer(1...(.max)), \.maximum,
                "The last step; rungs above it are not used."),
            Field(
                "s", .integer(1...64), \.brackets,
                "Rungs below `max_iter`, in place of `min_iter`: the first is at "
                    + "max_iter / eta^s."),
            Field(
                "eta", .integer(2...1000), \.reduction,
                "Each rung keeps one trial in so many and is so many times later; 3 without it."),
            Field(
                "strict", .boolean, \.isStrict,
                "Accepted for W&B's files; halving here decides at every rung at once."),
            Field(
                "startup_trials", .integer(1...(.max)), \.startupTrials,
                "Finished trials before the median rule is applied; 5 without it."),
        ])
}

extension Kind where Value == PrunerSpec {
    /// The `early_terminate` mapping.
    static let pruner = Kind<PrunerDraft>.mapping(PrunerDraft.table).then {
        draft, node, problems -> PrunerSpec? in
        guard let type = draft.type else { return nil }
        for entry in node.entries ?? []
        where !type.keys.contains(entry.key)
            && PrunerDraft.table.fields.contains(where: { $0.key == entry.key })
        {
            problems.error(
                "`\(entry.key)` has no meaning for `\(type.rawValue)`", at: entry.mark,
                entry.value.path, fix: "Delete it.")
        }
        switch type {
        case .median:
            return .median(
                MedianRule(
                    startupTrials: draft.startupTrials ?? MedianRule().startupTrials,
                    warmupSteps: draft.minimum ?? MedianRule().warmupSteps))
        case .asha, .hyperband: return draft.halving(into: &problems)
        }
    }
}

extension PrunerDraft {
    fileprivate func halving(into problems: inout Problems) -> PrunerSpec? {
        let reduction = reduction ?? HalvingRule().reductionFactor
        if isStrict == true, let entry = node.entry("strict") {
            problems.warn(
                "`strict` changes nothing: halving here decides at every rung at once",
                in: entry.value, fix: "Delete it.")
        }
        guard let entry = node.entry("s") else {
            if let minimum, let maximum, minimum > maximum, let place = node.entry("min_iter") {
                problems.error(
                    "`min_iter` (\(minimum)) is above `max_iter` (\(maximum))", in: place.value,
                    fix: "Swap the two.")
                return nil
            }
            if minimum == nil, type == .hyperband, node.entry("min_iter") == nil {
                problems.error(
                    "`hyperband` needs `min_iter`, or `max_iter` with `s`", in: node,
                    fix: "Add `min_iter:` with the step of the first decision.")
                return nil
            }
            return .asha(
                HalvingRule(
                    minimumStep: minimum ?? HalvingRule().minimumStep,
                    reductionFactor: reduction, maximumStep: maximum))
        }
        guard node.entry("min_iter") == nil, node.entry("max_iter") != nil else {
            problems.error(
                "`s` counts rungs down from `max_iter` and takes the place of `min_iter`",
                at: entry.mark, entry.value.path, fix: "Give `max_iter` and `s`, or `min_iter`.")
            return nil
        }
        guard let maximum, let brackets else { return nil }
        var first = maximum
        for _ in 0..<brackets { first /= UInt64(reduction) }
        guard first > 0 else {
            problems.error(
                "\(maximum) steps cannot be divided by \(reduction) \(brackets) times",
                in: entry.value, fix: "Lower `s`, or raise `max_iter`.")
            return nil
        }
        return .asha(
            HalvingRule(minimumStep: first, reductionFactor: reduction, maximumStep: maximum))
    }
}
