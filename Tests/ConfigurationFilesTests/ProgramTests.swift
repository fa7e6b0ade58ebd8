import ConfigurationFiles
import Testing
import Vocabulary

struct ProgramTests {
    /// A file in the form that W&B documents.
    private static let foreign = """
        program: train.py
        command:
          - ${env}
          - ${interpreter}
          - -u
          - ${program}
          - --epochs
          - 5
          - --amp
          - true
          - ${args}
        name: forest-cover
        description: Two settings of a small network
        project: forests
        entity: a-team
        method: random
        run_cap: 40
        metric:
          name: val_loss
          goal: minimize
        early_terminate:
          type: hyperband
          max_iter: 27
          s: 2
          eta: 3
        parameters:
          learning_rate:
            distribution: log_uniform_values
            min: 0.0001
            max: 0.1
          batch_size:
            values: [16, 32, 64]
          optimizer:
            parameters:
              kind:
                values: ["adam", "sgd"]
              momentum:
                value: 0.9
        """

    private func read(_ lines: String) throws -> [Program?] {
        try spec(programs(lines)).experiments.map(\.program)
    }

    private func words(_ lines: String) throws -> [String] {
        guard case .command(let words) = try read(lines).first??.action else {
            Issue.record("no command was read")
            return []
        }
        return words
    }

    private func warnings(_ text: String) throws -> [String] {
        try SweepFile.parse(text, file: "s.yaml").warnings.map {
            "\($0.line):\($0.column) \($0.field): \($0.message)"
        }
    }

    @Test func `a file of W and B runs its program`() throws {
        let file = try SweepFile.parse(Self.foreign, file: "cover.yaml")
        let values = { (texts: [String]) in texts.map(ParameterValue.string) }
        #expect(
            file.spec
                == SweepSpec(
                    name: "forest-cover",
                    objective: Objective(metric: "val_loss", goal: .minimize),
                    experiments: [
                        ExperimentSpec(
                            name: "Exp1", trainer: .command,
                            space: SearchSpace([
                                Parameter(
                                    "learning_rate",
                                    .float(Interval(0.0001, 0.1, scale: .logarithmic))),
                                Parameter(
                                    "batch_size",
                                    .categorical([16, 32, 64].map { .integer($0) }, weights: nil)),
                                Parameter(
                                    "optimizer.kind",
                                    .categorical(values(["adam", "sgd"]), weights: nil)),
                                Parameter("optimizer.momentum", .constant(.float(0.9))),
                            ]),
                            pruner: .asha(
                                HalvingRule(minimumStep: 3, reductionFactor: 3, maximumStep: 27)),
                            trials: 40,
                            program: Program(
                                action: .command([
                                    "${env}", "${interpreter}", "-u", "train.py", "--epochs", "5",
                                    "--amp", "true", "${args}",
                                ])))
                    ]))
        #expect(file.code == ".")
        #expect(file.data == nil)
        #expect(file.warnings.map(\.field) == ["project", "entity"])
    }

    @Test func `a program without a command is called as W and B does`() throws {
        #expect(
            try words("program: tools/train.py")
                == ["${env}", "${interpreter}", "tools/train.py", "${args}"])
    }

    @Test(arguments: [("train.sh", "./train.sh"), ("./bin/train", "./bin/train")])
    func `a program of another language is called itself`(
        _ program: String, _ word: String
    ) throws {
        #expect(try words("program: \(program)") == [word, "${args}"])
    }

    @Test func `the words of a command are taken as they are written`() throws {
        #expect(
            try words("command: [./run, 1e-3, 0x10, True, '', \"null\", \"two words\"]")
                == ["./run", "1e-3", "0x10", "True", "", "null", "two words"])
    }

    @Test func `every macro that a worker knows is let through`() throws {
        let macros =
            [
                "params.lr", "params.net.depth", "seed", "trial", "attempt", "experiment",
                "data.search", "data.gate", "params_file", "checkpoint_dir", "directory",
                "code_dir", "env", "interpreter", "args", "args_no_hyphens",
                "args_no_boolean_flags", "args_json", "args_json_file", "envvar:HOME_2",
            ].map { "--x=${\($0)}/y" } + ["$${any}", "$$${", "$", "{}", "$(x)", "$HOME"]
        let lines = "data: {path: a.csv, target: b, lags: [1]}\ncommand:\n"
        #expect(try words(lines + macros.map { "  - '\($0)'\n" }.joined()) == macros)
    }

    @Test func `the name of the program stands in place of its macro`() throws {
        let lines = "program: a.py\ncommand:\n  - python3\n  - x${program}y${program}z${seed}"
        #expect(try words(lines) == ["python3", "xa.pyya.pyz${seed}"])
        #expect(
            try words("program: a.py\ncommand:\n  - $${program}\n  - $$${program}")
                == ["$${program}", "$$${program}"])
    }

    @Test func `a function of Python is an entry`() throws {
        #expect(
            try read("entry: train.py:train")
                == [Program(action: .python(entry: "train.py:train", isReused: false))])
        let lines = """
            trainer: python
            entry: ./models/net.py:_größe2
            reuse: true
            environment: {requirements: env/requirements.txt}
            """
        #expect(
            try read(lines) == [
                Program(
                    action: .python(entry: "./models/net.py:_größe2", isReused: true),
                    environment: .requirements("env/requirements.txt"))
            ])
        let image = "docker.io/library/python:3.12-slim"
        #expect(
            try read("entry: a.py:b\nenvironment: {image: \"\(image)\"}") == [
                Program(
                    action: .python(entry: "a.py:b", isReused: false), environment: .image(image))
            ])
        #expect(
            try read("entry: a.py:b\nreuse: false\nenvironment: system") == [
                Program(action: .python(entry: "a.py:b", isReused: false))
            ])
    }

    @Test func `metrics come from the output where the file says so`() throws {
        #expect(try read("program: a\nmetrics_from: output").first??.readsOutput == true)
        #expect(try read("program: a\nmetrics_from: channel").first??.readsOutput == false)
        #expect(try read("program: a").first??.readsOutput == false)
    }

    @Test(arguments: [
        ("entry: a.py:b", Trainer.python), ("program: a", .command), ("command: [a]", .command),
        ("program: a\ncommand: [a]", .command),
        // What is written wins over what is implied, at either place.
        ("entry: a.py:b\nexperiments: {A: {trainer: noop}, B: {trainer: python}}", .noop),
        ("trainer: noop\nexperiments: {A: {entry: 'a.py:b'}}", .python),
        ("entry: a.py:b\nexperiments: {A: {program: a}, B: {}}", .command),
        (
            "entry: a.py:b\nprogram: a\ntrainer: python\nexperiments:\n  A: {}\n  B: {program: b}",
            .python
        ),
    ])
    func `the keys imply the trainer`(_ lines: String, _ trainer: Trainer) throws {
        #expect(try spec(programs(lines)).experiments.first?.trainer == trainer)
    }

    @Test func `an experiment's own keys win one by one`() throws {
        let lines = """
            program: a.py
            command: [python3, "${program}"]
            metrics_from: output
            environment: {requirements: r.txt}
            experiments:
              Same: {}
              Other: {program: b.py, environment: system}
              Third: {command: ["${program}", "${params.width}"], parameters: {width: 3}}
              Function: {entry: "c.py:d"}
              Table: {trainer: rehearsal}
            """
        let requirements = EnvironmentSpec.requirements("r.txt")
        #expect(
            try read(lines) == [
                Program(
                    action: .command(["python3", "a.py"]), environment: requirements,
                    readsOutput: true),
                Program(action: .command(["python3", "b.py"]), readsOutput: true),
                Program(
                    action: .command(["a.py", "${params.width}"]), environment: requirements,
                    readsOutput: true),
                Program(
                    action: .python(entry: "c.py:d", isReused: false), environment: requirements),
                nil,
            ])
    }

    @Test func `the code is packed where a program runs`() throws {
        func code(_ text: String) throws -> String? {
            try SweepFile.parse(text, file: "s.yaml").code
        }
        #expect(try code(programs("program: a")) == ".")
        #expect(try code(programs("entry: a.py:b\ncode: ../src")) == "../src")
        #expect(
            try code(programs("code: c\nexperiments: {A: {trainer: noop}, B: {program: b}}"))
                == "c")
        #expect(try code(programs("trainer: noop")) == nil)
        let idle = programs("trainer: noop\ncode: src")
        #expect(try code(idle) == nil)
        #expect(
            try warnings(idle)
                == ["6:7 code: Only programs are packed, and no experiment runs one."])
        #expect(try warnings(programs("program: a\ncode: src")) == [])
    }

    @Test func `the method bayes of Weights & Biases is the one that learns`() throws {
        let file = try SweepFile.parse(
            "metric: {name: loss, goal: minimize}\ntrainer: noop\nmethod: bayes\ntrials: 1\n"
                + "parameters: {x: {min: 0.0, max: 1.0}}", file: "s.yaml")
        #expect(file.spec.experiments[0].sampler == .tpe)
        let warning = try #require(file.warnings.first)
        #expect((warning.line, warning.column) == (3, 9))
        #expect(warning.fix == "Write `method: tpe`.")
    }

    @Test func `a program that the shared command does not call is warned about`() throws {
        let lines = "program: a\ncommand: [b]\nexperiments: {A: {program: c}}"
        #expect(
            try warnings(programs(lines)) == [
                "7:28 experiments.A.program: The `command` at the top does not use `program`."
            ])
        #expect(try warnings(programs("program: a\ncommand: [b]")) == [])
        let right = "command: [\"${program}\"]\nexperiments: {A: {program: c}}"
        #expect(try warnings(programs(right)) == [])
    }

    @Test func `a macro of a conditional parameter is warned about`() throws {
        let parameters = "parameters: {a: {values: [1, 2]}, b: {value: 3, when: {a: 1}}}"
        let lines = "experiments: {A: {\(parameters), command: [x, '${params.a}']}}"
        #expect(try warnings(programs(lines)) == [])
        #expect(
            try warnings(programs(lines.replacing("params.a", with: "params.b"))) == [
                "5:96 experiments.A.command[1]: Trials of A in which `b` takes no part will fail."
            ])
    }

    @Test func `programs may have data and need none`() throws {
        let lines = "program: a\ndata: {path: a.csv, target: b, lags: [1]}"
        let file = try SweepFile.parse(programs(lines), file: "s.yaml")
        #expect(file.data?.path == "a.csv")
        #expect(file.warnings == [])
        #expect(try SweepFile.parse(programs("program: a"), file: "s.yaml").data == nil)
    }

    @Test func `a plan of programs counts their trials`() throws {
        let file = try SweepFile.parse(programs("entry: a.py:b"), file: "s.yaml")
        #expect(SweepPlan(file).experiments.map(\.trainer) == [.python])
        #expect(SweepPlan(file).totalTrials == 10)
    }

    @Test func `the reference tells about programs`() {
        for key in ["entry", "reuse", "command", "program", "metrics_from", "environment"] {
            // Once at the top and once below an experiment.
            #expect(SweepFile.reference.components("| `\(key)` |") == 2)
        }
        #expect(SweepFile.reference.components("| `code` |") == 2)
        #expect(SweepFile.reference.contains("| `requirements` | the path"))
        #expect(SweepFile.reference.contains("| `image` | the name of a container image |"))
    }
}

extension String {
    /// How often `text` occurs.
    fileprivate func components(_ text: String) -> Int { split(separator: text).count - 1 }
}
