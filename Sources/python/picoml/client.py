"""Sweeps from Python: submit one, wait for it, read what came out."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping, Optional, Union
from urllib import parse

from ._http import Access, Coordinator, Folder, PicomlError, SweepFailed, find_access

_PAGE = 500
# Columns that a table of trials has even if there is no trial, or none with a result.
_COLUMNS = ("id", "experiment", "state", "objective")
# Exit codes of the program `picoml`.
_NO_COORDINATOR = 69
_TOKEN_REFUSED = 77

Progress = Union[None, bool, Callable[[dict[str, Any]], None]]


class Sweep:
    """A sweep on a coordinator."""

    def __init__(self, coordinator: Coordinator, number: str) -> None:
        """The sweep with this number; `sweep()` finds the coordinator as well."""
        self.id = number
        self.coordinator = coordinator

    def status(self) -> dict[str, Any]:
        """All there is to say of the sweep, its trials apart, as `picoml sweep show --json`.

        `["sweep"]["phase"]` is where it stands: `searching`, `confirming`, `judging`,
        `finished`, `failed` or `cancelled`.
        """
        document: dict[str, Any] = self.coordinator.get(f"sweeps/{self.id}")
        return document

    @property
    def phase(self) -> str:
        """Where the sweep stands."""
        return str(self.status()["sweep"]["phase"])

    def wait(
        self, timeout: Optional[float] = None, progress: Progress = None
    ) -> dict[str, Any]:
        """Waits until the sweep has finished, and gives its last status.

        `progress` is called with each status; True prints a line for each change to standard
        error. A coordinator that goes away is waited for. Raises SweepFailed when the sweep has
        failed or was cancelled, and TimeoutError after `timeout` seconds.
        """
        end = None if timeout is None else time.monotonic() + timeout
        shown = ""
        pause = 0.1
        while True:
            try:
                status = self.status()
            except PicomlError as problem:
                if not problem.is_unreachable:
                    raise
            else:
                if progress is True:
                    line = _progress_line(status)
                    if line != shown:
                        print(line, file=sys.stderr, flush=True)
                    shown = line
                elif callable(progress):
                    progress(status)
                phase = status["sweep"]["phase"]
                if phase == "finished":
                    return status
                if phase in ("failed", "cancelled"):
                    raise SweepFailed(self._end_text(status["sweep"]))
            left = pause if end is None else end - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"sweep {self.id} has not ended after {timeout} seconds")
            time.sleep(min(pause, left))
            pause = min(pause * 1.5, 2.0)

    def _end_text(self, entry: Mapping[str, Any]) -> str:
        """Why the sweep ended badly, with the words of a trial that failed."""
        reason = str(entry.get("reason") or "").rstrip(".")
        verb = "failed" if entry["phase"] == "failed" else "was cancelled"
        text = f"Sweep {self.id} {verb}" + (f": {reason}." if reason else ".")
        if verb != "failed":
            return text
        try:
            for trial in self.trials(state="failed", limit=_PAGE):
                # Those that were not tried any more say nothing.
                if trial.get("failure") != "cancelled":
                    said = self._last_words(trial["id"])
                    known = not said or said in reason
                    shown = f" Trial {trial['id']} ended with {trial.get('failure')}:\n{said}"
                    return text if known else text + shown
        except PicomlError:
            # The coordinator went away; what it said before is enough.
            pass
        return text

    def _last_words(self, trial: str) -> str:
        attempts = self.coordinator.get(f"trials/{trial}")["attempts"]
        return str(attempts[-1].get("message") or "") if attempts else ""

    def best(self) -> Optional[dict[str, Any]]:
        """The best trial: `trial`, `experiment`, `objective`, `params`; None before a result."""
        best = self.status()["sweep"].get("best")
        return None if best is None else _plain_trial(best)

    def trials(
        self,
        *,
        experiment: Optional[str] = None,
        state: Optional[str] = None,
        order: str = "number",
        limit: Optional[int] = None,
    ) -> Iterator[dict[str, Any]]:
        """The trials one by one, each a dictionary with its parameters under `params`.

        `objective` is None for a trial without a result. `order` is `number`, or `objective` for
        the best first, without those that have none.
        """
        cursor: Optional[str] = None
        left = limit
        while left is None or left > 0:
            page = self.coordinator.get(
                f"sweeps/{self.id}/trials",
                {
                    "experiment": experiment,
                    "state": state,
                    "order": order,
                    "limit": _PAGE if left is None else min(left, _PAGE),
                    "cursor": cursor,
                },
            )
            yield from map(_plain_trial, page["trials"])
            cursor = page.get("next")
            if left is not None:
                left -= len(page["trials"])
            if cursor is None:
                return

    def trials_dataframe(self, **wishes: Any) -> Any:
        """The trials as a pandas DataFrame, a column `params_NAME` for each parameter.

        The columns `id`, `experiment`, `state` and `objective` are always there. Takes what
        `trials` takes. Raises ImportError where pandas is not installed.
        """
        try:
            import pandas
        except ImportError as error:
            raise ImportError(
                "trials_dataframe() needs pandas: pip install pandas; trials() does not"
            ) from error
        rows = []
        for trial in self.trials(**wishes):
            params = trial.pop("params")
            rows.append({**trial, **{f"params_{name}": value for name, value in params.items()}})
        names = dict.fromkeys([*_COLUMNS, *(name for row in rows for name in row)])
        frame = pandas.DataFrame(rows, columns=list(names))
        return frame.astype({"objective": "float64"})

    def cancel(self) -> None:
        """Ends the sweep and everything of it that runs."""
        self.coordinator.post(f"sweeps/{self.id}/cancel")

    def __repr__(self) -> str:
        return f"Sweep({self.id!r}, {self.coordinator.access.address!r})"


def sweep(
    number: Union[str, int] = "last",
    *,
    state: Optional[Folder] = None,
    address: Optional[str] = None,
    token: Optional[str] = None,
    token_file: Optional[Folder] = None,
) -> Sweep:
    """The sweep with this number, or the one that was submitted last."""
    coordinator = Coordinator(find_access(state, address, token, token_file))
    document = coordinator.get(f"sweeps/{parse.quote(str(number), safe='')}")
    return Sweep(coordinator, str(document["sweep"]["id"]))


def submit(
    what: Union[Folder, Mapping[str, Any]],
    *,
    state: Optional[Folder] = None,
    address: Optional[str] = None,
    token: Optional[str] = None,
    token_file: Optional[Folder] = None,
    code: Optional[Folder] = None,
) -> Sweep:
    """Runs a sweep: a sweep file, or what stands in one as a dictionary.

    Paths in a dictionary are relative to the current directory. `code` is the folder with the
    trainer's code. The program `picoml`, which `$PICOML` names or `PATH` holds, prepares data
    and code and sends them. Raises PicomlError with every problem of the file.
    """
    access = find_access(state, address, token, token_file)
    binary = _binary()
    if not isinstance(what, Mapping):
        return _submit_file(binary, access, os.fspath(what), code)
    try:
        # JSON is YAML.
        text = json.dumps(what, indent=2, allow_nan=False, default=_plain)
    except (TypeError, ValueError) as error:
        raise PicomlError(f"The sweep has no form as a file: {error}") from None
    # Here, because paths in a sweep file are relative to it.
    descriptor, path = tempfile.mkstemp(prefix=".picoml-sweep-", suffix=".yaml", dir=".")
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        return _submit_file(binary, access, path, code)
    except PicomlError as problem:
        # Nobody can look into that file.
        problem.args = (_without_places(str(problem), path),)
        raise
    finally:
        os.unlink(path)


def _submit_file(binary: str, access: Access, path: str, code: Optional[Folder]) -> Sweep:
    # mkstemp's files are for their owner alone; the token is nowhere else in the file system
    # when it was given as a text.
    descriptor, token_path = tempfile.mkstemp(prefix="picoml-token-")
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(access.token + "\n")
        arguments = [binary, "sweep", "submit", path, "--json", "--address", access.address]
        arguments += ["--token-file", token_path]
        if code is not None:
            arguments += ["--code", os.fspath(code)]
        ended = subprocess.run(
            arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    finally:
        os.unlink(token_path)
    if ended.returncode != 0:
        said = ended.stderr.strip() or f"`picoml sweep submit` ended with {ended.returncode}."
        raise PicomlError(
            said[7:] if said.startswith("error: ") else said,
            status=401 if ended.returncode == _TOKEN_REFUSED else None,
            is_unreachable=ended.returncode == _NO_COORDINATOR,
        )
    try:
        accepted = json.loads(ended.stdout)
        number = str(accepted["sweep"])
    except (ValueError, KeyError, TypeError):
        raise PicomlError(
            f"{binary} did not name the sweep that it submitted: {ended.stdout[:200]!r}"
        ) from None
    return Sweep(Coordinator(access), number)


def _without_places(said: str, path: str) -> str:
    """What was said of the file at `path`, which was made of a dictionary, without places in it."""
    name = re.escape(path)
    lines = [re.sub(rf"^{name}:\d+:\d+: error: ", "", line) for line in said.splitlines()]
    kept = [line for line in lines if not re.match(rf"error: {name} has \d+ problems?\.", line)]
    return "\n".join(kept).replace(path, "the sweep")


def _binary() -> str:
    said = os.environ.get("PICOML")
    found = shutil.which(said or "picoml")
    if found is None:
        place = f"$PICOML is {said!r}, which is no program" if said else "`picoml` is not in PATH"
        raise PicomlError(f"{place}. Build PICO-ML, then set PICOML to the path of its binary.")
    return str(Path(found).absolute())


def _plain(value: Any) -> Any:
    """Scalars and arrays of NumPy, and paths, as JSON has them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"{value!r} is a {type(value).__name__}")


def _plain_trial(entry: Mapping[str, Any]) -> dict[str, Any]:
    trial = {key: value for key, value in entry.items() if key != "parameters"}
    objective = trial.get("objective")
    # The API writes NaN and infinity as texts.
    trial["objective"] = float(objective) if isinstance(objective, str) else objective
    trial["params"] = {each["name"]: each["value"] for each in entry.get("parameters", [])}
    return trial


def _progress_line(status: Mapping[str, Any]) -> str:
    entry = status["sweep"]
    counts = entry["trials"]
    ended = counts["succeeded"] + counts["pruned"] + counts["failed"]
    best = entry.get("best")
    text = f"sweep {entry['id']} {entry['phase']}: {ended} trials ended, {counts['running']} run"
    if best is not None:
        text += f", best {entry['objective']['metric']} {best['objective']:.6g} ({best['trial']})"
    return text
