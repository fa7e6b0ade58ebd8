import Foundation
import Testing
import Trainers
import Vocabulary

@Suite struct CommandWordTests {
    @Test func `macros are replaced, inside words too, and no shell looks at them`() async throws {
        let fixture = try CommandFixture()
        let words = try await fixture.words([
            "--lr=${params.lr}", "${params.opt.depth}/${params.kind}", "${params.fast}",
            "${seed} ${trial} ${attempt} ${experiment}", "${data.search}", "$HOME *",
            "${directory}", "${code_dir}", "${checkpoint_dir}", "${env}", "${interpreter}", "",
        ])
        #expect(
            words == [
                "--lr=0.1", "3/a b", "true", "42 3.17 2 Exp1", "/data/x.npy", "$HOME *",
                fixture.directory, fixture.codePath, fixture.directory + "/checkpoint",
                "/usr/bin/env", "python3", "",
            ])
        #expect(try FileManager.default.contentsOfDirectory(atPath: words[8]).isEmpty)
    }

    @Test func `one word with the argument macro becomes one for each parameter`() async throws {
        let fixture = try CommandFixture()
        #expect(
            try await fixture.words(["a", "${args}", "b"]) == [
                "a", "--lr=0.1", "--opt.depth=3", "--kind=a b", "--fast=True", "--slow=False", "b",
            ])
        #expect(
            try await fixture.words(["${args_no_hyphens}"]) == [
                "lr=0.1", "opt.depth=3", "kind=a b", "fast=True", "slow=False",
            ])
        #expect(
            try await fixture.words(["${args_no_boolean_flags}"]) == [
                "--lr=0.1", "--opt.depth=3", "--kind=a b", "--fast",
            ])
        #expect(try await fixture.words(["+${args_no_hyphens}"])[0] == "+lr=0.1")
    }

    @Test func `without parameters the argument macros leave nothing`() async throws {
        let fixture = try CommandFixture()
        fixture.parameters = []
        #expect(try await fixture.words(["a", "${args}", "b"]) == ["a", "b"])
    }

    @Test func `parameters come as JSON in a word and in a file`() async throws {
        let fixture = try CommandFixture()
        let json = #"{"fast":true,"kind":"a b","lr":0.1,"opt.depth":3,"slow":false}"#
        let words = try await fixture.words(["${args_json}", "${args_json_file}", "${params_file}"])
        #expect(words[0] == json)
        for path in words.dropFirst() {
            #expect(path.hasPrefix(fixture.directory))
            #expect(try String(contentsOfFile: path, encoding: .utf8) == json)
        }
    }

    @Test func `numbers are the shortest text that reads back the same`() async throws {
        let fixture = try CommandFixture()
        fixture.parameters = [
            Assignment("a", .float(0.1)), Assignment("b", .float(1e-5)),
            Assignment("c", .float(3)), Assignment("d", .float(0.1 + 0.2)),
            Assignment("e", .integer(-7)), Assignment("f", .float(1e300)),
        ]
        #expect(
            try await fixture.words(["${args_no_hyphens}"]) == [
                "a=0.1", "b=1e-05", "c=3", "d=0.30000000000000004", "e=-7", "f=1e+300",
            ])
    }

    @Test func `a doubled dollar sign is a literal one`() async throws {
        let fixture = try CommandFixture()
        #expect(
            try await fixture.words(["$${seed} ${seed} $${", "$$", "a$${params.x}b"]) == [
                "${seed} 42 ${", "$$", "a${params.x}b",
            ])
    }

    @Test func `values are not expanded again`() async throws {
        let fixture = try CommandFixture()
        fixture.parameters = [Assignment("kind", .string("${seed}"))]
        #expect(try await fixture.words(["${params.kind}"]) == ["${seed}"])
    }

    @Test func `environment variables are those of the command`() async throws {
        let fixture = try CommandFixture()
        #expect(try await fixture.words(["${envvar:PICOML_SEED}"]) == ["42"])
    }

    @Test(arguments: [
        ("${params.opt.dept}", "Did you mean \"opt.depth\"?"),
        ("${sede}", "Did you mean \"seed\"?"),
        ("${args_no_hyphen}", "\"args_no_hyphens\""),
        ("${seed", "has no end"),
        ("${envvar:NOT_THERE}", "no such environment variable"),
        ("${data.gate}", "not given the gate's rows"),
        ("${program}", "no program"),
    ])
    func `a macro that cannot be replaced is bad code`(word: String, part: String) async throws {
        let failure = try #require(try await CommandFixture().run(["/bin/true", word]).failure)
        #expect(failure.kind == .badCode)
        #expect(failure.message.contains(part), "\(failure.message)")
    }

    @Test func `the environment tells a script all of its trial`() async throws {
        let fixture = try CommandFixture()
        let run = try await fixture.shell("env > \"\(fixture.directory)/env.txt\"; pwd -P")
        #expect(run.failure == nil)
        let lines = try fixture.read("env.txt").split(separator: "\n").map(String.init)
        for line in [
            "PICOML_TRIAL_ID=3.17", "PICOML_ATTEMPT=2", "PICOML_SEED=42", "PICOML_CHANNEL=3",
            "PICOML_CHECKPOINT_DIR=\(fixture.directory)/checkpoint", "PICOML_PARAM_LR=0.1",
            "PICOML_PARAM_OPT_DEPTH=3", "PICOML_PARAM_KIND=a b", "PICOML_PARAM_FAST=true",
            "PICOML_PARAMS_FILE=\(fixture.directory)/params.json", "PYTHONPATH=/sdk",
            "PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1", "WANDB_MODE=offline",
            "MLFLOW_EXPERIMENT_ID=0", "MLFLOW_HTTP_REQUEST_MAX_RETRIES=2",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        for name in ["MLFLOW_TRACKING_URI=http://127.0.0.1:", "MLFLOW_TRACKING_TOKEN="] {
            #expect(lines.contains { $0.hasPrefix(name) }, "\(name)")
        }
    }

    @Test func `the description is the one that programs in any language read`() async throws {
        let fixture = try CommandFixture()
        _ = try await fixture.shell("cp \"$PICOML_TRIAL\" \"\(fixture.directory)/copy.json\"")
        let text = try fixture.read("copy.json")
        let object = try JSONDecoder().decode(
            [String: TrialDescription].self, from: Data(text.utf8))
        let plain = try #require(object["plain"])
        #expect(plain.trial == "3.17" && plain.attempt == 2 && plain.metric == "rmse")
        #expect(plain.params["lr"] == .float(0.1) && plain.codePath == fixture.codePath)
    }

    @Test func `a program beside the interpreter is found first`() async throws {
        let fixture = try CommandFixture()
        let folder = fixture.codePath
        try fixture.write("#!/bin/sh\ntouch '\(fixture.directory)/mine'\n", to: "ls")
        let run = try await fixture.run(["ls"], interpreter: folder + "/python3")
        #expect(run.failure == nil)
        #expect(FileManager.default.fileExists(atPath: fixture.directory + "/mine"))
    }
}
