"""Search spaces under the names that users of Ray Tune and Optuna know.

Each function gives the entry of a parameter as it stands in a sweep file, so the whole sweep can
be written in Python::

    from picoml import space

    parameters = {
        "lr": space.loguniform(1e-4, 1e-1),
        "depth": space.randint(3, 10),               # 3 … 9
        "kind": space.choice(["linear", "tree"]),
        "rounds": 200,                               # a constant
    }

The names from Ray Tune leave out the upper end of whole numbers, unless they round (`q…`), as Ray
does; `suggest_int`, from Optuna, takes it in.
"""

from __future__ import annotations

from typing import Any, Optional, Sequence

Entry = dict[str, Any]


def uniform(lower: float, upper: float) -> Entry:
    """A real number between the two."""
    return _range("uniform", lower, upper)


def quniform(lower: float, upper: float, q: float) -> Entry:
    """A real number between the two, rounded to a multiple of `q`."""
    return _range("q_uniform", lower, upper, q)


def loguniform(lower: float, upper: float) -> Entry:
    """A real number above 0 whose logarithm is uniform."""
    _above_zero(lower)
    return _range("log_uniform_values", lower, upper)


def qloguniform(lower: float, upper: float, q: float) -> Entry:
    """A real number whose logarithm is uniform, rounded to a multiple of `q`."""
    _above_zero(lower)
    return _range("q_log_uniform_values", lower, upper, q)


def randint(lower: int, upper: int) -> Entry:
    """A whole number from `lower` to below `upper`."""
    return _integers(lower, _whole(upper) - 1)


def qrandint(lower: int, upper: int, q: int = 1) -> Entry:
    """A multiple of `q` from `lower` to `upper`, both included."""
    return _integers(lower, upper, q)


def lograndint(lower: int, upper: int) -> Entry:
    """A whole number from `lower`, which is above 0, to below `upper`, spread by its logarithm."""
    _above_zero(lower)
    return _integers(lower, _whole(upper) - 1, is_logarithmic=True)


def qlograndint(lower: int, upper: int, q: int = 1) -> Entry:
    """A multiple of `q` from `lower` to `upper`, both included, spread by its logarithm."""
    _above_zero(lower)
    return _integers(lower, upper, q, is_logarithmic=True)


def randn(mean: float = 0.0, sd: float = 1.0) -> Entry:
    """A normally distributed real number."""
    if not sd > 0:
        raise ValueError(f"the standard deviation is above 0, not {sd!r}")
    return {"distribution": "normal", "mu": float(mean), "sigma": float(sd)}


def qrandn(mean: float, sd: float, q: float) -> Entry:
    """A normally distributed real number, rounded to a multiple of `q`."""
    return {**randn(mean, sd), "distribution": "q_normal", "q": float(q)}


normal = randn


def choice(values: Sequence[Any], probabilities: Optional[Sequence[float]] = None) -> Entry:
    """One of `values`: numbers, texts, True or False; equally likely without `probabilities`."""
    plain = [_scalar(value) for value in values]
    if not plain:
        raise ValueError("a choice has at least one value")
    if probabilities is None:
        return {"values": plain}
    if len(probabilities) != len(plain):
        raise ValueError(f"{len(probabilities)} probabilities for {len(plain)} values")
    return {"values": plain, "probabilities": [float(share) for share in probabilities]}


def grid_search(values: Sequence[Any]) -> Entry:
    """Each of `values` in turn; every combination once is `method: grid` of the sweep."""
    return choice(values)


def suggest_float(
    low: float, high: float, *, step: Optional[float] = None, log: bool = False
) -> Entry:
    """Optuna's: a real number, perhaps in steps or spread by its logarithm."""
    if step is not None:
        if log:
            raise ValueError("a number has steps or a logarithmic scale, not both")
        _multiple(low, step)
        return quniform(low, high, step)
    return loguniform(low, high) if log else uniform(low, high)


def suggest_int(low: int, high: int, *, step: int = 1, log: bool = False) -> Entry:
    """Optuna's: a whole number from `low` to `high`, both included."""
    if log:
        if step != 1:
            raise ValueError("a number has steps or a logarithmic scale, not both")
        _above_zero(low)
    if step != 1:
        _multiple(low, step)
    return _integers(low, high, step, is_logarithmic=log)


def suggest_categorical(choices: Sequence[Any]) -> Entry:
    """Optuna's name for `choice`."""
    return choice(choices)


def _range(distribution: str, lower: float, upper: float, q: Optional[float] = None) -> Entry:
    if not lower < upper:
        raise ValueError(f"the lower end {lower!r} is not below the upper end {upper!r}")
    # Whole numbers would make a range of whole numbers.
    entry: Entry = {"distribution": distribution, "min": float(lower), "max": float(upper)}
    if q is not None:
        if not q > 0:
            raise ValueError(f"values are rounded to multiples of a number above 0, not {q!r}")
        entry["q"] = float(q)
    return entry


def _integers(lower: int, upper: int, q: int = 1, is_logarithmic: bool = False) -> Entry:
    first, last, step = _whole(lower), _whole(upper), _whole(q)
    if first > last:
        raise ValueError(f"there is no whole number from {first} to {last}")
    if step < 1:
        raise ValueError(f"values are rounded to multiples of a number above 0, not {step}")
    if first == last:
        return {"value": first}
    entry: Entry = {"distribution": "int_uniform", "min": first, "max": last}
    if step != 1:
        entry["q"] = step
    if is_logarithmic:
        entry["scale"] = "log"
    return entry


def _whole(value: Any) -> int:
    from operator import index

    try:
        return index(value)
    except TypeError:
        raise TypeError(f"{value!r} is no whole number; uniform() takes real ones") from None


def _above_zero(lower: float) -> None:
    if not lower > 0:
        raise ValueError(f"a logarithmic range begins above 0, not at {lower!r}")


def _multiple(low: float, step: float) -> None:
    ratio = low / step
    if abs(ratio - round(ratio)) > 1e-9 * max(1.0, abs(ratio)):
        raise ValueError(
            f"steps are counted from 0 here, and {low!r} is no multiple of {step!r}: "
            "move the lower end, or search the number of steps"
        )


def _scalar(value: Any) -> Any:
    # NumPy's scalars know themselves as Python's.
    plain = value.item() if hasattr(value, "item") and callable(value.item) else value
    if not isinstance(plain, (bool, int, float, str)):
        raise TypeError(
            f"a value is a number, a text, True or False, not {value!r}; "
            "search names for other things and look them up in the trainer"
        )
    return plain
