"""Outputs of a network with one hidden layer in about twice the digits of a float.

A residual ``f(x) - y`` that should be zero is nothing but rounding errors in plain floats. Sums and products are
carried as unevaluated pairs of floats here (Knuth's and Dekker's error-free transformations).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_SPLITTER = 2.0**27 + 1.0


class Units(NamedTuple):
    """A network ``sum_i signs_i max(0, weights_i . x + biases_i) + constant``, with one output and signs of size 1."""

    weights: Floats  # (w, n)
    biases: Floats  # (w,)
    signs: Floats  # (w,)
    constant: float


def precise_values(units: Units, X: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return the values of the units before the ReLU, ``(D, w)``, and the residuals ``f(x) - y``, ``(D,)``.

    Each is rounded once, from a sum with about 32 digits. Numbers beyond 1e300 give NaN.

    Examples
    --------
    >>> third = Units(np.array([[1 / 3]]), np.array([0.0]), np.array([1.0]), 0.0)
    >>> float(precise_values(third, np.array([[3.0]]), np.array([1.0]))[1][0])  # in floats, 3 * (1 / 3) - 1 is 0
    -5.551115123125783e-17
    """
    count, width = len(X), len(units.signs)
    values = np.zeros((count, width))
    high, low = _two_sum(-y, np.full(count, units.constant))
    with np.errstate(over="ignore", invalid="ignore"):
        for i in range(width):
            above, below = np.full(count, units.biases[i]), np.zeros(count)
            for k in range(X.shape[1]):
                product, error = _two_product(X[:, k], units.weights[i, k])
                above, rest = _two_sum(above, product)
                below = below + (rest + error)
            values[:, i] = above + below
            on = units.signs[i] * (values[:, i] > 0)
            high, rest = _two_sum(high, on * above)
            low = low + (rest + on * below)
        return values, high + low


def _two_sum(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return the rounded sum and its error."""
    total = a + b
    other = total - a
    return total, (a - (total - other)) + (b - other)


def _two_product(a: Floats, b: float) -> tuple[Floats, Floats]:
    """Return the rounded product and its error."""
    product = a * b
    a_high, b_high = _upper_half(a), float(_upper_half(np.float64(b)))
    a_low, b_low = a - a_high, b - b_high
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def _upper_half(a: Floats | np.float64) -> Floats:
    scaled = _SPLITTER * a
    return np.asarray(scaled - (scaled - a))
