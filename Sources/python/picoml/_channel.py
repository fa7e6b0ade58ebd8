"""What passes between a trial and its worker: lines, and SIGTERM."""

from __future__ import annotations

import json
import os
import signal
import socket
from _thread import allocate_lock, get_ident
from typing import Any, Callable, Optional

from ._values import StopTrial

LINE_BYTES = 64 * 1024


class Channel:
    """A connected Unix stream socket with a JSON object a line, both ways.

    Once the worker's end is closed, what is sent goes nowhere and `stop_reason` is `fenced`: a
    trial that nobody listens to had better end.
    """

    def __init__(self, descriptor: int) -> None:
        """Takes over `descriptor`; raises OSError when it is no socket."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, descriptor)
        # Neither the worker's flags nor socket.setdefaulttimeout() of the user's code count here.
        self._socket.setblocking(True)
        # Trials may report from more than one thread.
        self._sending = allocate_lock()
        self._receiving = allocate_lock()
        self._received = b""
        self._stop: Optional[str] = None

    def send(self, line: str) -> None:
        """Sends one JSON object; waits while the worker does not read.

        Raises ValueError when the line is longer than the worker takes.
        """
        data = line.encode("utf-8") + b"\n"
        if len(data) > LINE_BYTES:
            raise ValueError(
                f"the message has {len(data)} bytes, and the worker takes {LINE_BYTES}"
            )
        with self._sending:
            try:
                self._socket.sendall(data)
            except OSError:
                self._stop = self._stop or "fenced"

    def stop_reason(self) -> Optional[str]:
        """Why the worker wants the trial to end: `pruned`, `cancelled`, `fenced`; None if not.

        Never waits.
        """
        # Who reads at the moment, be it what a signal interrupted, will know.
        if self._stop is not None or not self._receiving.acquire(False):
            return self._stop
        try:
            try:
                data = self._socket.recv(LINE_BYTES, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return None
            except OSError:
                data = b""
            if not data:
                self._stop = self._stop or "fenced"
                return self._stop
            *lines, self._received = (self._received + data).split(b"\n")
            # The worker says no more than one short line; what goes on and on is none of its.
            self._received = self._received[:LINE_BYTES]
            for line in lines:
                self._stop = self._stop or _stop_in(line)
        finally:
            self._receiving.release()
        return self._stop

    def close(self) -> None:
        """Closes this end; the worker takes that for the end of the trial."""
        self._socket.close()


def _stop_in(line: bytes) -> Optional[str]:
    """The reason in `{"stop":"pruned"}`; None for lines of newer workers that mean nothing here."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    reason = message.get("stop") if isinstance(message, dict) else None
    return str(reason) if reason else None


class Termination:
    """SIGTERM as StopTrial: raised once, in the main thread, for a trial that listens.

    As a context it is a block that must not be left half done: a SIGTERM within it is raised at
    its end.
    """

    def __init__(self, reason: Callable[[], Optional[str]]) -> None:
        """Asks `reason` why, when it comes."""
        self.has_come = False
        """Whether there was a SIGTERM."""
        self._reason = reason
        self._is_over = False
        self._is_waiting = False
        self._depth = 0
        self._thread: Optional[int] = None
        self._process = os.getpid()

    def listen(self) -> None:
        """Takes SIGTERM, unless the user's code has a handler of its own, which goes before."""
        global _listening
        try:
            if signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
                return
            self._thread = get_ident()
            signal.signal(signal.SIGTERM, self._handle)
        except ValueError:
            # Only the main thread may do this; another one has the channel alone.
            self._thread = None
            return
        if _listening is None:
            os.register_at_fork(after_in_child=_forget_in_child)
        _listening = self

    def ignore(self) -> None:
        """Lets SIGTERM pass from now on: the trial is at its end."""
        self._is_over = True
        self._is_waiting = False

    def release(self) -> None:
        """Gives SIGTERM back: it ends the process again."""
        if self._is_handled_here():
            signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def _is_handled_here(self) -> bool:
        return self._thread is not None and signal.getsignal(signal.SIGTERM) == self._handle

    def _handle(self, number: int, frame: Any) -> None:
        if os.getpid() != self._process:
            # It was forked a moment ago, and has not forgotten its parent's ways yet.
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGTERM)
        if self.has_come or self._is_over:
            return
        self.has_come = True
        if self._depth:
            self._is_waiting = True
        else:
            self._raise()

    def _raise(self) -> None:
        raise StopTrial(f"the trial was {self._reason()}")

    def __enter__(self) -> None:
        if get_ident() == self._thread:
            self._depth += 1

    def __exit__(self, *raised: Any) -> None:
        if get_ident() != self._thread:
            return
        self._depth -= 1
        if self._is_waiting and not self._depth:
            self._is_waiting = False
            self._raise()


_listening: Optional[Termination] = None


def _forget_in_child() -> None:
    """What the trial forked ends by SIGTERM, as processes do."""
    if _listening is not None:
        _listening.release()
