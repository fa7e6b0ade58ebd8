"""Loads the function that trains, runs it, and says how it ended."""

from __future__ import annotations

import errno
import os
import re
import sys
from typing import Any, Callable, Iterator, Optional

from ._context import MESSAGE_BYTES, Trial, make_current
from ._values import StopTrial, cut_to_end

Function = Callable[[Trial], Any]

_OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep


class BadCode(Exception):
    """The user's file has not what the entry names."""


# Where the user's code was loaded from.
_code_folders: list[str] = []


def load(entry: str, code_dir: str) -> Function:
    """The function that `entry` names, such as `train.py:train` or `src/train.py`.

    The module is named like the file; `code_dir`, then the file's own folder come first in
    `sys.path`. Raises BadCode, or whatever the module raises.
    """
    file, _, function = entry.partition(":")
    function = function or "train"
    code_dir = os.path.abspath(code_dir)
    _code_folders.append(code_dir)
    path = os.path.normpath(os.path.join(code_dir, file))
    _come_first(os.path.dirname(path))
    _come_first(code_dir)
    if not os.path.isfile(path):
        raise BadCode(f"there is no file {file!r} in the code that was submitted")
    module = _module(path)
    found: Optional[Function] = getattr(module, function, None)
    if found is None:
        raise BadCode(f"{file} has no function {function!r}{_functions(module)}")
    if not callable(found):
        raise BadCode(f"{function!r} in {file} is no function but a {type(found).__name__}")
    return found


def _module(path: str) -> Any:
    name = os.path.splitext(os.path.basename(path))[0]
    known = sys.modules.get(name)
    if known is not None:
        if os.path.realpath(getattr(known, "__file__", None) or "") == os.path.realpath(path):
            return known
        raise BadCode(f"the name of {name}.py hides the module {name!r} of Python: rename it")
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadCode(f"{os.path.basename(path)} is no Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def _come_first(folder: str) -> None:
    if folder in sys.path:
        sys.path.remove(folder)
    sys.path.insert(0, folder)


def _functions(module: Any) -> str:
    names = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and callable(value)
        and getattr(value, "__module__", None) == module.__name__
    ]
    return f"; it has {', '.join(names[:10])}" if names else ""


def run(trial: Trial, function: Function) -> bool:
    """Runs the trial to its end and says it; True for a result, False for a failure.

    Nothing that the function raises comes out.
    """
    make_current(trial)
    try:
        return _run(trial, function)
    except BaseException as error:
        # The end itself could not be said as it should be: an exception in an exception's text,
        # a signal's exception in between, no memory.
        kind = "cancelled" if trial._termination.has_come else failure_class(error)
        trial._fail(kind, f"the trial ended with a {type(error).__name__}")
        return False
    finally:
        make_current(None)


def _run(trial: Trial, function: Function) -> bool:
    try:
        trial._termination.listen()
        try:
            returned = function(trial)
        finally:
            trial._termination.ignore()
        # A trial may have said its end with trial.finish().
        return trial._is_ended or trial._say_result(returned)
    except StopTrial as stop:
        # Only who was told to stop is cancelled; a worker that did not tell it tries elsewhere.
        told_to = trial._termination.has_come or trial.should_stop()
        trial._fail(
            "cancelled" if told_to else "trainer_error", str(stop) or "the trial stopped itself")
    except SystemExit as leaving:
        if leaving.code in (None, 0):
            return trial._is_ended or trial._say_result(None)
        kind = "cancelled" if trial._termination.has_come else "trainer_error"
        trial._fail(kind, f"the trial left with sys.exit({leaving.code!r})")
    except BaseException as error:
        kind, message = failure(error)
        # SIGTERM ends what the trial has started as well, which may be what it fails of.
        trial._fail("cancelled" if trial._termination.has_come else kind, message)
    return False


def failure(error: BaseException) -> tuple[str, str]:
    """The failure class and message for what the user's code raised."""
    kind = failure_class(error)
    if kind != "out_of_disk":
        return kind, told(error)
    reason = "\n" + next(filter(None, map(_disk_problem, _causes(error))))
    return kind, told(error, MESSAGE_BYTES - len(reason.encode())) + reason


def failure_class(error: BaseException) -> str:
    """`out_of_memory` for memory of the host or a GPU, `out_of_disk`, else `trainer_error`."""
    # By name: importing PyTorch, CuPy or TensorFlow to ask would take longer than most trials.
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & {"MemoryError", "OutOfMemoryError", "ResourceExhaustedError"}:
        return "out_of_memory"
    # JAX has one class for all that goes wrong on a device.
    said = [argument for argument in error.args if isinstance(argument, str)]
    if "XlaRuntimeError" in names and any("RESOURCE_EXHAUSTED" in text for text in said):
        return "out_of_memory"
    return "out_of_disk" if any(map(_disk_problem, _causes(error))) else "trainer_error"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and those that it came from, as a traceback shows them."""
    seen: list[BaseException] = []
    following: Optional[BaseException] = error
    while following is not None and all(following is not one for one in seen):
        yield following
        seen.append(following)
        context = None if following.__suppress_context__ else following.__context__
        following = following.__cause__ or context


# What NumPy raises, without an error number, for an array that was not written to its end.
_SHORT_WRITE = re.compile(r"\d+ requested and \d+ written")


def _disk_problem(error: BaseException) -> Optional[str]:
    """What was too small for what was written; None when the error is another."""
    if not isinstance(error, OSError):
        return None
    number = error.errno
    if number is None and _SHORT_WRITE.search(str(error)):
        number = errno.ENOSPC if _is_full() or not _file_limit() else errno.EFBIG
    if number == errno.EFBIG:
        limit = _file_limit()
        if not limit:
            return "one of its files is larger than the file system allows"
        return (
            f"one of its files would take more than the {size_text(limit)} that the sweep allows "
            "(resources: disk)"
        )
    if number == errno.EDQUOT:
        return "the worker's user has used up its disk quota on the host"
    return "the disk of the host is full" if number == errno.ENOSPC else None


def _file_limit() -> int:
    """The most bytes of a file that this process may write; 0 without a limit."""
    import resource

    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    return 0 if limit == resource.RLIM_INFINITY else limit


def _is_full() -> bool:
    try:
        return os.statvfs(".").f_bavail == 0
    except OSError:
        return False


def size_text(count: int) -> str:
    """A number of bytes such as `64 MiB`."""
    for power, unit in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        if count >= 1 << power:
            return f"{count / (1 << power):.4g} {unit}"
    return f"{count} bytes"


def loading_failure(error: BaseException) -> tuple[str, str]:
    """The failure class and message for what loading the user's module raised.

    No choice of parameters mends a module that cannot be loaded, whatever it raises.
    """
    if isinstance(error, BadCode):
        return "bad_code", cut_to_end(str(error), MESSAGE_BYTES)
    kind, message = failure(error)
    return ("bad_code" if kind == "trainer_error" else kind), message


def told(error: BaseException, limit: int = MESSAGE_BYTES) -> str:
    """The end of the traceback, at most `limit` bytes, without the frames of picoml."""
    import traceback

    try:
        trace: Optional[Any] = traceback.TracebackException.from_exception(error)
        _leave_out_own_frames(trace)
        assert trace is not None
        text = "".join(trace.format())
    except Exception:
        # The exception's own methods may raise.
        text = type(error).__name__
    for folder in _code_folders:
        # Where a worker keeps the code tells its author nothing.
        text = text.replace(f'File "{folder}/', 'File "')
    return cut_to_end(text.rstrip("\n"), limit)


def _leave_out_own_frames(trace: Any) -> None:
    seen: list[Any] = [trace]
    for exception in seen:
        kept = [frame for frame in exception.stack if not _is_own(frame.filename)]
        exception.stack[:] = kept
        for other in (exception.__cause__, exception.__context__):
            if other is not None and all(other is not one for one in seen):
                seen.append(other)


def _is_own(file: str) -> bool:
    return file.startswith(_OWN) or file.startswith("<frozen importlib")
