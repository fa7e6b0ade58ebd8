import API
import Client
import Foundation
import Testing
import Vocabulary

/// Trainers of the user's own: Python functions and commands.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ProgramTests {
    @Test(arguments: ["", "\nreuse: true"])
    func `one process imports the module, and serves every trial`(mode: String) async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1")
            try cluster.writeCode(
                """
                import os
                imported = os.getpid()

                def train(trial):
                    own = os.getppid() if os.getpid() != imported else os.getpid()
                    trial.report(1, loss=trial.params.x, imported=imported, own=own)
                    return {"loss": trial.params.x, "imported": imported, "own": own}

                """, to: "train.py")
            let sweep = try await cluster.submitProgram("entry: train.py:train\(mode)", trials: 6)
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let trials = try await cluster.documents(of: sweep)
            #expect(trials.count == 6)
            let processes = trials.map { trial in
                trial.metrics.first { $0.name == "imported" }?.value
            }
            #expect(Set(processes).count == 1)
            for trial in trials {
                #expect(trial.metrics.first { $0.name == "own" }?.value == processes.first)
                let x = try #require(trial.trial.parameters.first?.value.number)
                #expect(trial.trial.objective == x)
            }
        }
    }

    @Test func `trials of one process find their folders empty, whatever others left`() async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1")
            try cluster.writeCode(
                """
                import os, tempfile
                count = 0

                def train(trial):
                    global count
                    count += 1
                    found = sorted(os.listdir()) + os.listdir("tmp") + os.listdir("checkpoint")
                    assert os.path.samefile(trial.directory, ".")
                    assert os.environ["TMPDIR"] == os.path.join(trial.directory, "tmp")
                    assert list(trial.checkpoint_dir.iterdir()) == []
                    if count % 3 == 1:
                        tempfile.mkstemp()
                    elif count % 3 == 2:
                        print("line", count)
                    return {"loss": 1, "found": found != ["checkpoint", "log.txt", "tmp"]}

                """, to: "train.py")
            let sweep = try await cluster.submitProgram(
                "entry: train.py:train\nreuse: true", trials: 12)
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let trials = try await cluster.documents(of: sweep)
            #expect(trials.count == 12)
            for trial in trials {
                #expect(trial.metrics.first { $0.name == "found" }?.value == 0)
            }
        }
    }

    @Test func `a module with threads gets a new process for each trial`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let worker = try await cluster.startWorker("w1")
            try cluster.writeCode(
                """
                import os, threading, time
                threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()

                def train(trial):
                    return {"loss": trial.params.x, "process": os.getpid()}

                """, to: "train.py")
            let sweep = try await cluster.submitProgram("entry: train.py:train", trials: 3)
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let trials = try await cluster.documents(of: sweep)
            let processes = trials.compactMap { trial in
                trial.metrics.first { $0.name == "process" }?.value
            }
            #expect(Set(processes).count == 3)
            try await worker.says("starts in another process")
        }
    }

    @Test func `what was submitted is what runs, whatever becomes of the folder`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            try cluster.writeCode("def train(trial):\n    return 1.0\n", to: "train.py")
            let sweep = try await cluster.submitProgram("entry: train.py:train", trials: 3)
            try cluster.writeCode("def train(trial):\n    return 2.0\n", to: "train.py")
            _ = try await cluster.startWorker("w1")
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let later = try await cluster.submitProgram("entry: train.py:train", trials: 3)
            #expect(try await cluster.ended(later).sweep.phase == .finished)
            #expect(try await cluster.trials(of: sweep).map(\.objective) == [1, 1, 1])
            #expect(try await cluster.trials(of: later).map(\.objective) == [2, 2, 2])
        }
    }

    @Test func `the code of a sweep and its difference from the commit can be had again`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            try cluster.writeCode("def train(trial):\n    return 1.0\n", to: "train.py")
            let commit =
                "git init -q -b main . && git add . && git -c user.name=a "
                + "-c user.email=a@example.org commit -q -m first"
            try cluster.shell("cd code && \(commit)")
            try cluster.writeCode("def train(trial):\n    return 2.0\n", to: "train.py")
            let sweep = try await cluster.submitProgram("entry: train.py:train")
            try cluster.writeCode("def train(trial):\n    return 3.0\n", to: "train.py")
            let code = try #require(try await cluster.client().sweep(sweep).code)
            #expect(code.branch == "main" && code.isDirty && code.commit?.count == 40)
            let shown = try await cluster.picoml("sweep", "code", "last", "--difference")
            #expect(shown.output.contains("-    return 1.0\n+    return 2.0\n"), "\(shown)")
            let fetched = try await cluster.picoml("sweep", "code", "last", "--output", "again")
            #expect(fetched.code == 0, "\(fetched.errors)")
            let text = try String(
                contentsOfFile: "\(cluster.folder)/again/train.py", encoding: .utf8)
            #expect(text == "def train(trial):\n    return 2.0\n")
            let twice = try await cluster.picoml("sweep", "code", "last", "--output", "again")
            #expect(twice.code != 0 && twice.errors.contains("again"))
        }
    }

    @Test func `another directory can be packed than the one beside the file`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1")
            try cluster.writeCode("def train(trial):\n    return 3.0\n", to: "train.py")
            try cluster.write(
                """
                metric: {name: loss, goal: minimize}
                entry: train.py:train
                method: random
                trials: 1
                parameters: {x: {min: 0.1, max: 0.9}}

                """, to: "elsewhere.yaml")
            let run = try await cluster.picoml(
                "sweep", "submit", "elsewhere.yaml", "--code", "code", "--wait", "--json")
            #expect(run.code == 0, "\(run.errors)")
            #expect(try await cluster.trials(of: .last).map(\.objective) == [3])
        }
    }

    @Test func `a trial whose worker dies goes on elsewhere from its last checkpoint`() async throws
    {
        try await Cluster.run { cluster in
            try await cluster.startCoordinator()
            let lost = try await cluster.startWorker("lost")
            try cluster.writeCode(
                """
                import time

                def train(trial):
                    saved = trial.checkpoint_dir / "total"
                    total = int(saved.read_text()) if saved.exists() else 0
                    for step in range(trial.resumed_step + 1, 21):
                        total += step
                        time.sleep(0.2)
                        trial.report(
                            step, loss=1000 - total, attempt=trial.attempt, seed=trial.seed)
                        if step % 4 == 0:
                            with trial.checkpoint(step) as folder:
                                (folder / "total").write_text(str(total))
                    return 1000 - total

                """, to: "train.py")
            let sweep = try await cluster.submitProgram("entry: train.py:train")
            let trial = try #require(try await cluster.trials(of: sweep).first).id.value
            try await eventually("a checkpoint and some steps after it") {
                let curve = try await cluster.client().curve(
                    of: trial, CurveQuery(metric: "attempt"))
                return curve.points.last?.step ?? 0 >= 6
            }
            lost.kill9()
            _ = try await cluster.startWorker("other")
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let ended = try await cluster.client().trial(trial)
            #expect(ended.attempts.map(\.failure) == [.workerLost, nil])
            #expect(ended.trial.objective == 790.0)
            let curve = try await cluster.client().curve(of: trial, CurveQuery(metric: "attempt"))
            #expect(curve.points.map(\.step) == Array(1...20))
            let resumed = try #require(curve.points.first { $0.value == 2 }?.step)
            #expect(resumed > 4 && resumed % 4 == 1)
            #expect(curve.points.map(\.value) == curve.points.map { $0.step < resumed ? 1 : 2 })
            let seeds = try await cluster.client().curve(of: trial, CurveQuery(metric: "seed"))
            #expect(seeds.points.count == 20 && Set(seeds.points.map(\.value)).count == 1)
            // The loss falls all the time: the last one is the best, and is kept.
            #expect(ended.checkpoints.map(\.step) == [20])
            let fetched = try await cluster.picoml(
                "trial", "checkpoint", "\(trial)", "--output", "kept")
            #expect(fetched.code == 0, "\(fetched.errors)")
            let total = try String(contentsOfFile: "\(cluster.folder)/kept/total", encoding: .utf8)
            #expect(total == "210")
        }
    }
}
