"""What a trial is given: its parameters and its data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Iterator, Optional


class Params(Mapping):  # type: ignore[type-arg]
    """The parameters by name, read-only: `params["lr"]` or `params.lr`.

    The parameters of a nested group are one mapping with full names, `params["optimizer.lr"]`,
    and can be written `params.optimizer.lr`.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        """Shows `values`."""
        object.__setattr__(self, "_values", values)

    def __getitem__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise KeyError(self._absence(name)) from None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self._values:
            return self._values[name]
        group = {
            key[len(name) + 1 :]: value
            for key, value in self._values.items()
            if key.startswith(name + ".")
        }
        if group:
            return Params(group)
        raise AttributeError(self._absence(name))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a trial's parameters cannot be changed")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Params({dict(self._values)!r})"

    def __reduce__(self) -> Any:
        return Params, (dict(self._values),)

    def _absence(self, name: str) -> str:
        return f"there is no parameter {name!r}; there are: {', '.join(self._values) or 'none'}"


class Data:
    """The files of the data; a part that the trial has not got is None.

    `path` is the file or folder of a data set; `search` and `gate` are those of a table.
    A file is NumPy's `.npy` with a named 32-bit column for each feature and, last, the target.
    """

    __slots__ = ("search", "gate", "path")
    _TABLES = ("search", "gate")

    def __init__(self, paths: Mapping[str, str]) -> None:
        """Takes the paths of the parts."""
        self.search: Optional[str] = paths.get("search")
        self.gate: Optional[str] = paths.get("gate")
        self.path: Optional[str] = paths.get("path")

    def load(self, part: str = "search") -> Any:
        """The rows of `search` or `gate` as a structured NumPy array: `rows["temperature"]`.

        Raises ValueError when the trial has no such part. Needs NumPy.
        """
        if part not in self._TABLES:
            raise ValueError(f"the parts of the data are 'search' and 'gate', not {part!r}")
        path = getattr(self, part)
        if path is None:
            raise ValueError(f"this trial has no {part} data")
        try:
            import numpy
        except ImportError as error:
            raise ImportError("trial.data.load() needs NumPy: pip install numpy") from error
        return numpy.load(path, allow_pickle=False)

    def matrix(self, part: str = "search") -> tuple[Any, Any]:
        """The features as a matrix of rows and columns, and the target as a vector; float32."""
        rows = self.load(part)
        cells = rows.view("<f4").reshape(len(rows), -1)
        return cells[:, :-1], cells[:, -1]

    def __repr__(self) -> str:
        return f"Data(search={self.search!r}, gate={self.gate!r}, path={self.path!r})"
