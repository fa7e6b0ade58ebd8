"""The warm process that runs trials within itself."""

from __future__ import annotations

import os
import unittest

from support import Case, DEADLINE, is_alive, until

RESULT = {"result": {"metrics": {"rmse": 1.0}}}


class Reuse(Case):
    def loaded(self, text: str):
        self.write(text)
        warm = self.warm(reuse=True)
        self.assertEqual(warm.next(), {"loaded": {"fork": True}})
        return warm

    def told(self, warm, number: int):
        self.assertEqual(warm.next(), {"ended": {"id": number, "status": 0}})

    def test_trials_run_one_after_the_other_in_one_process(self):
        warm = self.loaded("""
            import os, random, sys
            seen = []
            def train(trial):
                seen.append(trial.id)
                print("trial", trial.id); print("err", file=sys.stderr)
                assert os.getcwd() == trial.directory
                assert os.environ["TMPDIR"] == os.path.join(trial.directory, "tmp")
                assert os.environ["PICOML_TRIAL_ID"] == trial.id
                trial.report(1, rmse=len(seen), draw=random.random())
                return {"rmse": 1, "process": os.getpid()}
            """)
        waiting = [(number, warm.start(number)) for number in (1, 2, 3)]
        draws = set()
        for number, lines in waiting:
            self.told(warm, number)
            report, result = lines.all()
            self.assertEqual(report["report"]["metrics"]["rmse"], number)
            draws.add(report["report"]["metrics"]["draw"])
            self.assertEqual(result["result"]["metrics"]["process"], warm.process.pid)
            self.assertEqual(self.log(number), f"trial 3.{number}\nerr\n")
        self.assertEqual(len(draws), 1, "each trial begins with its seed")
        self.assertEqual(self.log("warm"), "")

    def test_a_trial_that_fails_leaves_the_process_fit_for_the_next(self):
        warm = self.loaded("""
            import os, sys
            def train(trial):
                if trial.params.kind == "raise": raise ValueError("bad luck")
                if trial.params.kind == "exit": sys.exit(1)
                if trial.params.kind == "interrupt": raise KeyboardInterrupt
                if trial.params.kind == "close": sys.stdout.close(); sys.stdout = None
                if trial.params.kind == "memory": raise MemoryError
                return 1
            """)
        for number, kind in enumerate(["raise", "exit", "interrupt", "memory"], 1):
            lines = warm.start(number, params={"kind": kind})
            self.assertIn("failure", lines.next())
            self.assertIsNone(lines.next())
            self.told(warm, number)
        for number, kind in [(5, "close"), (6, "a")]:
            lines = warm.start(number, params={"kind": kind})
            self.assertEqual(lines.all(), [RESULT])
            self.told(warm, number)
        lines = warm.start(7, directory=os.path.join(self.folder, "absent"))
        self.assertIn("failure", lines.next())
        self.told(warm, 7)
        self.assertEqual(warm.start(8, params={"kind": "a"}).all(), [RESULT])

    def test_a_stop_reaches_its_trial_and_not_the_next(self):
        warm = self.loaded("""
            def train(trial):
                trial.report(1, rmse=1)
                if trial.params.kind == "wait":
                    while not trial.should_stop(): pass
                assert trial.should_stop() == (trial.params.kind == "wait")
                return 1
            """)
        lines = warm.start(1, params={"kind": "wait"})
        lines.next()
        lines.stop("pruned")
        self.assertEqual(lines.all(), [RESULT])
        self.told(warm, 1)
        self.assertEqual(warm.start(2).all()[-1], RESULT)

    def test_threads_do_not_matter(self):
        warm = self.loaded("""
            import threading, time
            threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
            def train(t): return 1
            """)
        self.assertEqual(warm.start(1).all(), [RESULT])

    def test_the_worker_closing_ends_a_trial_that_runs_and_what_it_started(self):
        warm = self.loaded("""
            import subprocess
            def train(trial):
                trial.report(1, rmse=subprocess.Popen(["sleep", "600"]).pid)
                while True: pass
            """)
        lines = warm.start(1)
        child = int(lines.next()["report"]["metrics"]["rmse"])
        warm.close()
        warm.process.wait(DEADLINE)
        until(lambda: not is_alive(child), "an end of what the trial started")

    def test_the_worker_closing_ends_an_idle_process(self):
        warm = self.loaded("def train(t): return 1")
        warm.close()
        warm.process.wait(DEADLINE)

    def test_many_trials_leave_nothing_behind(self):
        warm = self.loaded("def train(t): return 1")
        def open_files():
            return len(os.listdir(f"/proc/{warm.process.pid}/fd"))
        self.assertEqual(warm.start(1).all(), [RESULT])
        self.told(warm, 1)
        before = open_files()
        for number in range(2, 102):
            self.assertEqual(warm.start(number).all(), [RESULT])
            self.told(warm, number)
        self.assertEqual(open_files(), before)


if __name__ == "__main__":
    unittest.main()
