import Vocabulary

/// `metric` as it was written.
struct MetricDraft: Sendable {
    var name: String?
    var goal: Objective.Goal?
    var target: Double?

    /// What may stand in `metric`.
    static let table = Table(
        "`metric`", { _ in MetricDraft() },
        fields: [
            Field(
                "name", .text(), \.name, isRequired: true,
                "The name under which the trainer reports the metric, such as `rmse`."),
            Field(
                "goal", .choice(of: "goal", among: [.minimize, .maximize]), \.goal,
                isRequired: true,
                "Which way is better."),
            Field(
                "target", .number(), \.target,
                "A value that is good enough to end the search."),
        ],
        foreign: ["impute", "impute_while_running"].map {
            ForeignKey(
                $0, "It is ignored: a trial without a value is never compared with others.",
                severity: .warning)
        })
}

extension Kind where Value == Objective {
    /// The `metric` mapping.
    static let objective = Kind<MetricDraft>.mapping(MetricDraft.table).then {
        draft, _, _ -> Objective? in
        guard let name = draft.name, let goal = draft.goal else { return nil }
        return Objective(metric: name, goal: goal, target: draft.target)
    }
}
