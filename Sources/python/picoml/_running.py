"""Loads the function that trains, runs it, and says how it ended."""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, Optional

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
        trial._fail("trainer_error", f"the trial ended with a {type(error).__name__}")
        return False
    finally:
        make_current(None)


def _run(trial: Trial, function: Function) -> bool:
    try:
        returned = function(trial)
        # A trial may have said its end with trial.finish().
        return trial._is_ended or trial._say_result(returned)
    except StopTrial as stop:
        trial._fail("cancelled", str(stop) or "the trial stopped itself")
    except SystemExit as leaving:
        if leaving.code in (None, 0):
            return trial._is_ended or trial._say_result(None)
        trial._fail("trainer_error", f"the trial left with sys.exit({leaving.code!r})")
    except BaseException as error:
        trial._fail(failure_class(error), told(error))
    return False


def failure_class(error: BaseException) -> str:
    """`out_of_memory` where memory ran out, of the host or of a GPU; else `trainer_error`."""
    for kind in type(error).__mro__:
        # By name: importing PyTorch to ask would take longer than most trials.
        if kind.__name__ == "OutOfMemoryError" and kind.__module__.split(".")[0] == "torch":
            return "out_of_memory"
    return "out_of_memory" if isinstance(error, MemoryError) else "trainer_error"


def loading_failure(error: BaseException) -> tuple[str, str]:
    """The failure class and message for what loading the user's module raised.

    No choice of parameters mends a module that cannot be loaded, whatever it raises.
    """
    if isinstance(error, BadCode):
        return "bad_code", cut_to_end(str(error), MESSAGE_BYTES)
    kind = failure_class(error)
    return ("bad_code" if kind == "trainer_error" else kind), told(error)


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
