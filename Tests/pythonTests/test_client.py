"""Sweeps from Python, with a server on loopback that speaks as the coordinator's API does."""

from __future__ import annotations

import contextlib
import io
import json
import os
import stat
import sys
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import picoml
from support import Case

TOKEN = "a-token"


def entry(phase: str, **more):
    counts = {"waiting": 0, "running": 1, "succeeded": 2, "pruned": 1, "failed": 0}
    return {"id": "12", "phase": phase, "objective": {"metric": "rmse", "goal": "minimize"},
            "trials": counts, **more}


BEST = {"trial": "12.4", "experiment": "Exp1", "objective": 1.5,
        "parameters": [{"name": "lr", "value": 0.1}, {"name": "kind", "value": "a"}]}


def trial(number: int):
    return {"id": f"12.{number}", "experiment": "Exp1", "state": "succeeded", "attempts": 1,
            "objective": "nan" if number == 3 else number,
            "parameters": [{"name": "lr", "value": number / 10}]}


class Coordinator(BaseHTTPRequestHandler):
    """Answers in the forms of Sources/API."""

    def do_GET(self):
        path = urlsplit(self.path)
        query = {key: value[0] for key, value in parse_qs(path.query).items()}
        server = self.server
        server.seen.append((path.path, query))
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            return self.problem(401, "The token is not the one of this coordinator.")
        if server.absences:
            server.absences -= 1
            return self.problem(503, "The coordinator is stopping.")
        if path.path == "/api/v1/sweeps/12/trials":
            start, limit = int(query.get("cursor", 0)), int(query["limit"])
            if query.get("state") == "failed":
                return self.answer(200, {"trials": [
                    {"id": f"12.{n}", "experiment": "Exp1", "state": "failed", "failure": failure}
                    for n, failure in enumerate(["cancelled", "trainer_error"], 1)]})
            numbers = range(start + 1, min(start + limit, server.trials) + 1)
            end = start + len(numbers)
            return self.answer(200, {"trials": [trial(n) for n in numbers],
                                     "next": str(end) if end < server.trials else None})
        if path.path == "/api/v1/trials/12.2":
            return self.answer(200, {"attempts": [{"message": "first"}, {"message": "bad luck"}]})
        if path.path in ("/api/v1/sweeps/12", "/api/v1/sweeps/last"):
            phase = server.phases.pop(0) if len(server.phases) > 1 else server.phases[0]
            if phase in ("failed", "cancelled"):
                return self.answer(200, {"sweep": entry(phase, reason=server.reason)})
            best = {} if phase == "searching" else {"best": BEST}
            return self.answer(200, {"sweep": entry(phase, **best)})
        if path.path == "/api/v1/sweeps/13":
            self.send_response(302)
            self.send_header("Location", "/api/v1/sweeps/12")
            self.end_headers()
            return None
        return self.problem(404, "There is no such sweep.", fix="Look at the list.")

    def do_POST(self):
        self.server.seen.append((self.path, self.headers["Content-Type"]))
        self.answer(200, {"done": True})

    def problem(self, status: int, detail: str, **more):
        self.answer(status, {"type": "urn:picoml:problem", "title": "No", "status": status,
                             "detail": detail, **more})

    def answer(self, status: int, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class ClientCase(Case):
    def setUp(self) -> None:
        super().setUp()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Coordinator)
        self.server.seen, self.server.phases = [], ["finished"]
        self.server.trials, self.server.absences = 3, 0
        self.addCleanup(self.server.server_close)
        thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.shutdown)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        state = os.path.join(self.folder, "state", "coordinator")
        os.makedirs(state)
        self.state = os.path.dirname(state)
        for name, text in [("token", TOKEN + "\n"),
                           ("http.json", json.dumps({"address": self.address}))]:
            with open(os.path.join(state, name), "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(os.path.join(state, name), 0o600)
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith("PICOML")}
        # A proxy that nobody answers at: what is meant for this host must not go there.
        environment["http_proxy"] = "http://127.0.0.1:9"
        patch = mock.patch.dict(os.environ, environment, clear=True)
        patch.start()
        self.addCleanup(patch.stop)


class Finding(ClientCase):
    def test_the_state_folder_the_environment_and_arguments_name_the_coordinator(self):
        self.assertEqual(picoml.sweep(12, state=self.state).phase, "finished")
        self.assertEqual(picoml.sweep(address=self.address + "/", token=TOKEN).id, "12")
        with mock.patch.dict(os.environ, PICOML_STATE=self.state):
            self.assertEqual(picoml.sweep().id, "12")

    def test_what_is_wrong_is_said(self):
        token = os.path.join(self.state, "coordinator", "token")
        def refused(part, **named):
            with self.assertRaises(picoml.PicomlError) as caught:
                picoml.sweep(12, **named)
            self.assertIn(part, str(caught.exception))
            return caught.exception
        refused("No coordinator has run here", state=self.folder)
        refused("is not the address", address="127.0.0.1:1", token=TOKEN)
        self.assertEqual(refused("not the one", state=self.state, token="other").status, 401)
        self.assertTrue(refused("No coordinator answers", address="http://127.0.0.1:9",
                                token=TOKEN).is_unreachable)
        os.chmod(token, 0o644)
        refused("can be read by other users", state=self.state)

    def test_no_redirect_gets_the_token(self):
        with self.assertRaises(picoml.PicomlError):
            picoml.sweep(13, state=self.state)
        self.assertEqual([path for path, _ in self.server.seen], ["/api/v1/sweeps/13"])


class Reading(ClientCase):
    def test_waiting_shows_progress_and_ends_with_the_sweep(self):
        self.server.phases = ["searching", "searching", "confirming", "finished"]
        self.server.absences = 2
        error = io.StringIO()
        with contextlib.redirect_stderr(error):
            status = picoml.sweep(12, state=self.state).wait(20, progress=True)
        self.assertEqual(status["sweep"]["phase"], "finished")
        self.assertEqual(error.getvalue().splitlines()[0],
                         "sweep 12 searching: 3 trials ended, 1 run")
        self.assertIn("best rmse 1.5 (12.4)", error.getvalue())
        seen = []
        picoml.sweep(12, state=self.state).wait(progress=seen.append)
        self.assertEqual(seen[-1]["sweep"]["phase"], "finished")

    def test_waiting_ends_at_its_timeout(self):
        self.server.phases = ["searching"]
        with self.assertRaises(TimeoutError):
            picoml.sweep(12, state=self.state).wait(0.05)

    def test_a_sweep_that_ends_badly_raises_with_the_reason(self):
        sweep = picoml.sweep(12, state=self.state)
        for phase, reason, text in [
            ("failed", "no trial has a result",
             "Sweep 12 failed: no trial has a result. Trial 12.2 ended with trainer_error:\n"
             "bad luck"),
            ("failed", "all failed: bad luck", "Sweep 12 failed: all failed: bad luck."),
            ("cancelled", "a person wanted it", "Sweep 12 was cancelled: a person wanted it."),
        ]:
            self.server.phases, self.server.reason = ["searching", phase], reason
            with self.assertRaises(picoml.SweepFailed) as caught:
                sweep.wait(20)
            self.assertEqual(str(caught.exception), text)
            self.assertIsInstance(caught.exception, picoml.PicomlError)

    def test_a_name_that_is_no_number_stays_a_name(self):
        for name in ("1 2", "../sweeps/12"):
            with self.assertRaisesRegex(picoml.PicomlError, "no such sweep"):
                picoml.sweep(name, state=self.state)

    def test_best_and_trials_have_plain_parameters(self):
        sweep = picoml.sweep(12, state=self.state)
        self.assertEqual(sweep.best(), {"trial": "12.4", "experiment": "Exp1", "objective": 1.5,
                                        "params": {"lr": 0.1, "kind": "a"}})
        trials = list(sweep.trials())
        self.assertEqual([each["params"]["lr"] for each in trials], [0.1, 0.2, 0.3])
        self.assertNotEqual(trials[2]["objective"], trials[2]["objective"])
        self.server.phases = ["searching"]
        self.assertIsNone(sweep.best())

    def test_trials_come_page_by_page(self):
        self.server.trials = 1203
        sweep = picoml.sweep(12, state=self.state)
        self.assertEqual(len(list(sweep.trials())), 1203)
        self.server.seen.clear()
        self.assertEqual(len(list(sweep.trials(limit=600, order="objective"))), 600)
        self.assertEqual([query.get("limit") for _, query in self.server.seen], ["500", "100"])

    def test_a_data_frame_needs_pandas_and_says_so(self):
        sweep = picoml.sweep(12, state=self.state)
        with mock.patch.dict(sys.modules, pandas=None):
            with self.assertRaisesRegex(ImportError, "pip install pandas"):
                sweep.trials_dataframe()
        try:
            import pandas  # noqa: F401
        except ImportError:
            return
        frame = sweep.trials_dataframe()
        self.assertEqual(list(frame["params_lr"]), [0.1, 0.2, 0.3])
        failed = sweep.trials_dataframe(state="failed")
        self.assertEqual((len(failed), failed["objective"].notna().sum()), (2, 0))
        self.server.trials = 0
        self.assertEqual(list(sweep.trials_dataframe()),
                         ["id", "experiment", "state", "objective"])

    def test_cancelling_posts_json(self):
        picoml.sweep(12, state=self.state).cancel()
        self.assertEqual(self.server.seen[-1],
                         ("/api/v1/sweeps/12/cancel", "application/json"))


class Submitting(ClientCase):
    def setUp(self) -> None:
        super().setUp()
        # A program in the place of picoml: what it is given, it writes down.
        self.binary = os.path.join(self.folder, "picoml")
        self.arguments = os.path.join(self.folder, "arguments.json")
        with open(self.binary, "w", encoding="utf-8") as file:
            file.write(f"""#!{sys.executable}
import json, os, sys
file, token = sys.argv[3], sys.argv[sys.argv.index("--token-file") + 1]
text = open(file).read()
if "bad" in text:
    print(file + ":1:1: error: it is bad.", file=sys.stderr)
    sys.exit("error: " + file + " has 1 problem. Mend the file and try again.")
if "exit" in text:
    print("error: it does not work.", file=sys.stderr)
    sys.exit(int(text.split("exit")[1][:2]))
json.dump({{"arguments": sys.argv[1:], "text": open(file).read(), "token": open(token).read(),
           "mode": os.stat(token).st_mode, "folder": os.path.realpath(os.path.dirname(file))}},
          open({self.arguments!r}, "w"))
print(json.dumps({{"sweep": "12", "warnings": []}}))
""")
        os.chmod(self.binary, 0o755)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)

    def told(self):
        with open(self.arguments, encoding="utf-8") as file:
            return json.load(file)

    def test_a_file_goes_through_the_program(self):
        with open("sweep.yaml", "w") as file:
            file.write("name: x")
        with mock.patch.dict(os.environ, PICOML=self.binary):
            sweep = picoml.submit("sweep.yaml", state=self.state, code="code")
        self.assertEqual((sweep.id, sweep.phase), ("12", "finished"))
        told = self.told()
        self.assertEqual(told["arguments"][:6], [
            "sweep", "submit", "sweep.yaml", "--json", "--address", self.address])
        self.assertEqual(told["arguments"][-2:], ["--code", "code"])
        self.assertEqual(told["token"], TOKEN + "\n")
        self.assertEqual(stat.S_IMODE(told["mode"]), 0o600)
        self.assertFalse(os.path.exists(told["arguments"][7]))

    def test_a_dictionary_becomes_a_file_beside_which_paths_are_right(self):
        what = {"name": "x", "parameters": {"lr": picoml.space.loguniform(1e-5, 1)}}
        with mock.patch.dict(os.environ, PATH=self.folder):
            picoml.submit(what, state=self.state)
        told = self.told()
        self.assertEqual(json.loads(told["text"]), what)
        self.assertEqual(told["folder"], self.folder)
        self.assertEqual([name for name in os.listdir(".") if name.endswith(".yaml")], [])

    def test_problems_are_raised_with_what_the_program_said(self):
        with mock.patch.dict(os.environ, PICOML=self.binary):
            with open("bad.yaml", "w") as file:
                file.write("bad")
            with self.assertRaisesRegex(picoml.PicomlError, r"^bad.yaml:1:1: error: it is bad\."):
                picoml.submit("bad.yaml", state=self.state)
            # A dictionary has no lines.
            with self.assertRaisesRegex(picoml.PicomlError, r"^it is bad\.$"):
                picoml.submit({"name": "bad"}, state=self.state)
            for code, facts in [(1, (None, False)), (69, (None, True)), (77, (401, False))]:
                with self.assertRaisesRegex(picoml.PicomlError, r"^it does not work\.$") as caught:
                    picoml.submit({"name": f"exit{code:02}"}, state=self.state)
                error = caught.exception
                self.assertEqual((error.status, error.is_unreachable), facts)
            with self.assertRaisesRegex(picoml.PicomlError, "no form as a file"):
                picoml.submit({"name": float("nan")}, state=self.state)
        with mock.patch.dict(os.environ, PICOML="absent"):
            with self.assertRaisesRegex(picoml.PicomlError, "'absent', which is no program"):
                picoml.submit({"name": "x"}, state=self.state)
        with mock.patch.dict(os.environ, PATH="/nowhere"):
            with self.assertRaisesRegex(picoml.PicomlError, "not in PATH"):
                picoml.submit({"name": "x"}, state=self.state)


if __name__ == "__main__":
    unittest.main()
