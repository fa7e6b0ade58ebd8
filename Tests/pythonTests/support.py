"""The worker's side of a trial's channel and of the warm process, for tests."""

from __future__ import annotations

import array
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest
from typing import Any, Callable, Optional

import picoml

SDK = os.path.dirname(os.path.dirname(os.path.abspath(picoml.__file__)))

DEADLINE = 20.0


def until(condition: Callable[[], Any], what: str) -> Any:
    """Waits for `condition` and gives what it gave; fails after a deadline."""
    end = time.monotonic() + DEADLINE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"in {DEADLINE} s there was not {what}")
        time.sleep(0.005)


def is_alive(process: int) -> bool:
    """Whether there is such a process that is no zombie."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False


class Lines:
    """The worker's end of a channel."""

    def __init__(self, end: socket.socket) -> None:
        self.socket = end
        self.socket.settimeout(DEADLINE)
        self._rest = b""

    def next(self) -> Optional[dict[str, Any]]:
        """The next message; None when the trial has closed its end."""
        while b"\n" not in self._rest:
            try:
                data = self.socket.recv(1 << 16)
            except ConnectionResetError:
                # What the trial had not read when it ended makes the kernel reset the channel.
                data = b""
            if not data:
                return None
            self._rest += data
        line, self._rest = self._rest.split(b"\n", 1)
        assert len(line) < 65536
        return json.loads(line, parse_constant=_refuse)

    def all(self) -> list[dict[str, Any]]:
        """All messages up to the end."""
        return list(iter(self.next, None))

    def stop(self, reason: str) -> None:
        self.socket.sendall(json.dumps({"stop": reason}).encode() + b"\n")


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


class Case(unittest.TestCase):
    """A test with a folder of its own that holds code and the folders of trials."""

    def setUp(self) -> None:
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="picoml-test-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.code = os.path.join(self.folder, "code")
        os.mkdir(self.code)

    def write(self, text: str, name: str = "train.py") -> None:
        """Writes a file of code."""
        path = os.path.join(self.code, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(text))

    def plain(self, number: int = 1, **changes: Any) -> dict[str, Any]:
        """What the worker says of a trial."""
        directory = os.path.join(self.folder, f"trials-{number}")
        checkpoint = os.path.join(self.folder, f"checkpoint-{number}")
        for path in (directory, checkpoint):
            os.makedirs(path, exist_ok=True)
        plain = {
            "trial": f"3.{number}", "attempt": 2, "seed": 123, "cpus": 1, "experiment": "Exp1",
            "metric": "rmse", "goal": "minimize",
            "params": {"lr": 0.1, "depth": 3, "kind": "a", "flag": True, "optimizer.beta": 0.9},
            "data": {}, "checkpoint_dir": checkpoint, "resumed_step": 0,
            "entry": "train.py:train", "code_dir": self.code, "directory": directory,
        }
        plain.update(changes)
        return plain

    def environment(self, **more: str) -> dict[str, str]:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": SDK, "OMP_NUM_THREADS": "1"}
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        environment.update(more)
        return environment

    def log(self, number: int = 1) -> str:
        with open(os.path.join(self.folder, f"log-{number}"), encoding="utf-8") as file:
            return file.read()

    def fresh(
        self, arguments: Optional[list[str]] = None, number: int = 1, **changes: Any
    ) -> tuple[subprocess.Popen[bytes], Lines]:
        """Starts a trial in a process of its own."""
        plain = self.plain(number, **changes)
        path = os.path.join(self.folder, f"request-{number}.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"lease": {}, "modelPaths": {}, "plain": plain}, file)
        ours, theirs = socket.socketpair()
        environment = self.environment(PICOML_TRIAL=path, PICOML_CHANNEL=str(theirs.fileno()))
        with open(os.path.join(self.folder, f"log-{number}"), "wb") as log:
            process = subprocess.Popen(
                arguments or [sys.executable, "-m", "picoml._trial"], env=environment,
                cwd=os.path.join(self.folder, f"trials-{number}"), pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        theirs.close()
        lines = Lines(ours)
        self.addCleanup(lines.socket.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process, lines

    def ran(self, text: str, **changes: Any) -> list[dict[str, Any]]:
        """All that a trial with this code says in a process of its own."""
        self.write(text)
        process, lines = self.fresh(**changes)
        said = lines.all()
        process.wait(DEADLINE)
        return said

    def warm(self, reuse: bool = False, entry: str = "train.py:train", **more: str) -> Warm:
        """Starts a warm process that is told to load the code."""
        warm = Warm(self, more)
        warm.send({"load": {"entry": entry, "code_dir": self.code, "reuse": reuse}})
        return warm


class Warm:
    """The worker's side of a warm process."""

    def __init__(self, case: Case, environment: dict[str, str]) -> None:
        self.case = case
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket = ours
        self.socket.settimeout(DEADLINE)
        with open(os.path.join(case.folder, "log-warm"), "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "picoml._warm"],
                env=case.environment(PICOML_WARM=str(theirs.fileno()), **environment),
                cwd=case.code, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True)
        theirs.close()
        case.addCleanup(self.process.wait)
        case.addCleanup(self.process.kill)
        case.addCleanup(self.socket.close)

    def send(self, message: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
        self.socket.sendmsg([json.dumps(message).encode()], rights if descriptors else [])

    def next(self) -> dict[str, Any]:
        return json.loads(self.socket.recv(1 << 16))

    def start(self, number: int, **changes: Any) -> Lines:
        """Starts a trial without waiting for anything."""
        ours, theirs = socket.socketpair()
        path = os.path.join(self.case.folder, f"log-{number}")
        log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        request = self.case.plain(number, **changes)
        self.send({"start": {"id": number, "request": request}}, (theirs.fileno(), log))
        theirs.close()
        os.close(log)
        lines = Lines(ours)
        self.case.addCleanup(ours.close)
        return lines

    def close(self) -> None:
        """Goes away, as a worker that ends does."""
        self.socket.close()
