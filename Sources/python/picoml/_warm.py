"""The warm process: it has imported the user's module and runs one trial after the other.

The worker starts `python3 -m picoml._warm`. Each trial is a fork of this process, or, where the
user allows it, a call within this process.
"""

from __future__ import annotations

import array
import gc
import json
import os
import select
import signal
import socket
import sys
from typing import Any, Mapping, NoReturn, Optional

from ._channel import Channel
from ._context import Trial
from ._process import (
    Watch,
    close_inherited,
    end_everything,
    end_with_parent,
    flush,
    limit,
    pin,
    reason_not_to_fork,
)
from ._running import Function, load, loading_failure, run
from ._trial import flush_lines
from ._values import seed_libraries

PACKET_BYTES = 64 * 1024

# As waitpid gives it: the process left with exit code 1.
_LEFT_WITH_1 = 1 << 8


class Link:
    """The socket to the worker: a JSON object a packet, sometimes with descriptors."""

    def __init__(self, descriptor: int) -> None:
        """Takes over a connected Unix SOCK_SEQPACKET socket."""
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, descriptor)
        self.socket.set_inheritable(False)
        self.socket.setblocking(True)
        self._buffer = bytearray(PACKET_BYTES)
        self._ancillary = socket.CMSG_SPACE(8 * array.array("i").itemsize)

    def send(self, packet: str) -> None:
        """Sends one packet; ends everything when the worker is gone."""
        try:
            self.socket.send(packet.encode("utf-8"))
        except OSError:
            end_everything()

    def receive(self) -> Optional[tuple[Any, list[int]]]:
        """The next packet and its descriptors; None when the worker has closed its end."""
        try:
            count, ancillary, flags, _ = self.socket.recvmsg_into(
                [self._buffer], self._ancillary, socket.MSG_CMSG_CLOEXEC
            )
        except ConnectionError:
            return None
        descriptors: list[int] = []
        for level, kind, data in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                numbers = array.array("i")
                numbers.frombytes(data[: len(data) - len(data) % numbers.itemsize])
                descriptors += numbers
        if count == 0:
            return None
        if flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC):
            raise ValueError(f"the worker sent a packet of more than {PACKET_BYTES} bytes")
        return json.loads(self._buffer[:count]), descriptors


class Start:
    """A trial to start."""

    __slots__ = ("id", "request", "channel", "log")

    def __init__(self, message: Any, descriptors: list[int]) -> None:
        """Takes what the worker sent; raises KeyError or ValueError when it is none."""
        start = message["start"]
        self.id: int = start["id"]
        self.request: dict[str, Any] = start["request"]
        self.channel, self.log = descriptors


class Forks:
    """Runs each trial in a fork of this process, several at once if the worker wants it."""

    def __init__(self, link: Link, function: Function) -> None:
        """Prepares to fork from this process as it is now."""
        self._link = link
        self._function = function
        self._children: dict[int, int] = {}
        self._own = os.getpid()
        self._reading, self._writing = os.pipe()
        for descriptor in (self._reading, self._writing):
            os.set_blocking(descriptor, False)
        self._former_wakeup = signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        # A handler of Python's own makes the signal arrive at the pipe.
        self._former_handler = signal.signal(signal.SIGCHLD, lambda number, frame: None)
        self._collects = gc.isenabled()
        gc.collect()
        # Collecting garbage touches every object, and each touch would copy a page of memory.
        gc.disable()
        gc.freeze()

    def serve(self) -> NoReturn:
        """Starts trials and tells of their ends until the worker is gone."""
        poller = select.poll()
        poller.register(self._link.socket.fileno(), select.POLLIN)
        poller.register(self._reading, select.POLLIN)
        while True:
            for descriptor, _ in poller.poll():
                if descriptor == self._reading:
                    os.read(self._reading, 4096)
                    self._tell_ends()
                    continue
                received = self._link.receive()
                if received is None:
                    end_everything(list(self._children))
                else:
                    self._fork(Start(*received))

    def _fork(self, start: Start) -> None:
        try:
            child = os.fork()
        except OSError as error:
            self._refuse(start, error)
            return
        if child == 0:
            status = 1
            try:
                status = self._live(start)
            except BaseException:
                sys.excepthook(*sys.exc_info())
                flush()
            finally:
                # The parent's handlers at exit and its finally blocks are not this process's.
                os._exit(status)
        try:
            # The child does it as well: whoever comes first, a kill of the group finds it.
            os.setpgid(child, child)
        except OSError:
            pass
        self._children[child] = start.id
        os.close(start.channel)
        os.close(start.log)
        self._link.send('{"started":{"id":%d,"pid":%d}}' % (start.id, child))

    def _refuse(self, start: Start, error: OSError) -> None:
        trial = Trial(start.request, Channel(start.channel))
        trial._fail("trainer_error", f"no process could be started for the trial: {error}")
        trial._release()
        os.close(start.log)
        self._link.send('{"ended":{"id":%d,"status":%d}}' % (start.id, _LEFT_WITH_1))

    def _live(self, start: Start) -> int:
        """What a forked process does; gives its exit code."""
        os.setpgid(0, 0)
        end_with_parent(self._own)
        signal.set_wakeup_fd(self._former_wakeup)
        signal.signal(signal.SIGCHLD, self._former_handler or signal.SIG_DFL)
        self._link.socket.close()
        os.close(self._reading)
        os.close(self._writing)
        if self._collects:
            gc.enable()
        limits = start.request.get("limits") or {}
        return 0 if _run(start, self._function, limits) else 1

    def _tell_ends(self) -> None:
        for child in list(self._children):
            try:
                ended, status = os.waitpid(child, os.WNOHANG)
            except ChildProcessError:
                # Code of the user's module has waited for it; how it ended is lost.
                ended, status = child, _LEFT_WITH_1
            if ended:
                number = self._children.pop(child)
                self._link.send('{"ended":{"id":%d,"status":%d}}' % (number, status))


def serve_in_turn(link: Link, function: Function) -> NoReturn:
    """Runs trials one after the other within this process until the worker is gone.

    `limits` of a request do not apply: the process serves other trials afterwards, and none of
    them could be taken back. The worker limits the process as a whole.
    """
    Watch(link.socket.fileno(), end_everything)
    home = os.getcwd()
    logs = (os.dup(1), os.dup(2))
    while True:
        received = link.receive()
        if received is None:
            end_everything()
            continue
        start = Start(*received)
        _run(start, function)
        # At once: the worker prepares the next trial while this one is put away.
        link.send('{"ended":{"id":%d,"status":0}}' % start.id)
        os.dup2(logs[0], 1)
        os.dup2(logs[1], 2)
        os.chdir(home)


def _run(
    start: Start, function: Function, limits: Optional[Mapping[str, Any]] = None
) -> bool:
    """Runs one trial in its folder with its log; True when it had a result.

    With `limits`, which may be empty, the process puts itself under them for good.
    """
    os.dup2(start.log, 1)
    os.dup2(start.log, 2)
    os.close(start.log)
    if limits is not None:
        limit(limits)
    request = start.request
    pin(request.get("cores"))
    trial = Trial(request, Channel(start.channel))
    try:
        _settle(request, trial.directory)
    except OSError as error:
        trial._fail("trainer_error", f"the trial's folder cannot be used: {error}")
        trial._release()
        return False
    succeeded = run(trial, function)
    # The log is complete before the channel says that this is the end.
    flush()
    trial._release()
    return succeeded


def _settle(request: dict[str, Any], directory: str) -> None:
    os.chdir(directory)
    environment = os.environ
    temporary = environment["TMPDIR"] = os.path.join(directory, "tmp")
    if not os.path.isdir(temporary):
        os.makedirs(temporary)
    environment["PICOML_TRIAL_ID"] = request["trial"]
    environment["PICOML_ATTEMPT"] = str(request["attempt"])
    environment["PICOML_SEED"] = str(request["seed"])
    environment["PICOML_CHECKPOINT_DIR"] = request.get("checkpoint_dir") or ""
    tempfile: Any = sys.modules.get("tempfile")
    if tempfile is not None:
        # It remembers the folder that it used first.
        tempfile.tempdir = None
    seed_libraries(request["seed"], sys.modules)


def main() -> NoReturn:
    """Loads the module that the worker names and serves it."""
    descriptor = int(os.environ.pop("PICOML_WARM"))
    close_inherited(descriptor)
    link = Link(descriptor)
    flush_lines()
    received = link.receive()
    if received is None:
        os._exit(0)
    wish = received[0]["load"]
    # Imports may take minutes, and the worker may end meanwhile.
    watch = Watch(descriptor, end_everything)
    try:
        function = load(wish["entry"], wish["code_dir"])
    except BaseException as error:
        link.send(json.dumps({"broken": {"message": loading_failure(error)[1]}}))
        flush()
        os._exit(1)
    # NumPy imports its random numbers at their first use, which is not to be in each fork.
    seed_libraries(0, sys.modules)
    watch.stop()
    if wish.get("reuse"):
        link.send('{"loaded":{"fork":true}}')
        serve_in_turn(link, function)
    reason = reason_not_to_fork()
    if reason is not None:
        link.send(json.dumps({"loaded": {"fork": False, "reason": reason}}))
        # The worker closes its end when it has read that.
        link.receive()
        end_everything()
    flush()
    forks = Forks(link, function)
    link.send('{"loaded":{"fork":true}}')
    forks.serve()
    os._exit(0)


if __name__ == "__main__":
    try:
        main()
    except BaseException:
        # Whatever it was, no trial may outlive the process that speaks for it.
        sys.excepthook(*sys.exc_info())
        flush()
        end_everything()
