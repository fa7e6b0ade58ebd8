"""The trial as the code that trains sees it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Mapping, Optional, Union

from ._channel import Channel, Termination
from ._params import Data, Params
from ._values import StopTrial, cut_to_end, metrics_json, number, numbers, quoted, step_number

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

MESSAGE_BYTES = 3500

_current: Optional[Trial] = None


class Trial:
    """One execution of a trial: what it is given, and what it says to its worker."""

    def __init__(self, plain: Mapping[str, Any], channel: Channel) -> None:
        """Made by picoml from what the worker sent; trainers get it as their argument."""
        self._plain = plain
        self._channel = channel
        self._last_step = 0
        self._last_checkpoint = 0
        self._metrics: dict[str, float] = {}
        self._is_ended = False
        self._termination = Termination(lambda: self.stop_reason)
        self.directory: str = plain["directory"]
        """The trial's own folder, which is the current directory."""
        self.params = Params(plain.get("params") or {})
        """The point of the search space."""

    @property
    def id(self) -> str:
        """The trial's name, such as `3.17`."""
        return str(self._plain["trial"])

    @property
    def attempt(self) -> int:
        """Which execution of the trial this is, from 1."""
        return int(self._plain["attempt"])

    @property
    def seed(self) -> int:
        """The seed for every random choice; Python, NumPy and PyTorch are seeded with it."""
        return int(self._plain["seed"])

    @property
    def cpus(self) -> int:
        """How many CPUs the trial may use."""
        return int(self._plain["cpus"])

    @property
    def experiment(self) -> str:
        """The name of the experiment."""
        return str(self._plain["experiment"])

    @property
    def metric(self) -> str:
        """The name of the objective."""
        return str(self._plain["metric"])

    @property
    def goal(self) -> str:
        """`minimize` or `maximize`."""
        return str(self._plain["goal"])

    @property
    def data(self) -> Data:
        """The prepared data."""
        return Data(self._plain.get("data") or {})

    @property
    def checkpoint_dir(self) -> Path:
        """A directory with what the last checkpoint held; empty when there was none."""
        from pathlib import Path

        return Path(self._plain["checkpoint_dir"])

    @property
    def resumed_step(self) -> int:
        """The step of the checkpoint in `checkpoint_dir`; 0 for none."""
        return self._plain.get("resumed_step") or 0

    def report(
        self, step: int, metrics: Optional[Mapping[str, Any]] = None, /, **values: Any
    ) -> None:
        """Says the metrics at `step`: a whole number from 1 that grows with each report.

        The objective among them decides about pruning and, for a trainer that returns nothing,
        is the result. Raises TypeError for a value that is no number and ValueError for a step
        that does not grow.
        """
        self._expect_open()
        said = numbers({**metrics, **values} if metrics else values)
        if not said:
            raise TypeError("a report has at least one metric: trial.report(3, rmse=12.5)")
        step = step_number(step, self._last_step, "report")
        with self._termination:
            self._channel.send(
                '{"report":{"step":%d,"metrics":%s}}' % (step, metrics_json(said))
            )
            self._last_step = step
            self._metrics.update(said)

    def should_stop(self) -> bool:
        """Whether the trial is to end soon; never waits.

        A trial that goes on is interrupted by StopTrial after 5 seconds, unless it has a handler
        for SIGTERM of its own, and killed 10 seconds later.
        """
        return self._termination.has_come or self._channel.stop_reason() is not None

    def check_stop(self) -> None:
        """Raises StopTrial, which ends the trial as stopped, when it is to end."""
        if self.should_stop():
            raise StopTrial(f"the trial was {self.stop_reason}")

    @property
    def stop_reason(self) -> Optional[str]:
        """Why the trial is to end: `pruned`, `cancelled` or `fenced`; None when it is not."""
        return self._channel.stop_reason() or (
            "cancelled" if self._termination.has_come else None
        )

    def checkpoint(self, step: int) -> AbstractContextManager[Path]:
        """A fresh directory for the state at `step`; a later attempt finds it again.

        ::

            with trial.checkpoint(step) as folder:
                torch.save(state, folder / "state.pt")

        On leaving the block the directory is complete: nothing may change in it any more. A
        block that raises leaves no checkpoint; StopTrial for a SIGTERM waits until its end. Steps
        grow from one checkpoint to the next.
        """
        from ._files import checkpoint

        self._expect_open()
        step = step_number(step, self._last_checkpoint, "checkpoint")
        return checkpoint(self, step)

    def save(
        self, path: Union[str, os.PathLike[str]], name: Optional[str] = None
    ) -> None:
        """Keeps a file of the trial's folder, or all files of a directory in it.

        `path` is relative to the folder; the artifact's name is the path, or else `name`. The
        file must not change any more. Raises FileNotFoundError or ValueError when it cannot be
        kept.
        """
        from ._files import kept_files

        self._expect_open()
        for label, relative in kept_files(self.directory, os.fspath(path), name):
            with self._termination:
                self._channel.send(
                    '{"artifact":{"name":%s,"path":%s}}' % (quoted(label), quoted(relative))
                )

    def finish(self, metrics: Any = None) -> None:
        """Says the result, for scripts; a function `train(trial)` returns it instead.

        `metrics` is a mapping, or a number for the objective, or None for the last reported
        metrics. Nothing can be said afterwards.
        """
        self._expect_open()
        self._say_result(metrics)

    def _say_result(self, returned: Any) -> bool:
        """Says the end; False when there is no metric to say."""
        result = self._result(returned)
        if not result:
            self._fail("metric_missing", "the trial ended without having reported a metric")
            return False
        with self._termination:
            self._channel.send('{"result":{"metrics":%s}}' % metrics_json(result))
            self._is_ended = True
            self._termination.ignore()
        return True

    def _result(self, returned: Any) -> dict[str, float]:
        """The final metrics; the last reported objective stands in for one that is missing."""
        if returned is None:
            return self._metrics
        if not isinstance(returned, Mapping):
            return {self.metric: number(self.metric, returned)}
        result = numbers(returned)
        if self.metric not in result and self.metric in self._metrics:
            result[self.metric] = self._metrics[self.metric]
        return result

    def _fail(self, kind: str, message: str) -> None:
        """Says a bad end, unless the end was said already."""
        self._termination.ignore()
        if self._is_ended:
            return
        self._is_ended = True
        self._channel.send(
            '{"failure":{"class":%s,"message":%s}}'
            % (quoted(kind), quoted(cut_to_end(message, MESSAGE_BYTES)))
        )

    def _expect_open(self) -> None:
        if self._is_ended:
            raise RuntimeError("the trial has ended: nothing more can be said")

    def _release(self) -> None:
        """Ends what lasts longer than the function that trains."""
        self._termination.release()
        self._channel.close()


def make_current(trial: Optional[Trial]) -> None:
    """Makes `trial` the one that `trial()` answers."""
    global _current
    _current = trial


def trial() -> Trial:
    """The trial of this process; raises RuntimeError where no worker started one."""
    if _current is None:
        asked = from_environment()
        asked._termination.listen()
        make_current(asked)
    assert _current is not None
    return _current


def from_environment() -> Trial:
    """Reads the request that `PICOML_TRIAL` names and takes the channel `PICOML_CHANNEL`."""
    import json

    path, where = os.environ.get("PICOML_TRIAL"), os.environ.get("PICOML_CHANNEL")
    if not path or not where:
        raise RuntimeError(
            "this process is no trial: a worker sets PICOML_TRIAL and PICOML_CHANNEL"
        )
    with open(path, encoding="utf-8") as file:
        request = json.load(file)
    try:
        channel = Channel(_descriptor(where))
    except (OSError, ValueError) as error:
        raise RuntimeError(
            f"PICOML_CHANNEL={where} is no channel of a worker ({error}); "
            "only the process that the worker started can be the trial"
        ) from None
    return Trial(request["plain"], channel)


def _descriptor(where: str) -> int:
    """The open channel: `where` is its number, or in a container the path of its socket."""
    if where.startswith("/"):
        import socket

        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(where)
            return connection.detach()
    # What the trial starts has no business on the channel.
    os.set_inheritable(int(where), False)
    return int(where)


def report(step: int, metrics: Optional[Mapping[str, Any]] = None, /, **values: Any) -> None:
    """`Trial.report` of this process's trial."""
    trial().report(step, metrics, **values)


def should_stop() -> bool:
    """`Trial.should_stop` of this process's trial."""
    return trial().should_stop()


def finish(metrics: Any = None) -> None:
    """`Trial.finish` of this process's trial."""
    trial().finish(metrics)
