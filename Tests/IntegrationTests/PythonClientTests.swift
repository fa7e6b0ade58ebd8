import API
import Client
import Foundation
import Testing
import Vocabulary

/// Sweeps that Python programs start, wait for and read, from a real coordinator.
@Suite(
    .serialized, .timeLimit(.minutes(2)),
    .enabled(
        if: PythonEnvironment.exists,
        "there is no .build/test-venv: run scripts/test-venv, which scripts/test does"))
struct PythonClientTests {
    /// What the scripts below begin with: `sweep()` submits one with a trainer in Python.
    private static let prelude = """
        import json
        import sys

        import picoml
        from picoml import space

        def sweep(entry="train", trials=4, **more):
            return picoml.submit({
                "name": "from-python",
                "metric": {"name": "loss", "goal": "minimize"},
                "entry": f"train.py:{entry}",
                "code": "code",
                "method": "random",
                "trials": trials,
                "parameters": {
                    "x": space.uniform(0.1, 0.9),
                    "n": space.randint(1, 5),
                    "kind": space.choice(["a", "b"]),
                    **more,
                },
            })

        def told(action):
            try:
                return f"no error: {action()}"
            except Exception as error:
                return f"{type(error).__name__}: {error}"


        """

    private static let trainer = """
        import time

        def train(trial):
            return {"loss": trial.params.x + trial.params.n}

        def slow(trial):
            time.sleep(trial.params.seconds)
            return trial.params.x

        def fails(trial):
            raise ValueError("x may not be 1")

        """

    private func start(_ cluster: Cluster) async throws {
        try await cluster.startCoordinator()
        _ = try await cluster.startWorker("w1")
        try cluster.writeCode(Self.trainer, to: "train.py")
    }

    private struct Table: Decodable {
        struct Best: Decodable {
            struct Parameters: Decodable {
                let x: Double
                let n: Int
                let kind: String
            }
            let trial: String
            let objective: Double
            let params: Parameters
        }
        let sweep: String
        let phase: String
        let seen: [String]
        let best: Best
        let columns: [String]
        let ids: [String]
        let states: [String]
        let objectives: [Double]
        let xs: [Double]
        let ns: [Int]
        let ordered: [Double]
        let again: [String]
    }

    @Test func `a sweep from Python comes back as its best trial and a data frame`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await start(cluster)
            let run = try await PythonScript.run(
                Self.prelude + """
                    started = sweep()
                    seen = []
                    last = started.wait(60, progress=lambda s: seen.append(s["sweep"]["phase"]))
                    frame = started.trials_dataframe()
                    ordered = started.trials_dataframe(order="objective")
                    json.dump({
                        "sweep": started.id, "phase": last["sweep"]["phase"], "seen": seen,
                        "best": started.best(), "columns": list(frame.columns),
                        "ids": list(frame["id"]), "states": list(frame["state"]),
                        "objectives": list(frame["objective"]), "xs": list(frame["params_x"]),
                        "ns": [int(n) for n in frame["params_n"]],
                        "ordered": list(ordered["objective"]),
                        "again": [each["id"] for each in picoml.sweep().trials()],
                    }, sys.stdout)

                    """, in: cluster)
            let table = try run.answer(Table.self)
            #expect(table.phase == "finished")
            #expect(table.seen.last == "finished")

            let trials = try await cluster.trials(of: .last)
            #expect(trials.count == 4)
            #expect(table.ids == trials.map { "\($0.id)" })
            #expect(table.again == table.ids)
            #expect(table.ids.allSatisfy { $0.hasPrefix("\(table.sweep).") })
            #expect(table.states == Array(repeating: "succeeded", count: 4))
            #expect(table.objectives == trials.compactMap(\.objective))
            #expect(table.objectives == zip(table.xs, table.ns).map { $0 + Double($1) })
            #expect(table.ns.allSatisfy { (1...4).contains($0) })
            #expect(table.ordered == table.objectives.sorted())
            #expect(table.columns.prefix(4) == ["id", "experiment", "state", "objective"])
            #expect(Set(table.columns).isSuperset(of: ["params_x", "params_n", "params_kind"]))

            let best = try #require(trials.first { "\($0.id)" == table.best.trial })
            #expect(table.best.objective == table.ordered.first)
            #expect(best.objective == table.best.objective)
            #expect(table.best.objective == table.best.params.x + Double(table.best.params.n))
            #expect(["a", "b"].contains(table.best.params.kind))
        }
    }

    @Test func `what goes wrong is an exception that says why`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await start(cluster)
            let run = try await PythonScript.run(
                Self.prelude + """
                    def cancelled():
                        started = sweep("slow", trials=1, seconds=600)
                        started.cancel()
                        return started.wait(60)

                    def shown():
                        table = failed.trials_dataframe()
                        empty = failed.trials_dataframe(order="objective")
                        return failed.best(), len(table), list(empty["objective"])

                    failed = sweep("fails")
                    answers = [
                        told(lambda: failed.wait(60)),
                        told(shown),
                        told(lambda: sweep("absent").wait(60)),
                        told(cancelled),
                        told(lambda: sweep(x={"min": 2, "max": 1})),
                        told(lambda: sweep("slow", trials=1, seconds=60).wait(0.2)),
                        told(lambda: picoml.sweep(99)),
                        told(lambda: picoml.sweep(token="wrong")),
                    ]
                    picoml.sweep().cancel()
                    sys.modules["pandas"] = None
                    answers += [told(failed.trials_dataframe),
                                told(lambda: len(list(failed.trials())))]
                    json.dump(answers, sys.stdout)

                    """, in: cluster)
            let answers = try run.answer([String].self)
            let expected = [
                ["SweepFailed: Sweep 1 failed: ", "trainer_error:", "ValueError: x may not be 1"],
                ["no error: (None, 4, [])"],
                ["SweepFailed: Sweep 2 failed: ", "train.py has no function 'absent'"],
                ["SweepFailed: Sweep 3 was cancelled"],
                ["PicomlError: ", "x"],
                ["TimeoutError: sweep 4 has not ended after 0.2 seconds"],
                ["PicomlError: There is no sweep 99."],
                ["PicomlError: "],
                ["ImportError: ", "pip install pandas"],
                ["no error: 4"],
            ]
            try #require(answers.count == expected.count)
            for (answer, parts) in zip(answers, expected) {
                for part in parts { #expect(answer.contains(part), "\(answer)") }
                // A file that was made of a dictionary is nobody's business.
                #expect(!answer.contains(".picoml-sweep-"), "\(answer)")
            }
        }
    }

    @Test func `without a coordinator an exception says so`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let never = try await PythonScript.run(
                Self.prelude + "json.dump([told(sweep)], sys.stdout)\n", as: "never", in: cluster)
            let first = try #require(try never.answer([String].self).first)
            #expect(first.hasPrefix("PicomlError: No coordinator has run here"), "\(first)")

            let coordinator = try await cluster.startCoordinator()
            try cluster.writeCode(Self.trainer, to: "train.py")
            coordinator.kill9()
            let gone = try await PythonScript.run(
                Self.prelude + """
                    json.dump([told(sweep), told(picoml.sweep)], sys.stdout)

                    """, as: "gone", in: cluster)
            let answers = try gone.answer([String].self)
            #expect(answers.count == 2)
            for answer in answers {
                #expect(answer.hasPrefix("PicomlError: No coordinator answers at"), "\(answer)")
            }
        }
    }

    @Test func `a script that waits outlasts a coordinator that starts again`() async throws {
        try await Cluster.run { cluster in
            let coordinator = try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1")
            try cluster.writeCode(Self.trainer, to: "train.py")
            async let run = PythonScript.run(
                Self.prelude + """
                    started = sweep("slow", trials=3, seconds=1)
                    open("waiting", "w").close()
                    last = started.wait(60)
                    json.dump([last["sweep"]["phase"], started.best()["trial"]], sys.stdout)

                    """, in: cluster)
            try await eventually("the script waits") {
                FileManager.default.fileExists(atPath: "\(cluster.folder)/waiting")
            }
            coordinator.kill9()
            try await cluster.startCoordinator()
            let answer = try await run.answer([String].self)
            #expect(answer.first == "finished")
            #expect(answer.last?.hasPrefix("1.") == true)
        }
    }
}
