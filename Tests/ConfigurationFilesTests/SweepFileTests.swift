import ConfigurationFiles
import Testing
import Vocabulary

struct SweepFileTests {
    @Test func `a file of W and B with a trainer is one experiment`() throws {
        let text = """
            name: from-wandb
            description: |
              Copied from a *W&B* project.
            method: random
            metric: {name: val_loss, goal: maximize, target: 0.9}
            run_cap: 20
            trainer: rehearsal
            early_terminate: {type: hyperband, max_iter: 27, s: 2}
            parameters:
              lr: {distribution: log_uniform_values, min: 1e-5, max: 1e-1}
              optimizer: {values: [adam, sgd]}
              epochs: {value: 27}
            """
        #expect(
            try spec(text)
                == SweepSpec(
                    name: "from-wandb",
                    objective: Objective(metric: "val_loss", goal: .maximize, target: 0.9),
                    experiments: [
                        ExperimentSpec(
                            name: "Exp1", trainer: .rehearsal,
                            space: SearchSpace([
                                Parameter(
                                    "lr", .float(Interval(1e-5, 1e-1, scale: .logarithmic))),
                                Parameter(
                                    "optimizer",
                                    .categorical([.string("adam"), .string("sgd")], weights: nil)),
                                Parameter("epochs", .constant(.integer(27))),
                            ]),
                            sampler: .random,
                            pruner: .asha(
                                HalvingRule(
                                    minimumStep: 3, reductionFactor: 3, maximumStep: 27)),
                            trials: 20)
                    ]))
    }

    @Test func `an experiment's keys win over those of the sweep`() throws {
        let text = """
            metric: {name: loss, goal: minimize}
            trainer: rehearsal
            method: random
            early_terminate: {type: median, min_iter: 4, startup_trials: 2}
            resources: {cpus: 2}
            time_limit: 1h30m
            parameters: {a: 1, b: 2}
            experiments:
              Same: {trials: 3}
              Other:
                trials: 4
                trainer: noop
                method: sobol
                early_terminate: {type: asha, min_iter: 2, max_iter: 16, eta: 2}
                resources: {cpus: 4, gpus: 0.5, labels: {zone: b, host: oven}, exclusive: true}
                time_limit: 90
                parameters: {c: 4, a: 3}
            """
        let experiments = try spec(text).experiments
        let same = SearchSpace([
            Parameter("a", .constant(.integer(1))), Parameter("b", .constant(.integer(2))),
        ])
        // What both have stays in its place, the rest follows.
        let other = SearchSpace([
            Parameter("a", .constant(.integer(3))), Parameter("b", .constant(.integer(2))),
            Parameter("c", .constant(.integer(4))),
        ])
        #expect(
            experiments == [
                ExperimentSpec(
                    name: "Same", trainer: .rehearsal, space: same, sampler: .random,
                    pruner: .median(MedianRule(startupTrials: 2, warmupSteps: 4)), trials: 3,
                    resources: Resources(cpus: 2), timeLimit: 5400),
                ExperimentSpec(
                    name: "Other", trainer: .noop, space: other, sampler: .sobol,
                    pruner: .asha(
                        HalvingRule(minimumStep: 2, reductionFactor: 2, maximumStep: 16)),
                    trials: 4,
                    resources: Resources(
                        cpus: 4, gpus: try #require(DeviceAmount(count: 0.5)),
                        labels: Labels([Label("host", "oven"), Label("zone", "b")]),
                        isExclusive: true), timeLimit: 90),
            ])
    }

    @Test func `everything around the search is read`() throws {
        let file = try SweepFile.parse(
            sweep(
                """
                model: demand
                priority: -3
                weight: 5
                concurrency: 7
                preempts: true
                seed: 7
                retries: {lost_worker: 0, trainer_error: 2}
                data:
                  path: a.csv
                  target: count
                  time: ts
                  columns: [t, "2"]
                  lags: [1, 24]
                  means: [24]
                  calendar: [hour, day_of_year]
                  split: {validation: 0.25, gate: 0.125}
                promotion: {finalists: 2, seeds: 4, confidence: 0.9, resamples: 500,
                  block_rows: 24, margin: 0.5}
                """), file: "folder/night.yaml")
        #expect(file.spec.name == "night")
        #expect(file.spec.model == "demand")
        #expect(file.spec.priority == -3)
        #expect(
            file.spec.sharing == SharingPolicy(weight: 5, concurrency: 7, preempts: true))
        #expect(file.spec.seed == 7)
        #expect(file.spec.retries == RetryPolicy(lostAttempts: 1, failedAttempts: 3))
        #expect(file.spec.data == nil)
        #expect(
            file.data
                == DataSpec(
                    path: "a.csv", target: "count", time: "ts", columns: ["t", "2"],
                    lags: [1, 24], means: [24], calendar: [.hour, .dayOfYear], validation: 0.25,
                    gate: 0.125))
        #expect(
            file.spec.promotion
                == PromotionPolicy(
                    finalists: 2, seeds: 4, confidence: 0.9, resamples: 500, blockRows: 24,
                    margin: 0.5))
        #expect(file.warnings == [])
    }

    @Test func `a model without promotion gets the usual gate`() throws {
        let text = sweep("model: m\ndata: {path: a, target: b, lags: [1]}")
        #expect(try spec(text).promotion == PromotionPolicy())
        #expect(try spec(sweep("")).promotion == nil)
    }

    @Test func `the reference names every key once in each table`() {
        let reference = SweepFile.reference
        for key in ["experiments", "early_terminate", "probabilities", "block_rows", "cpus"] {
            #expect(reference.contains("| `\(key)`"))
        }
        #expect(reference.contains("| `metric` (required) | a mapping with `name` and `goal` |"))
    }

    @Test func `a file with line ends of Windows and a byte order mark is read`() throws {
        let text = "\u{FEFF}" + sweep("name: w").replacing("\n", with: "\r\n")
        #expect(try spec(text).name == "w")
    }
}
