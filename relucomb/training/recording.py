"""Which iterates of a run are kept, and the checks that all runs share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.erm import check_size, check_whole
from relucomb.rationals import as_floats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

RECORD = 1000
"""So many iterates are kept unless the caller asks for more or fewer."""
MOST_STEPS = 10**12


def recorded_steps(steps: int, record: int = RECORD) -> NDArray[np.int64]:
    """Return after how many updates an iterate is kept: all, or so many in equal distances with both ends.

    Raises
    ------
    ValueError, TypeError
        ``steps`` is not a whole number from 0 up, or ``record`` not from 2 up.

    Examples
    --------
    >>> recorded_steps(3), recorded_steps(1000, 5)
    (array([0, 1, 2, 3]), array([   0,  250,  500,  750, 1000]))
    """
    check_whole("steps", steps, 0, MOST_STEPS)
    check_whole("record", record, 2, None)
    if steps < record:
        return np.arange(steps + 1, dtype=np.int64)
    return np.unique(np.linspace(0, steps, record).round().astype(np.int64))


def read_points(X: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Return points ``(S, n)`` and labels ``(S,)`` as floats.

    Raises
    ------
    ValueError, TypeError
        They have wrong shapes, are empty or not finite; the message names the entry.
    """
    points = np.ascontiguousarray(as_floats(X, "X", ndim=2))
    labels = np.ascontiguousarray(as_floats(y, "y", ndim=1))
    if points.size == 0:
        raise ValueError(f"X has shape {points.shape}; at least one point and one feature are needed")
    if len(points) != len(labels):
        raise ValueError(f"X has {len(points)} points but y has {len(labels)} labels; they must be equally many")
    check_size("X", points)
    return points, labels


def read_vector(values: ArrayLike | None, name: str, n: int) -> Floats:
    """Return a vector of n finite numbers, 0 if none is given.

    Raises
    ------
    ValueError, TypeError
        It has another length, or an entry is not a finite number.
    """
    if values is None:
        return np.zeros(n)
    vector = np.ascontiguousarray(as_floats(values, name, ndim=1))
    if len(vector) != n:
        raise ValueError(f"{name} has {len(vector)} entries; there must be {n}, one for each feature")
    return vector.copy()


def check_positive(name: str, value: Any, *, below: float = math.inf) -> float:
    """Return a number if it is positive, finite and below a limit.

    Raises
    ------
    ValueError, TypeError
        It is not; the message names the argument.
    """
    legal = "a positive finite number" if math.isinf(below) else f"a number between 0 and {below:g}"
    if isinstance(value, bool | str) or not hasattr(value, "__float__"):
        raise TypeError(f"{name} is {value!r}; legal is {legal}")
    number = float(value)
    if not (math.isfinite(number) and 0 < number < below):
        raise ValueError(f"{name} is {value!r}; legal is {legal}")
    return number
