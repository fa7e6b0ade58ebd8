"""A trial in a process of its own: `python3 -m picoml._trial`."""

from __future__ import annotations

import os
import sys
from typing import Any

from ._context import from_environment
from ._running import load, loading_failure, run
from ._values import seed_libraries


def main() -> int:
    """Runs the trial that the environment describes; the exit code is 0 after a result."""
    _forget_current_directory()
    trial = from_environment()
    flush_lines()
    plain: Any = trial._plain
    try:
        function = load(plain["entry"], plain["code_dir"])
    except BaseException as error:
        trial._fail(*loading_failure(error))
        return 1
    seed_libraries(plain.get("seed"), sys.modules)
    return 0 if run(trial, function) else 1


def _forget_current_directory() -> None:
    """What a trial writes to its folder is no module, though `-m` makes it look like one."""
    here = os.getcwd()
    sys.path[:] = [folder for folder in sys.path if folder and os.path.abspath(folder) != here]


def flush_lines() -> None:
    """Makes what is printed appear line by line, as somebody who follows a log expects."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(line_buffering=True)


if __name__ == "__main__":
    status = main()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass
    # Threads that the trial left running would keep the process for ever.
    os._exit(status)
