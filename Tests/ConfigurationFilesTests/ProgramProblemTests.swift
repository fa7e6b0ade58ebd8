import ConfigurationFiles
import Testing
import Vocabulary

struct ProgramProblemTests {
    private static let path = "is not the path of a file within the code."
    private static let form = "Expected FILE.py:FUNCTION, found the"

    @Test(arguments: [
        ("entry: train", "5:8 entry: \(form) text \"train\".", "`train.py:train`"),
        ("entry: train:train", "5:8 entry: \(form) text \"train:train\".", "`train.py:train`"),
        ("entry: a.py:b:c", "5:8 entry: \(form) text \"a.py:b:c\".", ""),
        ("entry: .py:b", "5:8 entry: \(form) text \".py:b\".", ""),
        ("entry: a/.py:b", "5:8 entry: \(form) text \"a/.py:b\".", ""),
        ("entry: 5", "5:8 entry: \(form) number 5.", ""),
        ("entry: [a]", "5:8 entry: \(form.dropLast(4)) a list.", ""),
        ("entry: /a.py:b", "5:8 entry: `/a.py` \(path)", "without `..`"),
        ("entry: ../a.py:b", "5:8 entry: `../a.py` \(path)", "relative to `code`"),
        ("entry: x/../a.py:b", "5:8 entry: `x/../a.py` \(path)", ""),
        ("entry: x//a.py:b", "5:8 entry: `x//a.py` \(path)", ""),
        (
            "entry: a.py:Net.train",
            "5:8 entry: `Net.train` is not the name of a function of Python.",
            "without full stops"
        ),
        (
            "entry: 'a.py:'", "5:8 entry: `` is not the name of a function of Python.", ""
        ),
        ("entry: a.py:1b", "5:8 entry: `1b` is not the name of a function of Python.", ""),
        ("entry: a.py:b-c", "5:8 entry: `b-c` is not the name of a function of Python.", ""),
        (
            "entry: a.py:b\nreuse: yes",
            "6:8 reuse: Expected true or false, found the text \"yes\".", ""
        ),
        ("program: /a.py", "5:10 program: `/a.py` \(path)", "relative to `code`"),
        ("program: a/../b.py", "5:10 program: `a/../b.py` \(path)", ""),
        ("program: bin/", "5:10 program: `bin/` \(path)", ""),
        ("program: .", "5:10 program: `.` \(path)", ""),
        ("program: \"a\\tb\"", "5:10 program: `a\tb` \(path)", ""),
        ("program: a$b", "5:10 program: The name of a program has no `$`.", "Rename"),
        (
            "program: 5",
            "5:10 program: Expected the path of a file of the code, found the number 5.",
            "Quote it"
        ),
        (
            "program: a\nmetrics_from: stdout",
            "6:15 metrics_from: There is no source of metrics `stdout`.", "`output`"
        ),
        (
            "program: a\nenvironment: conda", "6:14 environment: There is no environment `conda`.",
            "`{requirements: requirements.txt}`"
        ),
        (
            "program: a\nenvironment: r.txt", "6:14 environment: There is no environment `r.txt`.",
            "Write `{requirements: r.txt}`."
        ),
        (
            "program: a\nenvironment: 3",
            "6:14 environment: Expected `system`, or a mapping with `requirements` or `image`, "
                + "found the number 3.", "Write `system`"
        ),
        (
            "program: a\nenvironment: {}",
            "6:14 environment: The environment has neither `requirements` nor `image`.",
            "`{image: NAME}`"
        ),
        (
            "program: a\nenvironment: {requirements: r.txt, image: i}",
            "6:14 environment: `requirements` and `image` exclude each other.",
            "delete `requirements`"
        ),
        (
            "program: a\nenvironment: {image: --privileged}",
            "6:22 environment.image: Expected the name of a container image, found the text "
                + "\"--privileged\".", ""
        ),
        (
            "entry: a.py:b\nreuse: true\nenvironment: {image: i}",
            "6:8 reuse: `reuse` is not possible in a container image.", "Delete it"
        ),
        (
            "program: a\nenvironment: {requirement: r.txt}",
            "6:15 environment.requirement: `environment` has no key `requirement`.",
            "`requirements`"
        ),
        (
            "program: a\nenvironment: {requirements: ../r.txt}",
            "6:29 environment.requirements: `../r.txt` \(path)", ""
        ),
        (
            "program: a\nenvironment: {requirements: /r.txt}",
            "6:29 environment.requirements: `/r.txt` \(path)", ""
        ),
        (
            "program: a\ncode: 5",
            "6:7 code: Expected the path of a directory, found the number 5.",
            ""
        ),
    ])
    func `values of the wrong form are refused`(
        _ lines: String, _ problem: String, _ fix: String
    ) {
        expectProblem(programs(lines), problem, fix: fix)
    }

    @Test(arguments: [
        (
            "command: python3 a.py",
            "5:10 command: Expected a list of words, found the text \"python3 a.py\".",
            "`[python3, train.py]`"
        ),
        ("command: []", "5:10 command: The command has 0 words.", "1 to 256"),
        ("command: [a, ~]", "5:14 command[1]: Expected a word, found nothing.", "in quotes"),
        ("command:\n  - a\n  -", "7:4 command[1]: Expected a word, found nothing.", ""),
        ("command: [a, [b]]", "5:14 command[1]: Expected a word, found a list.", ""),
        ("command: [a, {b: c}]", "5:14 command[1]: Expected a word, found a mapping.", ""),
        ("command: ['', a]", "5:11 command[0]: The first word of a command is empty.", "Name"),
        (
            "command: [a, \"b\\0\"]",
            "5:14 command[1]: The word has more than 4096 bytes, or one that is zero.", ""
        ),
        (
            "command: [a, ${args}]",
            "5:15 : A brace within brackets begins a mapping.", "Quote the word"
        ),
        (
            "command:\n  - a\n  - ${params.lrr}", "7:5 command[1]: Exp1 has no parameter `lrr`.",
            "Did you mean `lr`?"
        ),
        (
            "command:\n  - a\n  - ${params.depth}",
            "7:5 command[1]: Exp1 has no parameter `depth`.", "Known here: `lr`, `net.depth`."
        ),
        (
            "command:\n  - a\n  - ${params.}", "7:5 command[1]: Exp1 has no parameter ``.", ""
        ),
        (
            "command:\n  - a\n  - --lr=${lr}", "7:5 command[1]: There is no macro `${lr}`.",
            "Did you mean `${params.lr}`?"
        ),
        (
            "command:\n  - a\n  - ${arg}", "7:5 command[1]: There is no macro `${arg}`.",
            "Did you mean `${args}`?"
        ),
        (
            "command:\n  - a\n  - ${}", "7:5 command[1]: There is no macro `${}`.",
            """
            Known: ${params.NAME} ${seed} ${trial} ${attempt} ${experiment} ${data.search} \
            ${data.gate} ${data.path} ${params_file} ${checkpoint_dir} ${directory} ${code_dir} \
            ${env} ${interpreter} ${program} ${args} ${args_no_hyphens} ${args_no_boolean_flags} \
            ${args_json} ${args_json_file} ${envvar:NAME}. `$${` stands
            """
        ),
        (
            "command:\n  - a\n  - x${seed", "7:5 command[1]: `${` has no `}`.", "`$${`"
        ),
        (
            "command:\n  - a\n  - ${envvar:A-B}",
            "7:5 command[1]: `A-B` is not the name of an environment variable.", "letters"
        ),
        (
            "command:\n  - a\n  - ${envvar:}",
            "7:5 command[1]: `` is not the name of an environment variable.", ""
        ),
        (
            "command:\n  - a\n  - ${program}",
            "7:5 command[1]: `${program}` has no program to stand for.", "Add `program:`"
        ),
        (
            "command:\n  - a\n  - ${data.search}",
            "7:5 command[1]: `${data.search}` has no table to stand for.", "Add `data:`"
        ),
    ])
    func `commands that could not run are refused`(
        _ lines: String, _ problem: String, _ fix: String
    ) {
        expectProblem(programs(lines), problem, fix: fix)
    }

    @Test func `a command has a limited length`() throws {
        let words = { (count: Int) in
            programs("command: [\((0..<count).map { "w\($0)" }.joined(separator: ", "))]")
        }
        #expect(try spec(words(256)).experiments.count == 1)
        expectProblem(
            words(257), "5:10 command: The command has 257 words.", fix: "Give 1 to 256.")
        let word = { (count: Int) in
            programs("command: [a, \(String(repeating: "w", count: count))]")
        }
        #expect(try spec(word(4096)).experiments.count == 1)
        expectProblem(
            word(4097),
            "5:14 command[1]: The word has more than 4096 bytes, or one that is zero.",
            fix: "Shorten")
        let long = String(repeating: "p", count: 4096)
        expectProblem(
            programs("program: \(long)"),
            "5:10 program: The word has more than 4096 bytes with `program` in it.",
            fix: "Shorten")
        #expect(try spec(programs("program: \(long.dropLast(2))")).experiments.count == 1)
    }

    @Test func `a word of many programs is refused before it is made`() {
        let word = String(repeating: "${program}", count: 400)
        let words = (0..<250).map { _ in "  - \(word)\n" }.joined()
        let name = String(repeating: "p", count: 4000)
        let experiments = (0..<64).map { "  E\($0): {trials: 1}\n" }.joined()
        let found = problems(
            "metric: {name: loss, goal: minimize}\nmethod: random\nparameters: {x: 1}\n"
                + "program: \(name)\ncommand:\n\(words)experiments:\n\(experiments)")
        #expect(found.count == 200)
        #expect(
            found.first?.message == "The word has more than 4096 bytes with `program` in it.")
    }

    @Test(arguments: [
        (
            "trainer: xgboost\nreuse: true\ndata: {path: a, target: b, lags: [1]}",
            "6:1 reuse: `reuse` belongs to the trainer `python`; Exp1 has `xgboost`.",
            "Delete it, or use `trainer: python`."
        ),
        (
            "trainer: noop\nentry: a.py:b",
            "6:1 entry: `entry` belongs to the trainer `python`; Exp1 has `noop`.", "Delete it"
        ),
        (
            "trainer: noop\nprogram: a",
            "6:1 program: `program` belongs to the trainer `command`; Exp1 has `noop`.",
            "`trainer: command`"
        ),
        (
            "trainer: python\nentry: a.py:b\ncommand: [a]",
            "7:1 command: `command` belongs to the trainer `command`; Exp1 has `python`.", ""
        ),
        (
            "entry: a.py:b\nmetrics_from: output",
            "6:1 metrics_from: `metrics_from` belongs to the trainer `command`; Exp1 has "
                + "`python`.", ""
        ),
        (
            "program: a\nreuse: false",
            "6:1 reuse: `reuse` belongs to the trainer `python`; Exp1 has `command`.", ""
        ),
        (
            "trainer: rehearsal\nenvironment: system",
            "6:1 environment: `environment` belongs to the trainers `python` and `command`; Exp1 "
                + "has `rehearsal`.", "`trainer: python`"
        ),
        (
            "entry: a.py:b\nexperiments:\n  A: {}\n  B: {trainer: noop, reuse: true}",
            "8:22 experiments.B.reuse: `reuse` belongs to the trainer `python`; B has `noop`.", ""
        ),
        (
            "entry: a.py:b\nexperiments:\n  A: {trainer: noop}",
            "5:1 entry: `entry` belongs to the trainer `python`, which no experiment has.",
            "Delete it."
        ),
        (
            "environment: system\nexperiments:\n  A: {trainer: noop}",
            "5:1 environment: `environment` belongs to the trainers `python` and `command`, which "
                + "no experiment has.", "Delete it."
        ),
        (
            "entry: a.py:b\nprogram: c",
            "1:1 trainer: Exp1 has two trainers: `entry` implies `python`, `program` implies "
                + "`command`.", "Delete one"
        ),
        (
            "experiments:\n  A: {entry: 'a.py:b', command: [a]}",
            "6:3 experiments.A.trainer: A has two trainers: `entry` implies `python`, `command` "
                + "implies `command`.", "Delete one"
        ),
        (
            "trainer: python", "1:1 entry: Exp1 has no `entry` for its trainer `python`.",
            "`entry: train.py:train`"
        ),
        (
            "reuse: true\nexperiments:\n  A: {trainer: python}",
            "7:3 experiments.A.entry: A has no `entry` for its trainer `python`.", "Add `entry:"
        ),
        (
            "trainer: command", "1:1 command: Exp1 has no `command` for its trainer `command`.",
            "or `program:`"
        ),
        ("reuse: true", "1:1 trainer: Exp1 has no `trainer`.", "`entry:`"),
        ("progam: a", "5:1 progam: A sweep has no key `progam`.", "Did you mean `program`?"),
        (
            "trainer: python\nentri: a.py:b", "6:1 entri: A sweep has no key `entri`.",
            "Did you mean `entry`?"
        ),
        ("trainer: pyton\nentry: a.py:b", "5:10 trainer: There is no trainer `pyton`.", "`python`"),
        (
            "entry: a.py:b\nexperiments:\n  A: {entry: 'a.py:b', command: [a]}",
            "7:3 experiments.A.trainer: A has two trainers: `entry` implies `python`, `command` "
                + "implies `command`.", "Delete one"
        ),
    ])
    func `keys and trainers must fit together`(
        _ lines: String, _ problem: String, _ fix: String
    ) {
        expectProblem(programs(lines), problem, fix: fix)
    }

    @Test(arguments: [
        (
            "entry: a.py:b\nexperiments:\n  A: {trainer: pyton}",
            "7:16 experiments.A.trainer: There is no trainer `pyton`.", "`python`"
        ),
        ("trainer: pyton\ncode: a", "5:10 trainer: There is no trainer `pyton`.", "`python`"),
        (
            "dat: a\ncommand: [a, '${data.search}']", "5:1 dat: A sweep has no key `dat`.",
            "`data`"
        ),
        (
            "progam: a\ncommand: [a, '${program}']", "5:1 progam: A sweep has no key `progam`.",
            "`program`"
        ),
        (
            "command: [a, '${params.width}']\nexperiments:\n  A: {command: []}",
            "7:16 experiments.A.command: The command has 0 words.", "1 to 256"
        ),
    ])
    func `what follows from one mistake is not reported`(
        _ lines: String, _ problem: String, _ fix: String
    ) {
        expectProblem(programs(lines), problem, fix: fix)
    }

    @Test(arguments: [
        (
            "program: a\nmodel: m",
            "6:1 model: The gate cannot judge programs yet, and Exp1 runs one.", "Delete `model`."
        ),
        (
            "entry: a.py:b\ndata: {path: a, target: b, lags: [1]}\npromotion: {}\nmodel: m",
            "8:1 model: The gate cannot judge programs yet, and Exp1 runs one.",
            "Delete `model` and `promotion`."
        ),
        (
            "entry: a.py:b\npromotion: {}",
            "6:1 promotion: The gate cannot judge programs yet, and Exp1 runs one.",
            "Delete `promotion`."
        ),
        (
            "model: m\ndata: {path: a, target: b, lags: [1]}\n"
                + "experiments: {A: {trainer: xgboost}, B: {program: b}}",
            "5:1 model: The gate cannot judge programs yet, and B runs one.", "Delete `model`."
        ),
    ])
    func `the gate is not for programs`(_ lines: String, _ problem: String, _ fix: String) {
        expectProblem(programs(lines), problem, fix: fix)
    }

    @Test func `macros are checked against each experiment's own parameters`() {
        let found = problems(
            programs(
                """
                command: [a, "${params.width}", "${params.lr}"]
                experiments:
                  A: {parameters: {width: 3}}
                  B: {}
                  C: {command: [b, "${params.widht}"], parameters: {width: 4}}
                """))
        #expect(
            found.map { "\($0.line):\($0.column) \($0.message) \($0.fix)" } == [
                "5:14 B has no parameter `width`. Known here: `lr`, `net.depth`.",
                "9:20 C has no parameter `widht`. Did you mean `width`?",
            ])
    }

    @Test func `macros wait until the parameters are right`() {
        expectProblem(
            "metric: {name: a, goal: minimize}\nmethod: random\ntrials: 1\nparameters: []\n"
                + "command: [a, \"${params.lr}\"]",
            "4:13 parameters: Expected a mapping from names to parameters, found a list.", fix: "")
        expectProblem(
            "metric: {name: a, goal: minimize}\nmethod: random\ntrials: 1\n"
                + "command: [a, \"${params.lr}\"]",
            "1:1 parameters: Exp1 has no `parameters`.", fix: "Add `parameters:`")
    }

    @Test func `all problems come at once`() {
        let found = problems(
            """
            metric: {name: loss, goal: minimize}
            method: random
            trials: 3
            model: m
            program: ../a.py
            reuse: 1
            metrics_from: stdout
            environment: conda
            code: 3
            parameters: {lr: {min: 1, max: 0}}
            command:
              - ${program}
              - ${params.rl}
              - ${foo
            """)
        #expect(
            found.map { "\($0.line):\($0.column) \($0.field)" } == [
                "4:1 model", "5:10 program", "6:1 reuse", "6:8 reuse", "7:15 metrics_from",
                "8:14 environment", "9:7 code", "10:24 parameters.lr.min", "13:5 command[1]",
                "14:5 command[2]",
            ])
    }
}
