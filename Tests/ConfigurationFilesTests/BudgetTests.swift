import ConfigurationFiles
import Testing
import Vocabulary

struct BudgetTests {
    private func grid(_ parameters: String, trials: String = "") -> String {
        "metric: {name: loss, goal: minimize}\ntrainer: noop\nmethod: grid\n\(trials)\n"
            + "parameters:\n\(parameters)"
    }

    private func trials(_ text: String) throws -> [UInt32] {
        try spec(text).experiments.map(\.trials)
    }

    @Test func `a total is shared evenly and the first ones get the rest`() throws {
        #expect(try trials(sweep("experiments: {A: {}, B: {}, C: {}}")) == [4, 3, 3])
        #expect(try trials(sweep("experiments: {A: {}, B: {trials: 5}, C: {}}")) == [3, 5, 2])
        let text = sweep("experiments: {A: {}, B: {}}")
        #expect(
            try trials(text.replacing("trials:", with: "run_cap:", maxReplacements: 1)) == [5, 5])
    }

    @Test func `a total that is too small or too large is named`() throws {
        expectProblem(
            sweep("experiments: {A: {trials: 10}, B: {}}"),
            "4:9 trials: The sweep has 10 trials; its experiments ask for 10 with `trials` of "
                + "their own, and 1 more share the rest.", fix: "at least 11")
        let file = try SweepFile.parse(sweep("experiments: {A: {trials: 3}}"), file: "s.yaml")
        #expect(file.warnings.map(\.message) == ["The experiments use 3 of 10 trials."])
        expectProblem(
            "metric: {name: a, goal: minimize}\ntrainer: noop\nmethod: random\n"
                + "parameters: {x: 1}\nexperiments:\n  A: {trials: 9000000}\n"
                + "  B: {trials: 9000000}",
            "7:3 experiments: The experiments have 18000000 trials; 10000000 are the limit.",
            fix: "Lower")
    }

    @Test(arguments: ["random", "sobol"])
    func `a search without an end of its own needs a budget`(_ method: String) {
        expectProblem(
            "metric: {name: a, goal: minimize}\ntrainer: noop\nmethod: \(method)\n"
                + "parameters: {x: {min: 1, max: 9}}\nexperiments:\n  A: {}",
            "6:3 experiments.A.trials: A has no `trials`, and a \(method) search has no end of "
                + "its own.", fix: "Add `trials:`")
    }

    @Test func `a grid without a budget has as many trials as points`() throws {
        #expect(try trials(grid("  x: {min: 0, max: 4}\n  y: {values: [a, b]}")) == [10])
        #expect(
            try trials(grid("  x: {min: 0.0, max: 0.3, q: 0.1}\n  y: {min: -5, max: 5, q: 2}"))
                == [20])
    }

    @Test func `a conditional parameter multiplies only its own branch`() throws {
        // linear: 1; tree: depth 1 alone, depth 2 with three rates.
        let text = grid(
            """
              kind: {values: [tree, linear]}
              depth: {min: 1, max: 2, when: {kind: tree}}
              rate: {values: [1, 2, 3], when: {depth: 2}}
            """)
        #expect(try trials(text) == [5])
    }

    @Test func `a grid over a continuous parameter is refused by name`() {
        expectProblem(
            grid("  x: {min: 0.1, max: 3}"),
            "6:3 parameters.x: A grid cannot enumerate `x`, which is continuous.",
            fix: "a step `q`")
        expectProblem(
            grid("  x: {mu: 0, sigma: 1}", trials: "trials: 3"),
            "6:3 parameters.x: A grid cannot enumerate `x`, which is continuous.",
            fix: "`values`")
    }

    @Test func `a grid that is too large is refused`() {
        expectProblem(
            grid("  x: {min: 0, max: 4000000000}"),
            "1:1 trials: The grid of Exp1 has 4000000001 points; 10000000 trials are the limit.",
            fix: "`method: sobol`")
        let wide = "{min: 0, max: 9223372036854775806}"
        expectProblem(
            grid("  x: \(wide)\n  y: \(wide)"),
            "1:1 trials: The grid of Exp1 has more than 18446744073709551615 points; 10000000 "
                + "trials are the limit.", fix: "fewer values")
    }

    @Test func `too many experiments are refused`() {
        let many = (1...65).map { "  E\($0): {}" }.joined(separator: "\n")
        expectProblem(
            sweep("experiments:\n" + many),
            "7:3 experiments: There are 65 experiments; 64 are the limit.", fix: "Split")
    }

    @Test func `a plan counts the search and the confirmations`() throws {
        let text = """
            metric: {name: rmse, goal: minimize}
            trainer: xgboost
            model: m
            data: {path: a.csv, target: b, lags: [1]}
            promotion: {finalists: 2, seeds: 3}
            parameters: {rounds: 9}
            experiments:
              Grid: {method: grid, trials: 50, parameters: {x: {min: 1, max: 4}}}
              Free:
                method: sobol
                trials: 5
                resources: {cpus: 2}
                parameters: {y: {min: 0.1, max: 0.5}}
                early_terminate: {type: asha, max_iter: 9}
            """
        let plan = SweepPlan(try SweepFile.parse(text, file: "s.yaml"))
        #expect(plan.experiments.map(\.trials) == [4, 5])
        #expect(plan.experiments.map(\.gridSize) == [4, nil])
        #expect(plan.experiments.map(\.maximumStep) == [nil, 9])
        #expect(plan.experiments.map(\.cpus) == [1, 2])
        #expect(plan.experiments.map(\.method) == [.grid, .sobol])
        #expect(plan.confirmations == 6)
        #expect(plan.totalTrials == 15)
    }

    @Test func `a search that learns has no more trials than points`() throws {
        let text =
            "metric: {name: loss, goal: minimize}\ntrainer: noop\nmethod: tpe\ntrials: 9\n"
            + "parameters: {x: {values: [1, 2, 3]}, y: {values: [a, b]}}"
        let file = try SweepFile.parse(text, file: "s.yaml")
        #expect(file.spec.experiments.map(\.trials) == [6])
        #expect(
            file.warnings.map(\.message) == [
                "The space of Exp1 has 6 points, and its 9 trials try none twice."
            ])
    }
}
