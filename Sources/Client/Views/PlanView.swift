import Vocabulary

/// A plan as text.
package enum PlanView {
    /// What the sweep would do, its data, its warnings, and the next step.
    package static func text(_ plan: Plan, file: String, on paper: Page) -> String {
        var pairs: [(name: String, value: StyledText)] = [
            ("sweep", StyledText(plan.name, .strong)),
            (
                "objective",
                StyledText("\(plan.objective.goal.rawValue) \(plan.objective.metric)")
            ),
            ("model", StyledText(plan.model ?? "– (the winner is not registered)")),
        ]
        if let data = plan.data {
            pairs.append(("data", StyledText(data.path)))
            pairs.append(
                (
                    "rows",
                    StyledText(
                        "\(HumanForm.count(data.training)) to train, "
                            + "\(HumanForm.count(data.validation)) to compare, "
                            + "\(HumanForm.count(data.gate)) for the gate alone")
                ))
            pairs.append(
                (
                    "features",
                    StyledText("\(data.features.count): ")
                        + data.features.joined(separator: ", ")
                ))
        }
        if let name = plan.dataSet { pairs.append(("data set", StyledText(name))) }
        var lines = paper.properties(pairs)
        lines += [.empty] + experiments(plan, width: paper.width) + [.empty]
        lines += paper.wrapped(total(plan))
        for warning in plan.warnings { lines += paper.wrapped(warning.description, .warning) }
        lines.append(
            StyledText("Next: ", .faint) + StyledText("picoml sweep submit \(file)", .accent))
        return paper.text(lines)
    }

    private static func experiments(_ plan: Plan, width: Int) -> [StyledText] {
        var table = TextTable([
            .init("EXPERIMENT", minimum: 4), .init("TRAINER"), .init("METHOD"),
            .init("SEARCHED", .right, rank: 2), .init("TRIALS", .right),
            .init("GRID", .right, rank: 4), .init("PRUNER", rank: 1),
            .init("CPUS", .right, rank: 3), .init("ROUNDS", .right, rank: 2),
        ])
        table.rows = plan.experiments.map { experiment in
            [
                StyledText(experiment.name, .accent), StyledText(experiment.trainer.rawValue),
                StyledText(experiment.method.rawValue), StyledText("\(experiment.parameters)"),
                StyledText(HumanForm.count(experiment.trials)),
                StyledText(experiment.gridSize.map { HumanForm.count($0) } ?? "∞"),
                StyledText(experiment.pruner ?? "–"), StyledText("\(experiment.cpus)"),
                StyledText(experiment.rounds.map { "≤ \(HumanForm.count($0))" } ?? "–"),
            ]
        }
        return table.lines(width: width)
    }

    private static func total(_ plan: Plan) -> String {
        let proof =
            plan.confirmations > 0
            ? ", of which \(HumanForm.count(plan.confirmations)) prove the winner" : ""
        let limits = plan.experiments.map(\.cpuSeconds)
        let cost = limits.reduce(0.0 as Double?) { sum, next in
            sum.flatMap { sum in next.map { sum + $0 } }
        }
        let time =
            cost.map { " At most \(HumanForm.duration(seconds: $0)) of CPU time in the search." }
            ?? ""
        return "At most \(HumanForm.count(plan.totalTrials, "trial"))\(proof).\(time)"
    }
}
