"""Generators of zonotopes with as many vertices as possible: explicit ones, and random ones to be verified."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


def moment_curve(n: int, m: int) -> NDArray[np.object_]:
    """Return ``m`` integer points ``(1, t, t^2, ..., t^(n-1))``: any ``n`` of them are independent.

    Examples
    --------
    >>> moment_curve(2, 3).tolist()
    [[1, -1], [1, 0], [1, 1]]
    """
    _check(n, m)
    return np.array([[t**power for power in range(n)] for t in range(-(m // 2), m - m // 2)], dtype=object)


def random_generators(n: int, m: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield random integer generators ``(m, n)``, two draws with entries of each number of digits from one on.

    Examples
    --------
    >>> next(random_generators(2, 3, 0)).shape
    (3, 2)
    """
    _check(n, m)
    generator = np.random.default_rng(seed)
    for digits in range(1, 19):
        largest = 10**digits - 1
        for _ in range(2):
            yield generator.integers(-largest, largest, size=(m, n), endpoint=True)


def _check(n: Any, m: Any) -> None:
    for name, number in (("n", n), ("m", m)):
        if isinstance(number, bool) or not isinstance(number, Integral):
            raise TypeError(f"{name} must be a whole number from 1 on; got {number!r}")
        if number < 1:
            raise ValueError(f"{name} must be a whole number from 1 on; got {number}")
