"""A coordinator and its workers as processes on a state folder of their own."""

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import time

DEADLINE = 60
SWEEP = """
name: dispatch
metric: {name: product, goal: maximize}
trainer: noop
method: random
trials: 2000000
parameters:
  lr: {distribution: log_uniform_values, min: 1e-5, max: 1e-1}
  depth: {min: 2, max: 12}
"""


def free_ports(count):
    """Ports that nobody listens on; they stay the same when a coordinator starts again."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def wait_until(condition, what):
    """Asks again and again, with a deadline, and returns the first answer that is true."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.001)
    raise TimeoutError(f"waited {DEADLINE} s for {what}")


class Cluster:
    """Processes of `picoml` on loopback; CURVE is on, as always."""

    def __init__(self, picoml, folder):
        self.picoml = os.path.abspath(picoml)
        self.folder = folder
        self.published = os.path.join(folder, "coordinator")
        control, artifacts, http = free_ports(3)
        self.addresses = ["--control", f"tcp://127.0.0.1:{control}"]
        self.addresses += ["--artifacts", f"tcp://127.0.0.1:{artifacts}"]
        self.addresses += ["--http", f"127.0.0.1:{http}"]
        self.log = open(os.path.join(folder, "log"), "wb")
        self.coordinator = None
        self.workers = []
        # What processes find; None for all that there is here.
        self.environment = None

    def command(self, *arguments):
        """Runs a command of the CLI and returns what it printed."""
        done = subprocess.run(
            [self.picoml, *arguments], stdout=subprocess.PIPE, check=True, timeout=DEADLINE
        )
        return done.stdout.decode().strip()

    def start_coordinator(self):
        """Returns at once; `wait_for_coordinator` says when it answers."""
        arguments = ["coordinator", "--state", self.folder, *self.addresses]
        self.coordinator = self.start(arguments)

    def wait_for_coordinator(self):
        path = os.path.join(self.published, "http.json")
        wait_until(lambda: os.path.exists(path), "the coordinator's http.json")

    def authorize(self, count):
        """Lets `count` workers in."""
        for number in range(count):
            key = self.command("worker", "key", "--state", self.worker_folder(number))
            name = f"oven-{number}"
            self.command("worker", "authorize", name, "--key", key, "--state", self.folder)

    def submit(self):
        """Submits the sweep of no-op trials."""
        path = os.path.join(self.folder, "dispatch.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(SWEEP)
        self.command("sweep", "submit", path, "--state", self.folder)

    def start_workers(self, count, *options):
        """Starts workers of one CPU each, which note when each trial started."""
        for number in range(count):
            arguments = ["worker", "run", "--state", self.worker_folder(number), "--cpus", "1"]
            arguments += ["--coordinator", os.path.join(self.published, "worker.json")]
            arguments += ["--trace", self.trace(number), *options]
            self.workers.append(self.start(arguments))

    def worker_folder(self, number):
        return os.path.join(self.folder, f"worker-{number}")

    def trace(self, number):
        return os.path.join(self.folder, f"trace-{number}")

    def start(self, arguments):
        return subprocess.Popen(
            [self.picoml, *arguments], stdout=self.log, stderr=self.log, env=self.environment)

    def ended(self):
        """Trials whose results are durable; counted in the coordinator's own tables."""
        path = os.path.join(self.published, "picoml.sqlite")
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT coalesce(sum(succeeded), 0) FROM experiments")
            return rows.fetchone()[0]

    def stop_coordinator(self):
        """Ends the coordinator in good order; its state stays."""
        self.coordinator.send_signal(signal.SIGTERM)
        self.coordinator.wait(timeout=DEADLINE)
        os.unlink(os.path.join(self.published, "http.json"))

    def close(self):
        """Ends every process at once: what they leave behind is thrown away."""
        for process in [*self.workers, *filter(None, [self.coordinator])]:
            process.kill()
            process.wait()
        self.log.close()
