"""A trial in a process of its own: its code, its folder, its files, and being stopped."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import unittest

from support import DEADLINE, Case, Lines


class Code(Case):
    def test_a_file_in_a_folder_finds_its_neighbours_and_the_root(self):
        self.write("A = 1", "alpha.py")
        self.write("B = 2", "src/beta.py")
        self.write("import alpha, beta\ndef fit(t): return alpha.A + beta.B", "src/my-train.py")
        said = self.ran("", entry="src/my-train.py:fit")
        self.assertEqual(said, [{"result": {"metrics": {"rmse": 3.0}}}])

    def test_what_the_trial_folder_holds_is_no_module(self):
        self.plain()
        with open(os.path.join(self.folder, "trials-1", "decimal.py"), "w") as file:
            file.write("raise AssertionError")
        said = self.ran("import decimal\ndef train(t): return 1")
        self.assertEqual(said, [{"result": {"metrics": {"rmse": 1.0}}}])

    def test_a_name_of_python_itself_is_refused(self):
        self.write("def train(t): return 1", "src/socket.py")
        said = self.ran("", entry="src/socket.py:train")
        self.assertIn("hides the module 'socket'", said[-1]["failure"]["message"])

    def test_the_request_is_there_as_attributes(self):
        said = self.ran("""
            import os, picoml, random, pickle
            first = random.random()
            def train(trial):
                p = trial.params
                assert (p.lr, p["depth"], p.kind, p.flag) == (0.1, 3, "a", True)
                assert p.optimizer.beta == p["optimizer.beta"] == 0.9
                assert dict(**p) == dict(p) == dict(pickle.loads(pickle.dumps(p))) and len(p) == 5
                for action in ("p.lr = 1", "p['lr'] = 1", "p.absent", "p['absent']", "del p.lr"):
                    try: exec(action)
                    except (AttributeError, TypeError, KeyError): continue
                    raise AssertionError(action)
                assert (trial.id, trial.attempt, trial.seed, trial.cpus) == ("3.1", 2, 123, 1)
                assert (trial.experiment, trial.metric, trial.goal) == ("Exp1", "rmse", "minimize")
                assert trial.data.search is None and trial.resumed_step == 0
                assert os.getcwd() == trial.directory and trial.checkpoint_dir.is_dir()
                assert picoml.trial() is trial
                assert random.random() == random.Random(123).random()
                picoml.report(1, rmse=3)
                return 1
            """)
        self.assertEqual(said[-1], {"result": {"metrics": {"rmse": 1.0}}})

    def test_data_is_read_with_numpy(self):
        try:
            import numpy
        except ImportError:
            self.skipTest("NumPy is not installed")
        path = os.path.join(self.folder, "search.npy")
        rows = numpy.array([(1, 2, 3), (4, 5, 6)], dtype=[(n, "<f4") for n in ("a", "b", "y")])
        numpy.save(path, rows)
        said = self.ran("""
            def train(trial):
                assert trial.data.load()["b"].tolist() == [2, 5]
                features, target = trial.data.matrix("search")
                assert features.tolist() == [[1, 2], [4, 5]] and target.tolist() == [3, 6]
                try: trial.data.load("gate")
                except ValueError: return trial.data.load()["y"][0]
            """, data={"search": path})
        self.assertEqual(said, [{"result": {"metrics": {"rmse": 3.0}}}])


class Stops(Case):
    def test_should_stop_follows_the_worker(self):
        self.write("""
            def train(trial):
                assert not trial.should_stop() and trial.stop_reason is None
                step = 1
                trial.report(step, rmse=1)
                while not trial.should_stop(): pass
                return {"rmse": 7, "pruned": trial.stop_reason == "pruned"}
            """)
        process, lines = self.fresh()
        self.assertIn("report", lines.next())
        lines.stop("pruned")
        self.assertEqual(lines.next(), {"result": {"metrics": {"rmse": 7.0, "pruned": 1.0}}})

    def test_check_stop_ends_the_trial_as_cancelled(self):
        self.write("""
            import picoml
            def train(trial):
                trial.report(1, rmse=1)
                try:
                    while True: trial.check_stop()
                except picoml.StopTrial: raise
            """)
        process, lines = self.fresh()
        lines.next()
        lines.stop("fenced")
        self.assertEqual(
            lines.next(), {"failure": {"class": "cancelled", "message": "the trial was fenced"}})

    def test_a_worker_that_goes_away_stops_the_trial_without_an_error(self):
        self.write("""
            def train(trial):
                trial.report(1, rmse=1)
                while not trial.should_stop(): pass
                for step in range(2, 2000): trial.report(step, rmse=1)
                open("after", "w").close()
            """)
        process, lines = self.fresh()
        lines.next()
        lines.socket.close()
        self.assertEqual(process.wait(DEADLINE), 0)
        self.assertTrue(os.path.exists(os.path.join(self.folder, "trials-1", "after")))


class Files(Case):
    def test_a_checkpoint_is_announced_when_it_is_complete(self):
        said = self.ran("""
            import os
            def train(trial):
                with trial.checkpoint(3) as folder:
                    (folder / "state").write_text("3")
                    assert not os.path.exists("checkpoint-3")
                try:
                    with trial.checkpoint(4) as folder: raise KeyError
                except KeyError: pass
                try: trial.checkpoint(3)
                except ValueError: pass
                else: raise AssertionError
                assert sorted(os.listdir(".")) == ["checkpoint-3"], os.listdir(".")
                with trial.checkpoint(4) as folder: pass
                return 1
            """)
        self.assertEqual(said[0], {"checkpoint": {"step": 3, "path": "checkpoint-3"}})
        self.assertEqual(said[1], {"checkpoint": {"step": 4, "path": "checkpoint-4"}})
        self.assertIn("result", said[2])
        with open(os.path.join(self.folder, "trials-1/checkpoint-3/state")) as file:
            self.assertEqual(file.read(), "3")

    def test_a_resumed_trial_goes_on_where_it_was(self):
        plain = self.plain(resumed_step=5)
        with open(os.path.join(plain["checkpoint_dir"], "state"), "w") as file:
            file.write("5")
        said = self.ran("""
            def train(trial):
                assert (trial.checkpoint_dir / "state").read_text() == str(trial.resumed_step)
                for step in range(trial.resumed_step + 1, 8): trial.report(step, rmse=step)
            """, resumed_step=5)
        self.assertEqual([each["report"]["step"] for each in said[:-1]], [6, 7])

    def test_files_and_folders_are_kept_under_their_names(self):
        said = self.ran("""
            import os, pathlib
            def train(trial):
                os.makedirs("model/parts")
                for name in ("model/MLmodel", "model/parts/a", "plot.png"):
                    open(name, "w").close()
                trial.save("model"); trial.save(pathlib.Path("plot.png"), name="plots/1.png")
                trial.save(os.path.abspath("plot.png"))
                return 1
            """)
        self.assertEqual([(each["artifact"]["name"], each["artifact"]["path"])
                          for each in said[:-1]],
                         [("model/MLmodel", "model/MLmodel"), ("model/parts/a", "model/parts/a"),
                          ("plots/1.png", "plot.png"), ("plot.png", "plot.png")])

    def test_what_is_no_file_of_the_trial_is_refused(self):
        said = self.ran("""
            import os
            def train(trial):
                open("file", "w").close(); os.mkdir("empty"); os.mkfifo("pipe"); os.mkdir("d")
                os.symlink("/etc/passwd", "link"); os.symlink("/etc/passwd", "d/link")
                for path, name in [("../log-1", None), ("/etc/passwd", None), (".", None),
                    ("absent", None), ("empty", None), ("pipe", None), ("link", None), ("d", None),
                    ("file", "../x"), ("file", "/x"), ("file", ""), ("file", "a//b")]:
                    try: trial.save(path, name)
                    except (ValueError, FileNotFoundError) as error: print(error)
                    else: raise AssertionError(path)
                return 1
            """)
        self.assertEqual(said, [{"result": {"metrics": {"rmse": 1.0}}}])


class Scripts(Case):
    def test_a_script_asks_for_its_trial(self):
        self.write("""
            import picoml
            trial = picoml.trial()
            picoml.report(1, rmse=trial.params.lr)
            assert not picoml.should_stop()
            picoml.finish()
            """, "script.py")
        process, lines = self.fresh([sys.executable, os.path.join(self.code, "script.py")])
        said = lines.all()
        self.assertEqual(process.wait(DEADLINE), 0, self.log())
        self.assertEqual(said[-1], {"result": {"metrics": {"rmse": 0.1}}})

    def test_a_process_that_is_no_trial_is_told_so(self):
        self.write("import picoml\npicoml.trial()", "script.py")
        for more in ({}, {"PICOML_TRIAL": self.request(), "PICOML_CHANNEL": "0"},
                     {"PICOML_TRIAL": self.request(), "PICOML_CHANNEL": "99"}):
            ended = subprocess.run(
                [sys.executable, os.path.join(self.code, "script.py")], stdin=subprocess.DEVNULL,
                env=self.environment(**more), capture_output=True, text=True)
            self.assertRegex(ended.stderr, "RuntimeError: (this process is|PICOML_CHANNEL=)")

    def test_in_a_container_the_channel_is_a_socket_in_a_folder(self):
        self.write("def train(trial): return trial.params.lr")
        path = os.path.join(self.folder, "channel")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(path)
            listener.listen(1)
            listener.settimeout(DEADLINE)
            request = os.path.join(self.folder, "description.json")
            with open(request, "w", encoding="utf-8") as file:
                json.dump({"plain": self.plain()}, file)
            process = subprocess.Popen(
                [sys.executable, "-m", "picoml._trial"], stdin=subprocess.DEVNULL,
                env=self.environment(PICOML_TRIAL=request, PICOML_CHANNEL=path))
            self.addCleanup(process.wait)
            lines = Lines(listener.accept()[0])
        self.assertEqual(lines.all(), [{"result": {"metrics": {"rmse": 0.1}}}])
        self.assertEqual(process.wait(DEADLINE), 0)
        lines.socket.close()

    def request(self) -> str:
        path = os.path.join(self.folder, "request.json")
        with open(path, "w") as file:
            json.dump({"plain": {"directory": "/"}}, file)
        return path


class Importing(Case):
    def test_a_trial_imports_nothing_of_the_sweeps_side(self):
        # A .pth file in site-packages may import anything before the first line of ours.
        bare = subprocess.run([sys.executable, "-c", "import sys; print(*sys.modules)"],
                              env=self.environment(), capture_output=True, text=True, check=True)
        said = self.ran(f"""
            import sys
            def train(trial):
                heavy = {{"urllib.request", "http.client", "subprocess", "ssl", "picoml.client",
                         "picoml._http", "ctypes", "asyncio", "traceback", "tempfile"}}
                found = heavy & set(sys.modules) - set({bare.stdout.split()!r})
                assert not found, found
                import picoml
                assert picoml.space.uniform(0, 1) and picoml.submit and picoml.Sweep
                return 1
            """)
        self.assertEqual(said, [{"result": {"metrics": {"rmse": 1.0}}}])


if __name__ == "__main__":
    unittest.main()
