"""PICO-ML for Python: the trainer's side and the sweep's side.

A trainer is a function of a trial::

    def train(trial):
        for step in range(trial.resumed_step + 1, 11):
            ...
            trial.report(step, rmse=error)
            if trial.should_stop():
                break
        return {"rmse": error}

A script that the worker starts as a command asks for its trial instead::

    import picoml
    trial = picoml.trial()
    picoml.report(1, rmse=error)
    picoml.finish({"rmse": error})

A program that starts sweeps uses `picoml.submit` and `picoml.space`; both are imported at their
first use, so that a trial does not wait for what it does not need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._context import Trial, finish, report, should_stop, trial
from ._params import Data, Params
from ._values import StopTrial

if TYPE_CHECKING:
    from . import space
    from .client import Sweep, submit, sweep
    from ._http import PicomlError, SweepFailed

__version__ = "0.1.0"

__all__ = [
    "Data",
    "Params",
    "PicomlError",
    "StopTrial",
    "Sweep",
    "SweepFailed",
    "Trial",
    "finish",
    "report",
    "should_stop",
    "space",
    "submit",
    "sweep",
    "trial",
]

_LATER = {
    "PicomlError": "_http",
    "Sweep": "client",
    "SweepFailed": "_http",
    "submit": "client",
    "sweep": "client",
}


def __getattr__(name: str) -> Any:
    """Imports the sweep's side when it is first asked for (PEP 562)."""
    from importlib import import_module

    if name == "space":
        return import_module(".space", __name__)
    if name in _LATER:
        return getattr(import_module("." + _LATER[name], __name__), name)
    raise AttributeError(f"module 'picoml' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The names that there are, those that are imported later included."""
    return sorted(set(globals()) | set(__all__))
