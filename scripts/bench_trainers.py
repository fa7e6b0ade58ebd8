"""How fast trials in Python start: forked from a warm process, and in a fresh interpreter.

One worker, one trial at a time; the figure is the worker's own measure of an attempt, from its
start to its end. The function returns at once, so that nothing but the start is measured.
Then no-op trials a second with `reuse: true`, one in flight for each worker.
"""

import argparse
import contextlib
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

from bench_cluster import DEADLINE, Cluster, wait_until

# A module with a thread cannot be forked, so each of its trials gets a fresh interpreter.
THREAD = (
    "import threading, time\n"
    "threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()\n")
SWEEP = """
metric: {{name: loss, goal: minimize}}
entry: train.py:train
reuse: {reuse}
environment: {environment}
method: random
trials: {trials}
parameters: {{x: {{min: 0.1, max: 0.9}}}}
"""
TRAIN = "def train(trial):\n    return trial.params['x']\n"
REQUIREMENTS = "{requirements: requirements.txt}"
MODULES = [("nothing", "", "system"), ("scikit-learn", "import sklearn.ensemble\n", REQUIREMENTS)]
# Takes gigabytes to install, so it is measured where it is.
TORCH = [("torch", "import torch\n", "system")]


class Trainers(Cluster):
    """A cluster that runs Python functions."""

    def sweep(self, code, trials, reuse=False, environment="system"):
        """Runs a sweep to its end and returns (seconds, started, ended) of its attempts."""
        # Not below the repository: git would leave it out of what is packed.
        with tempfile.TemporaryDirectory(dir="/tmp", prefix="picoml-bench-") as folder:
            with open(os.path.join(folder, "train.py"), "w", encoding="utf-8") as file:
                file.write(code + TRAIN)
            with open(os.path.join(folder, "requirements.txt"), "w", encoding="utf-8") as file:
                file.write("scikit-learn>=1.5,<2\n")
            path = os.path.join(folder, "sweep.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(SWEEP.format(
                    trials=trials, reuse=str(reuse).lower(), environment=environment))
            accepted = self.command("sweep", "submit", path, "--json", "--state", self.folder)
        number = int(json.loads(accepted)["sweep"])
        return wait_until(lambda: self.attempts(number, trials), f"sweep {number}")

    def attempts(self, sweep, trials):
        """The attempts of a sweep once all of its trials have ended."""
        path = os.path.join(self.published, "picoml.sqlite")
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            rows = database.execute(
                "SELECT seconds, started, ended, outcome, message FROM attempts"
                " WHERE trial >> 32 = ? AND ended IS NOT NULL AND outcome != 'returned'"
                " ORDER BY trial", (sweep,)
            ).fetchall()
        if len(rows) < trials:
            time.sleep(0.2)
            return None
        failed = [row for row in rows if row[3] != "succeeded"]
        if failed:
            raise RuntimeError(f"{len(failed)} trials of sweep {sweep} failed: {failed[0][4]}")
        return rows


def started(picoml, workers, options, body, python=None):
    """Gives `body` a running cluster; `python` is the interpreter that it finds first."""
    with tempfile.TemporaryDirectory() as folder:
        cluster = Trainers(picoml, folder)
        try:
            if python:
                path = os.path.dirname(os.path.abspath(python)) + ":" + os.environ["PATH"]
                cluster.environment = {**os.environ, "PATH": path}
            cluster.start_coordinator()
            cluster.wait_for_coordinator()
            cluster.authorize(workers)
            cluster.start_workers(workers, *options)
            return body(cluster)
        finally:
            cluster.close()


def starts(cluster, modules, trials):
    """For each module: milliseconds of a trial, warm and fresh."""
    rows = []
    for name, imports, environment in modules:
        milliseconds = {}
        for kind, code in [("warm", imports), ("fresh", imports + THREAD)]:
            # The first one waits for the import.
            attempts = cluster.sweep(code, trials, environment=environment)[1:]
            milliseconds[kind] = statistics.median(row[0] for row in attempts) * 1000
        rows.append({"imports": name, **milliseconds})
        rows[-1]["ratio"] = milliseconds["fresh"] / milliseconds["warm"]
    return rows


def throughput(cluster, trials):
    """No-op trials a second, reused process, after the first tenth."""
    ends = sorted(row[2] for row in cluster.sweep("", trials, reuse=True))[trials // 10:]
    # Journal times are in milliseconds.
    return (len(ends) - 1) * 1000 / max(ends[-1] - ends[0], 1)


def parsl_loop(python, workers, seconds):
    """Trials a second of Parsl in the same loop; None where it is not installed."""
    if not python:
        return None
    command = [python, os.path.join(os.path.dirname(__file__), "peers", "parsl_dispatch.py")]
    command += ["--workers", str(workers), "--seconds", str(seconds), "--mode", "loop"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=DEADLINE + seconds)
    return json.loads(done.stdout.decode().splitlines()[-1])["trials_per_s"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--picoml", required=True, help="the program to measure")
    parser.add_argument("--parsl", default="", help="an interpreter that has Parsl")
    parser.add_argument("--torch", default="", help="a python3 that has PyTorch")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=5, help="length of the peer's measurement")
    parser.add_argument("--trials", type=int, default=20, help="trials of each kind of start")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = started(
        arguments.picoml, 1, [], lambda cluster: starts(cluster, MODULES, arguments.trials))
    if arguments.torch:
        rows += started(
            arguments.picoml, 1, [], lambda cluster: starts(cluster, TORCH, arguments.trials),
            arguments.torch)
    own = started(
        arguments.picoml, arguments.workers, [], lambda cluster: throughput(cluster, 3000))
    peer = parsl_loop(arguments.parsl, arguments.workers, arguments.seconds)
    if arguments.json:
        json.dump({"starts": rows, "picoml": own, "parsl": peer}, sys.stdout)
        return
    for row in rows:
        print(
            "a trial that imports {imports}: {warm:.1f} ms warm, {fresh:.0f} ms fresh,"
            " {ratio:.0f}×".format(**row))
    ratio = f", Parsl {peer:,.0f}: {own / peer:.1f}×" if peer else ""
    print(f"no-op trials/s, {arguments.workers} worker(s), reuse: {own:,.0f}{ratio}")


if __name__ == "__main__":
    main()
