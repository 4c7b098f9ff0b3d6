"""Evaluating the layers of a network, in floats or in rational arithmetic."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.rationals import as_floats, over_common_denominator

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from relucomb.network_layers import Layer


def in_floats(layers: list[Layer], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values ``(N, out)`` at the points ``(N, n)``; fractions among the entries are rounded first.

    Examples
    --------
    >>> in_floats([(np.array([[1.0]]), np.array([-1.0]))] * 2, np.array([[0.5], [3.0]]))
    array([[-1.],
           [ 1.]])
    """
    values = points
    for k, (W, b) in enumerate(layers):
        if k:
            values = np.maximum(values, 0.0)
        values = values @ as_floats(W, f"weights[{k}]").T + as_floats(b, f"biases[{k}]")
    return values


def in_rationals(layers: list[Layer], points: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the exact values ``(N, out)`` at the points ``(N, n)``; all entries are fractions.

    The arithmetic is that of integers over one denominator for each point, so that common divisors are looked for
    once, at the end, and not in every sum.

    Examples
    --------
    >>> half = np.array([[Fraction(1, 2)]])
    >>> in_rationals([(half, half[0])] * 2, half)
    array([[Fraction(7, 8)]], dtype=object)
    """
    rows = [over_common_denominator(point) for point in points]
    values: NDArray[Any] = np.array([row for row, _ in rows], dtype=object).reshape(points.shape)
    denominators: NDArray[Any] = np.array([[denominator] for _, denominator in rows], dtype=object).reshape(-1, 1)
    for k, (W, b) in enumerate(layers):
        if k:
            values = np.where(values > 0, values, 0)
        entries, common = over_common_denominator(np.hstack([W, b[:, None]]))
        values = values @ entries[:, :-1].T + denominators * entries[:, -1]
        denominators = denominators * common
    exact = [Fraction(p, q) for p, q in np.broadcast(values, denominators)]
    return np.array(exact, dtype=object).reshape(values.shape)
