"""SIGTERM, the second of the three steps in which a worker stops a trial."""

from __future__ import annotations

import os
import signal
import sys
import time
import unittest

from support import Case, DEADLINE, is_alive, until

RESULT = {"result": {"metrics": {"rmse": 1.0}}}
WAYS = ("fresh", "fork", "reuse")

# The trials here wait in short sleeps, because Python runs no handler for a signal that comes just
# before a sleep begins until the sleep has ended.


class Stopping(Case):
    def running(self, way: str, text: str):
        """A trial with this code that has reported once: its process and its lines."""
        self.write(text)
        if way == "fresh":
            trial, lines = self.fresh()
            process = trial.pid
        else:
            self.served = self.warm(reuse=way == "reuse")
            self.assertEqual(self.served.next(), {"loaded": {"fork": True}})
            lines = self.served.start(1)
            # One that is reused is the trial's own process, and says nothing of a start.
            process = (
                self.served.process.pid if way == "reuse"
                else self.served.next()["started"]["pid"])
        self.assertEqual(lines.next(), {"report": {"step": 1, "metrics": {"rmse": 1.0}}})
        return process, lines

    def has(self, process: int, key: str) -> bool:
        """Whether SIGTERM is among the signals that the kernel has under `key`."""
        try:
            with open(f"/proc/{process}/status", encoding="ascii") as file:
                line = next(line for line in file if line.startswith(key))
        except (FileNotFoundError, ProcessLookupError, StopIteration):
            # It has ended: nothing is waiting for it.
            return False
        return bool(int(line.split()[1], 16) & 1 << signal.SIGTERM - 1)

    def cancelled(self, message: str = "the trial was cancelled"):
        return {"failure": {"class": "cancelled", "message": message}}

    def trial_file(self, name: str) -> str:
        return os.path.join(self.folder, "trials-1", name)

    def touch(self, name: str) -> None:
        open(self.trial_file(name), "w").close()


class Raising(Stopping):
    def test_a_trial_is_interrupted_wherever_it_is_and_may_write_a_checkpoint(self):
        for way in WAYS:
            with self.subTest(way):
                self.setUp()
                process, lines = self.running(way, """
                    import picoml, time
                    def train(trial):
                        try:
                            trial.report(1, rmse=1)
                            while True:
                                try: time.sleep(0.01)
                                except Exception: pass
                        except picoml.StopTrial:
                            assert trial.should_stop() and trial.stop_reason == "cancelled"
                            with trial.checkpoint(4) as folder:
                                (folder / "state").write_text("4")
                            raise
                        finally:
                            trial.report(5, rmse=2)
                    """)
                os.killpg(process, signal.SIGTERM)
                self.assertEqual(lines.all(), [
                    {"checkpoint": {"step": 4, "path": "checkpoint-4"}},
                    {"report": {"step": 5, "metrics": {"rmse": 2.0}}}, self.cancelled()])
                with open(self.trial_file("checkpoint-4/state"), encoding="utf-8") as file:
                    self.assertEqual(file.read(), "4")

    def test_a_result_after_it_counts(self):
        for way in WAYS:
            with self.subTest(way):
                self.setUp()
                process, lines = self.running(way, """
                    import picoml, time
                    def train(trial):
                        try:
                            trial.report(1, rmse=1)
                            while True: time.sleep(0.01)
                        except picoml.StopTrial: return 1
                    """)
                os.killpg(process, signal.SIGTERM)
                self.assertEqual(lines.all(), [RESULT])

    def test_a_second_one_is_ignored(self):
        process, lines = self.running("fork", """
            import os, picoml, time
            def train(trial):
                try:
                    trial.report(1, rmse=1)
                    while True: time.sleep(0.01)
                except picoml.StopTrial:
                    trial.report(2, rmse=2)
                    while not os.path.exists("sent"): time.sleep(0.001)
                    return 1
            """)
        os.kill(process, signal.SIGTERM)
        self.assertIn("report", lines.next())
        os.kill(process, signal.SIGTERM)
        self.touch("sent")
        self.assertEqual(lines.all(), [RESULT])

    def test_it_says_why_the_worker_wants_the_end(self):
        process, lines = self.running(
            "fork", "def train(trial):\n trial.report(1, rmse=1)\n while True: pass")
        lines.stop("pruned")
        os.kill(process, signal.SIGTERM)
        self.assertEqual(lines.all(), [self.cancelled("the trial was pruned")])

    def test_what_fails_of_it_is_cancelled_and_tells_its_error(self):
        for ending in ("raise RuntimeError('a helper died')", "raise SystemExit('a helper died')"):
            with self.subTest(ending):
                self.setUp()
                process, lines = self.running("fork", f"""
                    import time
                    def train(trial):
                        try:
                            trial.report(1, rmse=1)
                            while True: time.sleep(0.01)
                        except BaseException: {ending}
                    """)
                os.kill(process, signal.SIGTERM)
                failure = lines.next()["failure"]
                self.assertEqual(failure["class"], "cancelled")
                self.assertIn("a helper died", failure["message"])

    def script(self, text: str):
        self.write(text, "script.py")
        process, lines = self.fresh([sys.executable, os.path.join(self.code, "script.py")])
        lines.next()
        process.terminate()
        return process, lines

    def test_a_script_is_interrupted_too(self):
        process, lines = self.script("""
            import picoml, time
            trial = picoml.trial()
            try:
                trial.report(1, rmse=1)
                while True: time.sleep(0.01)
            finally: trial.report(2, rmse=2)
            """)
        self.assertIn("report", lines.next())
        self.assertEqual(process.wait(DEADLINE), 1)
        self.assertIn("StopTrial: the trial was cancelled", self.log())

    def test_after_the_result_it_is_too_late(self):
        process, lines = self.script("""
            import os, picoml, time
            picoml.trial().finish(1)
            while not os.path.exists("sent"): time.sleep(0.001)
            """)
        until(lambda: not self.has(process.pid, "ShdPnd"), "a signal that has come")
        self.touch("sent")
        self.assertEqual(process.wait(DEADLINE), 0)


class Waiting(Stopping):
    def test_a_checkpoint_that_is_being_written_is_completed_first(self):
        process, lines = self.running("fork", """
            import os, time
            def train(trial):
                with trial.checkpoint(1) as folder:
                    trial.report(1, rmse=1)
                    while not trial.should_stop(): time.sleep(0.001)
                    (folder / "state").write_text("whole")
                while True: time.sleep(0.01)
            """)
        os.kill(process, signal.SIGTERM)
        self.assertEqual(lines.all(), [
            {"checkpoint": {"step": 1, "path": "checkpoint-1"}}, self.cancelled()])

    def test_no_line_is_cut(self):
        process, lines = self.running("fork", """
            def train(trial):
                trial.report(1, rmse=1)
                many = {f"metric-{number}": number for number in range(2000)}
                for step in range(2, 2000): trial.report(step, many)
            """)
        # Nobody reads, so a line is half said when the signal comes.
        until(lambda: all(self.state(process) == "S" for _ in range(10)), "a full channel")
        os.kill(process, signal.SIGTERM)
        until(lambda: not self.has(process, "ShdPnd"), "a signal that has come")
        *reports, last = lines.all()
        self.assertEqual(last, self.cancelled())
        self.assertEqual([each["report"]["step"] for each in reports],
                         list(range(2, len(reports) + 2)))

    def state(self, process: int) -> str:
        # Long enough for what sleeps for a moment only to go on.
        time.sleep(0.05)
        with open(f"/proc/{process}/stat", encoding="ascii") as file:
            return file.read().rsplit(")", 1)[1].split()[0]


class Leaving(Stopping):
    def test_a_handler_of_the_users_own_goes_before(self):
        within = "signal.signal(signal.SIGTERM, own)"
        for way in WAYS:
            for module, function in ((within, "pass"), ("pass", within)):
                with self.subTest(way, module=module):
                    self.setUp()
                    process, lines = self.running(way, f"""
                        import signal, time
                        asked = []
                        def own(number, frame): asked.append(number)
                        {module}
                        def train(trial):
                            {function}
                            trial.report(1, rmse=1)
                            while not asked: time.sleep(0.001)
                            return len(asked)
                        """)
                    os.kill(process, signal.SIGTERM)
                    self.assertEqual(lines.all(), [RESULT])

    def test_what_a_trial_forks_ends_by_it(self):
        for way in WAYS:
            with self.subTest(way):
                self.setUp()
                process, lines = self.running(way, """
                    import multiprocessing, os, threading, time
                    def fork(found):
                        child = os.fork()
                        if child == 0:
                            time.sleep(600)
                            os._exit(0)
                        found.append(child)
                    def train(trial):
                        found = []
                        fork(found)
                        thread = threading.Thread(target=fork, args=(found,))
                        thread.start(); thread.join()
                        helper = multiprocessing.get_context("fork").Process(
                            target=time.sleep, args=(600,))
                        helper.start()
                        trial.report(1, rmse=1)
                        trial.report(2, a=found[0], b=found[1], c=helper.pid)
                        statuses = [os.waitpid(child, 0)[1] for child in found]
                        helper.join()
                        assert statuses == [15, 15] and helper.exitcode == -15, statuses
                        return 1
                    """)
                for child in map(int, lines.next()["report"]["metrics"].values()):
                    # Python forgets signals that come while it forks.
                    until(lambda: not self.has(child, "SigCgt"), "a child's own handlers")
                    os.kill(child, signal.SIGTERM)
                self.assertEqual(lines.all(), [RESULT])

    def test_between_the_trials_of_one_process_it_ends_the_process(self):
        process, lines = self.running("reuse", """
            import time
            def train(trial):
                trial.report(1, rmse=1)
                while trial.id == "3.1": time.sleep(0.01)
                assert not trial.should_stop()
                return 1
            """)
        os.kill(process, signal.SIGTERM)
        self.assertEqual(lines.all(), [self.cancelled()])
        self.assertEqual(self.served.next(), {"ended": {"id": 1, "status": 0}})
        self.assertEqual(self.served.start(2).all()[-1], RESULT)
        self.assertIn("ended", self.served.next())
        os.kill(process, signal.SIGTERM)
        self.assertEqual(self.served.process.wait(DEADLINE), -signal.SIGTERM)

    def test_a_warm_process_that_gets_it_takes_its_trials_along(self):
        process, lines = self.running("fork", """
            import time
            def train(trial):
                trial.report(1, rmse=1)
                while True:
                    try: time.sleep(0.01)
                    except BaseException: pass
            """)
        self.served.process.terminate()
        self.assertEqual(self.served.process.wait(DEADLINE), -signal.SIGTERM)
        until(lambda: not is_alive(process), "an end of the trial")


if __name__ == "__main__":
    unittest.main()
