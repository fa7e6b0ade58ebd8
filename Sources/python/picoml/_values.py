"""Numbers, steps and names as a trial may say them."""

from __future__ import annotations

from json.encoder import encode_basestring_ascii
from operator import index
from typing import Any, Callable, Mapping, Optional

LARGEST_STEP = 2**63 - 1

quoted: Callable[[str], str] = encode_basestring_ascii
"""A text as JSON has it."""


class StopTrial(BaseException):
    """The trial is to end: raised by `Trial.check_stop`, and wherever it is at a SIGTERM.

    A worker that has asked for the end sends SIGTERM 5 seconds later and SIGKILL after 10 more.
    That is the time for `finally:` and `except picoml.StopTrial:` to write a checkpoint;
    `except Exception:` does not catch it. A trainer may raise it as well.
    """


def number(name: str, value: Any) -> float:
    """`value` as a float, also of a NumPy scalar or a tensor of one element.

    Raises TypeError for anything that is no number; NaN and infinity are numbers.
    """
    if type(value) is float:
        return value
    if isinstance(value, (str, bytes, bytearray)):
        raise TypeError(f"the metric {name!r} is a {type(value).__name__}, not a number")
    try:
        return float(value)
    except Exception as error:
        kind = type(value).__name__
        raise TypeError(f"the metric {name!r} is no number but a {kind}: {error}") from None


def numbers(metrics: Mapping[str, Any]) -> dict[str, float]:
    """The metrics as floats; raises TypeError for names and values that are none."""
    values: dict[str, float] = {}
    for name, value in metrics.items():
        if type(name) is not str or not name:
            raise TypeError(f"a metric's name is a text that is not empty, not {name!r}")
        values[name] = number(name, value)
    return values


def step_number(said: Any, last: int, noun: str) -> int:
    """`said` as an int above `last`.

    Raises TypeError for what is no whole number, ValueError for one that does not grow.
    """
    try:
        # True is a whole number to Python, but hardly meant as one.
        if isinstance(said, bool):
            raise TypeError
        step: int = index(said)
    except TypeError:
        raise TypeError(f"the step of a {noun} is a whole number, not {said!r}") from None
    if step < 1 or step > LARGEST_STEP:
        raise ValueError(f"the step of a {noun} is at least 1, not {step}")
    if step <= last:
        raise ValueError(f"the steps of {noun}s grow: {step} comes after {last}")
    return step


def metrics_json(values: Mapping[str, float]) -> str:
    """A JSON object of floats; what JSON has no number for is text: `"NaN"`, `"-Infinity"`."""
    return "{" + ",".join([f"{quoted(k)}:{_float_json(v)}" for k, v in values.items()]) + "}"


def _float_json(value: float) -> str:
    # Infinity minus itself is NaN, so only finite numbers pass.
    if value - value == 0.0:
        return float.__repr__(value)
    if value != value:
        return '"NaN"'
    return '"Infinity"' if value > 0 else '"-Infinity"'


def cut_to_end(text: str, limit: int) -> str:
    """The end of `text`, at most `limit` bytes of UTF-8, from the start of a line if it can be."""
    data = text.encode("utf-8", "replace")
    if len(data) <= limit:
        return data.decode("utf-8")
    mark = "…\n"
    rest = data[len(data) - limit + len(mark.encode()) :].decode("utf-8", "ignore")
    line = rest.find("\n")
    # A line that is longer than what is kept has no start to look for.
    if 0 <= line < len(rest) // 2:
        rest = rest[line + 1 :]
    return mark + rest


def seed_libraries(seed: Optional[int], modules: Mapping[str, Any]) -> None:
    """Seeds the random numbers of Python, NumPy and PyTorch, of each that is in `modules`.

    A forked trial would otherwise draw the same numbers as its siblings.
    """
    if seed is None:
        return
    if "random" in modules:
        modules["random"].seed(seed)
    # A module that is half imported, or another one of that name, has no such function.
    numpy_random: Any = getattr(modules.get("numpy"), "random", None)
    if hasattr(numpy_random, "seed"):
        numpy_random.seed(seed % 2**32)
    torch: Any = modules.get("torch")
    if hasattr(torch, "manual_seed"):
        torch.manual_seed(seed % 2**63)
