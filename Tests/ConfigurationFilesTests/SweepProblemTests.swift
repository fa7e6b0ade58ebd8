import ConfigurationFiles
import Testing
import Vocabulary

struct SweepProblemTests {
    @Test(arguments: [
        ("trails: 5", "6:1 trails: A sweep has no key `trails`.", "Did you mean `trials`?"),
        ("nmae: x", "6:1 nmae: A sweep has no key `nmae`.", "Did you mean `name`?"),
        (
            "experiments:\n  Exp1: {trainr: noop}",
            "7:10 experiments.Exp1.trainr: An experiment has no key `trainr`.",
            "Did you mean `trainer`?"
        ),
        (
            "resources: {cpu: 1}", "6:13 resources.cpu: `resources` has no key `cpu`.", "`cpus`"
        ),
        (
            "retries: {lost_workers: 1}",
            "6:11 retries.lost_workers: `retries` has no key `lost_workers`.", "`lost_worker`"
        ),
        (
            "early_terminate: {type: asha, max_iters: 9}",
            "6:31 early_terminate.max_iters: `early_terminate` has no key `max_iters`.",
            "`max_iter`"
        ),
        (
            "data: {path: a, target: b, lag: [1]}",
            "6:28 data.lag: `data` has no key `lag`.", "Did you mean `lags`?"
        ),
        (
            "data: {path: a, target: b, lags: [1], split: {gates: 0.1}}",
            "6:47 data.split.gates: `split` has no key `gates`.", "Did you mean `gate`?"
        ),
        (
            "data: {path: a, target: b, lags: [1]}\nmodel: m\npromotion: {finalist: 2}",
            "8:13 promotion.finalist: `promotion` has no key `finalist`.", "`finalists`"
        ),
        ("job: a", "6:1 job: `job` is not used here.", "use `program:`"),
        ("image_uri: a", "6:1 image_uri: `image_uri` is not used here.", "use `program:`"),
        (
            "experiments:\n  Exp1: {code: a}",
            "7:10 experiments.Exp1.code: `code` is not used here.", "put it at the top"
        ),
        ("run_cap: 3", "6:1 run_cap: `run_cap` and `trials` mean the same.", "Delete one"),
        ("name:", "6:1 name: `name` has no value.", "delete the line"),
        ("trainer: noop", "6:1 trainer: `trainer` stands twice, in lines 2 and 6.", "Delete one"),
    ])
    func `keys that have no place are named`(_ lines: String, _ problem: String, _ fix: String) {
        expectProblem(sweep(lines), problem, fix: fix)
    }

    @Test(arguments: [
        ("name: 5", "6:7 name: Expected a text, found the number 5.", "Quote it: \"5\"."),
        ("name: [a]", "6:7 name: Expected a text, found a list.", ""),
        ("name: ''", "6:7 name: The text is empty.", ""),
        (
            "priority: 99999999999",
            "6:11 priority: Expected a whole number from -2147483648 to 2147483647, found the "
                + "number 99999999999.", ""
        ),
        (
            "seed: -1",
            "6:7 seed: Expected a whole number from 0 to 9223372036854775807, found the number "
                + "-1.", ""
        ),
        (
            "retries: {trainer_error: 1.0}",
            "6:26 retries.trainer_error: Expected a whole number from 0 to 99, found the number "
                + "1.0.", "Write 1."
        ),
        (
            "retries: 3", "6:10 retries: Expected a mapping (`retries`), found the number 3.",
            "`lost_worker:`"
        ),
        (
            "resources: {gpus: 1.5}",
            "6:19 resources.gpus: Expected a whole number of GPUs, or a share below 1, found the "
                + "number 1.5.", "Write `1`"
        ),
        (
            "resources: {cpus: 0}",
            "6:19 resources.cpus: Expected a whole number from 1 to 4096, found the number 0.", ""
        ),
        (
            "time_limit: 1x",
            "6:13 time_limit: Expected a time above zero and up to 365 days, found the text "
                + "\"1x\".", "`1h30m`"
        ),
        (
            "time_limit: 0",
            "6:13 time_limit: Expected a time above zero and up to 365 days, found the number "
                + "0.", ""
        ),
        (
            "experiments: []",
            "6:14 experiments: Expected a mapping from names to experiments, found a list.",
            "`Exp1:`"
        ),
        ("experiments: {}", "6:14 experiments: There are no experiments.", "Add one"),
        (
            "experiments:\n  Exp 1: {}",
            "7:3 experiments.Exp 1: Expected 1 to 64 of the characters A-Z, a-z, 0-9, _ and -, "
                + "found the text \"Exp 1\".", ""
        ),
        (
            "experiments:\n  Exp1: 3",
            "7:9 experiments.Exp1: Expected a mapping (an experiment), found the number 3.", ""
        ),
        (
            "model: -m\ndata: {path: a, target: b, lags: [1]}",
            "6:8 model: A model's name begins with a letter or digit.", "Rename"
        ),
        (
            "early_terminate: {min_iter: 1}",
            "6:18 early_terminate.type: `early_terminate` has no `type`.", "Add `type:`"
        ),
        (
            "early_terminate: {type: hyperbnd}",
            "6:25 early_terminate.type: There is no early_terminate type `hyperbnd`.",
            "Did you mean `hyperband`?"
        ),
        (
            "early_terminate: {type: asha, eta: 1}",
            "6:36 early_terminate.eta: Expected a whole number from 2 to 1000, found the number "
                + "1.", ""
        ),
        (
            "early_terminate: {type: hyperband}",
            "6:18 early_terminate: `hyperband` needs `min_iter`, or `max_iter` with `s`.",
            "Add `min_iter:`"
        ),
        (
            "early_terminate: {type: hyperband, max_iter: 8, s: 2}",
            "6:52 early_terminate.s: 8 steps cannot be divided by 3 2 times.", "Lower `s`"
        ),
        (
            "early_terminate: {type: asha, min_iter: 9, max_iter: 3}",
            "6:41 early_terminate.min_iter: `min_iter` (9) is above `max_iter` (3).", "Swap"
        ),
        (
            "early_terminate: {type: asha, min_iter: 9, s: 3}",
            "6:44 early_terminate.s: `s` counts rungs down from `max_iter` and takes the place of "
                + "`min_iter`.", "Give `max_iter` and `s`"
        ),
        (
            "early_terminate: {type: median, eta: 3}",
            "6:33 early_terminate.eta: `eta` has no meaning for `median`.", "Delete it."
        ),
    ])
    func `values of the wrong form are refused`(
        _ lines: String, _ problem: String, _ fix: String
    ) {
        expectProblem(sweep(lines), problem, fix: fix)
    }

    @Test(arguments: [
        (
            "data: {path: a, target: b, lags: [0]}",
            "6:35 data.lags[0]: Expected a whole number from 1 to 1000000, found the number 0.", ""
        ),
        (
            "data: {path: a, target: b, means: [24, 24]}",
            "6:40 data.means[1]: The number 24 stands twice in the list.", "Delete one"
        ),
        (
            "data: {path: a, target: b, columns: [b]}",
            "6:37 data.columns: The target `b` is among its own features.", "Delete it there"
        ),
        (
            "data: {path: a, target: b, calendar: [hour]}",
            "6:38 data.calendar: Calendar features need a time.", "Add `time:`"
        ),
        (
            "data: {path: a, target: b, time: t, calendar: [hours]}",
            "6:48 data.calendar[0]: There is no calendar feature `hours`.", "`hour`"
        ),
        (
            "data: {path: a, target: b, time: b, lags: [1]}",
            "6:34 data.time: The target and the time are the same column.", "Name two"
        ),
        ("data: {path: a, target: b}", "6:7 data: The data has no features.", "Add `columns`"),
        ("data: {target: b, lags: [1]}", "6:7 data.path: `data` has no `path`.", "Add `path:`"),
        (
            "data: {path: a, target: b, lags: [1], split: {validation: 0.5, gate: 0.5}}",
            "6:46 data.split: `validation` and `gate` leave no rows to train on.", "Lower"
        ),
        (
            "data: {path: a, target: b, lags: [1], split: {validation: 0}}",
            "6:59 data.split.validation: Expected a share above 0 and below 1, found the number "
                + "0.", ""
        ),
        (
            "model: m",
            "6:1 model: A version of `model` must pass the gate, and there is no data to judge it "
                + "on.", "Add `data:`"
        ),
        (
            "model: m\ndata: {path: a, target: b, lags: [1], split: {gate: 0}}",
            "7:7 data: A version of `model` must pass the gate, which has no rows.",
            "`split: {gate: 0.1}`"
        ),
        (
            "promotion: {}", "6:1 promotion: `promotion` has no model to promote a version of.",
            "Add `model:`"
        ),
        (
            "model: m\ndata: {path: a, target: b, lags: [1]}\npromotion: {confidence: 1}",
            "8:25 promotion.confidence: Expected a number above 0.5 and below 1, found the number "
                + "1.", ""
        ),
        (
            "model: m\ndata: {path: a, target: b, lags: [1]}\n"
                + "promotion: {finalists: 100, seeds: 3}",
            "8:12 promotion: 100 finalists with 3 seeds make 300 trainings; 256 are the limit.",
            "Lower"
        ),
    ])
    func `data and promotion must fit together`(
        _ lines: String, _ problem: String, _ fix: String
    ) {
        expectProblem(sweep(lines), problem, fix: fix)
    }

    @Test func `all problems come at once, in the order of the file`() {
        let found = problems(
            """
            metric: {nam: loss, goal: minimise}
            trainer: xgbost
            method: custom
            trials: 0
            parameters: {eta: {min: 1, max: 0}}
            experiments:
              Exp1: {trials: many}
            """)
        #expect(
            found.map { "\($0.line):\($0.column) \($0.fix)" } == [
                "1:10 Did you mean `name`?", "1:27 Did you mean `minimize`?",
                "2:10 Did you mean `xgboost`?",
                "3:9 Use `tpe`, `random`, `grid` or `sobol`.", "4:9 ",
                "5:25 Swap the two.", "7:18 ",
            ])
    }

    @Test func `what is missing is asked for`() {
        let found = problems("name: x")
        #expect(
            found.map(\.message) == [
                "A sweep has no `metric`.",
                "Exp1 has no `trainer`.", "Exp1 has no `method`.", "Exp1 has no `parameters`.",
            ])
        #expect(found.map(\.field) == ["metric", "trainer", "method", "parameters"])
        expectProblem(
            "metric: {name: loss}\ntrainer: noop\nmethod: random\ntrials: 1\nparameters: {x: 1}",
            "1:9 metric.goal: `metric` has no `goal`.", fix: "one of `minimize`, `maximize`")
        expectProblem(
            "metric: {name: a, goal: minimize}\ntrainer: xgboost\nmethod: random\ntrials: 1\n"
                + "parameters: {x: 1}",
            "1:1 data: The trainer `xgboost` needs data.", fix: "Add `data:`")
    }

    @Test func `a file of mistakes gives a bounded list`() {
        let lines = (0..<5000).map { "wrong\($0): 1" }.joined(separator: "\n")
        #expect(problems(lines).count == 200)
    }

    @Test func `keys of W and B without meaning here are warnings`() throws {
        let text = sweep("project: p\nentity: e\nearly_terminate: {type: asha, strict: true}")
        let file = try SweepFile.parse(text, file: "s.yaml")
        #expect(file.warnings.map(\.line) == [6, 7, 8])
        #expect(file.warnings.map(\.field) == ["project", "entity", "early_terminate.strict"])
        #expect(file.warnings.allSatisfy { $0.severity == .warning })
    }
}
