"""The line channel between a trial and its worker."""

from __future__ import annotations

import json
import socket
from _thread import allocate_lock
from typing import Optional

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
        self._lock = allocate_lock()
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
        with self._lock:
            try:
                self._socket.sendall(data)
            except OSError:
                self._stop = self._stop or "fenced"

    def stop_reason(self) -> Optional[str]:
        """Why the worker wants the trial to end: `pruned`, `cancelled`, `fenced`; None if not.

        Never waits.
        """
        if self._stop is not None:
            return self._stop
        with self._lock:
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
