"""The warm process that forks for each trial."""

from __future__ import annotations

import os
import signal
import subprocess
import unittest

from support import Case, DEADLINE, is_alive, until

RESULT = {"result": {"metrics": {"rmse": 1.0}}}


class Forks(Case):
    def loaded(self, text: str, **more: str):
        self.write(text)
        warm = self.warm(**more)
        self.assertEqual(warm.next(), {"loaded": {"fork": True}})
        return warm

    def test_a_trial_is_a_fork_with_its_own_world(self):
        warm = self.loaded("""
            import gc, os, random, resource, signal, sys, tempfile, picoml
            tempfile.gettempdir()
            print("loaded once")
            parent = os.getpid()
            def train(trial):
                assert os.getppid() == parent and os.getpgrp() == os.getpid()
                assert os.getcwd() == trial.directory
                tmp = os.path.join(trial.directory, "tmp")
                assert os.environ["TMPDIR"] == tmp and os.path.isdir(tmp)
                assert tempfile.gettempdir() == tmp
                assert random.random() == random.Random(trial.seed).random()
                assert signal.getsignal(signal.SIGTERM) != signal.SIG_DFL
                assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
                assert signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL
                assert signal.set_wakeup_fd(-1) == -1
                assert gc.isenabled() and gc.get_freeze_count() > 0
                assert os.readlink("/proc/self/fd/0") == "/dev/null"
                links = ["/proc/self/fd/" + name for name in os.listdir("/proc/self/fd")]
                # 0, 1, 2 and the channel; the one that read the folder is gone again.
                assert len([link for link in links if os.path.lexists(link)]) == 4
                assert os.environ["PICOML_TRIAL_ID"] == trial.id == "3.7"
                assert os.environ["PICOML_SEED"] == "123" and os.environ["PICOML_ATTEMPT"] == "2"
                assert os.environ["PICOML_CHECKPOINT_DIR"] == str(trial.checkpoint_dir)
                assert "PICOML_WARM" not in os.environ and picoml.trial() is trial
                print("out"); print("err", file=sys.stderr); os.system("echo child")
                return 1
            """)
        lines = warm.start(7)
        started = warm.next()["started"]
        self.assertEqual(started["id"], 7)
        self.assertEqual(lines.all(), [RESULT])
        self.assertEqual(warm.next(), {"ended": {"id": 7, "status": 0}})
        self.assertEqual(self.log(7), "out\nerr\nchild\n")
        self.assertEqual(self.log("warm"), "loaded once\n")

    def test_several_trials_run_at_once_and_end_in_any_order(self):
        warm = self.loaded("""
            def train(trial):
                trial.report(1, rmse=1)
                while not trial.should_stop(): pass
            """)
        channels = {number: warm.start(number) for number in (1, 2, 3)}
        processes = {each["id"]: each["pid"] for each in
                     (warm.next()["started"] for _ in channels)}
        self.assertEqual(len(set(processes.values())), 3)
        for lines in channels.values():
            self.assertIn("report", lines.next())
        for number in (3, 1, 2):
            channels[number].stop("pruned")
            self.assertEqual(channels[number].all(), [RESULT])
            self.assertEqual(warm.next(), {"ended": {"id": number, "status": 0}})

    def test_what_a_trial_changes_no_other_sees(self):
        warm = self.loaded("state = []\ndef train(t):\n state.append(1)\n return len(state)")
        for number in (1, 2):
            lines = warm.start(number)
            self.assertEqual(lines.all(), [RESULT])

    def test_a_killed_or_crashed_trial_ends_alone_with_its_status(self):
        warm = self.loaded("""
            import os
            def train(trial):
                trial.report(1, rmse=1)
                if trial.params.kind == "crash": os.abort()
                if trial.params.kind == "exit": os._exit(3)
                while True: pass
            """)
        for number, kind, status in [(1, "loop", 9), (2, "crash", signal.SIGABRT),
                                     (3, "exit", 3 << 8)]:
            lines = warm.start(number, params={"kind": kind})
            process = warm.next()["started"]["pid"]
            lines.next()
            if kind == "loop":
                os.killpg(process, signal.SIGKILL)
            self.assertIsNone(lines.next())
            told = warm.next()["ended"]
            self.assertEqual((told["id"], told["status"] & ~0x80), (number, status))

    def test_the_worker_closing_ends_all_that_runs(self):
        warm = self.loaded("""
            import subprocess
            def train(trial):
                child = subprocess.Popen(["sleep", "600"])
                trial.report(1, rmse=child.pid)
                while True: pass
            """)
        lines = [warm.start(number) for number in (1, 2)]
        processes = [warm.next()["started"]["pid"] for _ in lines]
        processes += [int(each.next()["report"]["metrics"]["rmse"]) for each in lines]
        self.assertTrue(all(map(is_alive, processes)))
        warm.close()
        warm.process.wait(DEADLINE)
        until(lambda: not any(map(is_alive, processes)), "an end of all trials")

    def test_trials_end_with_a_warm_process_that_is_killed(self):
        warm = self.loaded("def train(t):\n t.report(1, rmse=1)\n while True: pass")
        lines = warm.start(1)
        process = warm.next()["started"]["pid"]
        lines.next()
        warm.process.kill()
        until(lambda: not is_alive(process), "an end of the trial")

    def test_the_parents_handlers_and_finally_blocks_run_in_no_trial(self):
        warm = self.loaded("""
            import atexit, sys
            atexit.register(print, "at exit")
            sys.stdout.write("buffered")
            def train(trial):
                sys.stdout.write("mine")
                if trial.params.kind == "exit": sys.exit(0)
                raise KeyboardInterrupt
            """)
        lines = warm.start(1)
        self.assertEqual(lines.next()["failure"]["class"], "trainer_error")
        lines = warm.start(2, params={"kind": "exit"})
        self.assertEqual(lines.next()["failure"]["class"], "metric_missing")
        self.assertIsNone(lines.next())
        self.assertEqual(self.log(1), "mine")
        self.assertEqual(self.log(2), "mine")
        self.assertEqual(self.log("warm"), "buffered")

    def test_files_that_the_module_opened_are_there_in_the_trial(self):
        self.write("data", "rows.txt")
        warm = self.loaded("rows = open('rows.txt')\ndef train(t): return len(rows.read()) - 3")
        self.assertEqual(warm.start(1).all(), [RESULT])

    def test_a_folder_that_is_gone_fails_the_trial_alone(self):
        warm = self.loaded("def train(t): return 1")
        lines = warm.start(1, directory=os.path.join(self.folder, "absent"))
        self.assertIn("folder cannot be used", lines.next()["failure"]["message"])
        self.assertEqual(warm.start(2).all(), [RESULT])

    def test_a_long_request_comes_through(self):
        warm = self.loaded("def train(t): return len(t.params) / 2000")
        params = {f"parameter.{number}": number for number in range(2000)}
        self.assertEqual(warm.start(1, params=params).all(), [RESULT])

    def test_many_trials_leave_nothing_behind(self):
        warm = self.loaded("def train(t): return 1")
        def open_files():
            return len(os.listdir(f"/proc/{warm.process.pid}/fd"))
        before = open_files()
        for number in range(1, 101):
            lines = warm.start(number)
            self.assertEqual(lines.all(), [RESULT])
            self.assertEqual({*warm.next(), *warm.next()}, {"started", "ended"})
        self.assertEqual(open_files(), before)


class Loading(Case):
    def test_a_broken_module_is_told_and_the_process_ends(self):
        for text, part in [("import no_such_module", "No module named 'no_such_module'"),
                           ("def train(:", "SyntaxError"), ("", "no function 'train'"),
                           ("import sys; sys.exit(0)", "SystemExit"),
                           ("raise ValueError('x' * 90000 + 'end')", "end")]:
            with self.subTest(text):
                self.write(text)
                warm = self.warm()
                message = warm.next()["broken"]["message"]
                self.assertIn(part, message)
                self.assertNotIn("_running.py", message)
                self.assertLessEqual(len(message.encode()), 3500)
                self.assertEqual(warm.process.wait(DEADLINE), 1)

    def test_a_module_with_threads_is_not_forked(self):
        self.write("""
            import threading, time
            for _ in range(3): threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
            def train(t): return 1
            """)
        warm = self.warm()
        self.assertEqual(
            warm.next(), {"loaded": {"fork": False, "reason": "the module started 3 threads"}})
        warm.close()
        warm.process.wait(DEADLINE)

    def test_threads_that_have_ended_do_not_count(self):
        self.write("""
            import threading
            for _ in range(3):
                thread = threading.Thread(target=int); thread.start(); thread.join()
            def train(t): return 1
            """)
        self.assertEqual(self.warm().next(), {"loaded": {"fork": True}})

    def test_an_initialised_gpu_is_not_forked(self):
        self.write("""
            class cuda:
                def is_initialized(): return True
            """, "torch.py")
        self.write("import torch\ndef train(t): return 1")
        told = self.warm().next()["loaded"]
        self.assertFalse(told["fork"])
        self.assertIn("GPU", told["reason"])

    def test_numpy_with_threads_of_its_own_is_forked_and_works(self):
        try:
            import numpy
        except ImportError:
            self.skipTest("NumPy is not installed")
        self.write("""
            import numpy, os
            loaded = len(os.listdir("/proc/self/task"))
            a = numpy.ones((600, 600)); b = a @ a
            used = len(os.listdir("/proc/self/task"))
            def train(t):
                t.report(1, rmse=used)
                return (a @ a)[0, 0] / 600
            """)
        warm = self.warm(OMP_NUM_THREADS="3", OPENBLAS_NUM_THREADS="3")
        self.assertEqual(warm.next(), {"loaded": {"fork": True}})
        lines = warm.start(1)
        if lines.next()["report"]["metrics"]["rmse"] == 1:
            self.skipTest("this NumPy starts no threads")
        self.assertEqual(lines.next(), RESULT)

    def test_random_numbers_of_numpy_are_imported_once_and_follow_the_seed(self):
        try:
            import numpy
        except ImportError:
            self.skipTest("NumPy is not installed")
        self.write("""
            import numpy, sys
            def train(trial):
                assert "numpy.random" in sys.modules
                return numpy.random.random()
            """)
        warm = self.warm()
        warm.next()
        for number, seed in enumerate([123, 2**63, 123], 1):
            said = warm.start(number, seed=seed).all()
            expected = numpy.random.RandomState(seed % 2**32).random()
            self.assertEqual(said, [{"result": {"metrics": {"rmse": expected}}}])

    def test_the_worker_going_away_ends_a_module_that_still_loads(self):
        self.write("import os, time\nopen('loading', 'w').close()\ntime.sleep(600)")
        warm = self.warm()
        until(lambda: os.path.exists(os.path.join(self.code, "loading")), "loading")
        warm.close()
        warm.process.wait(DEADLINE)

    def test_descriptors_of_the_worker_do_not_stay_open(self):
        self.write("import os\ntry:\n os.fstat(77)\nexcept OSError: fine = 1\n"
                   "def train(t): return fine")
        secret = os.open("/dev/null", os.O_RDONLY)
        os.dup2(secret, 77, inheritable=True)
        self.addCleanup(os.close, 77)
        os.close(secret)
        original = subprocess.Popen
        self.addCleanup(setattr, subprocess, "Popen", original)
        subprocess.Popen = lambda *a, pass_fds, **k: original(*a, pass_fds=[*pass_fds, 77], **k)
        warm = self.warm()
        self.assertEqual(warm.next(), {"loaded": {"fork": True}})
        self.assertEqual(warm.start(1).all(), [RESULT])


if __name__ == "__main__":
    unittest.main()
