"""Values of piecewise-linear functions in floats, and roots of fractions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from relucomb.piecewise_linear.arithmetic import from_fractions, to_floats
from relucomb.piecewise_linear.calculus import values_anywhere, values_at_breakpoints
from relucomb.rationals import as_floats, as_fractions

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    from relucomb.piecewise_linear.calculus import PieceArrays


class FloatArrays(NamedTuple):
    """A function in floats, each number rounded once: slopes, and a point ``(x, y)`` on each piece."""

    breakpoints: NDArray[np.float64]
    slopes: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]


def float_arrays(f: PieceArrays) -> FloatArrays:
    """Return the function in floats; the point on a piece is its left end, if it has one."""
    breakpoints, slopes = to_floats(f.p, f.q), to_floats(f.a, f.d)
    if not len(breakpoints):
        return FloatArrays(breakpoints, slopes, np.zeros(1), to_floats(f.b, f.d))
    at = np.r_[0, np.arange(len(breakpoints))]
    return FloatArrays(breakpoints, slopes, breakpoints[at], to_floats(*values_at_breakpoints(f))[at])


def in_floats(f: PieceArrays, floats: FloatArrays, x: Any) -> NDArray[np.float64]:
    """Return the values at finite floats, of the same shape.

    Where numbers on the way are beyond the range of floats, the value is computed exactly and then rounded; it is
    ``±inf`` only if the value itself is beyond the range.

    Examples
    --------
    >>> from relucomb.piecewise_linear.calculus import hinge
    >>> in_floats(hinge(), float_arrays(hinge()), [[-1.0], [0.5]])
    array([[0. ],
           [0.5]])
    """
    points = as_floats(x, "x")
    piece = np.searchsorted(floats.breakpoints, points, side="right")
    with np.errstate(over="ignore", invalid="ignore"):
        values = np.asarray(floats.y[piece] + floats.slopes[piece] * (points - floats.x[piece]))
    wild = ~np.isfinite(values)
    if wild.any():
        exact = values_anywhere(f, *from_fractions(as_fractions(points[wild], "x").tolist()))
        values[wild] = to_floats(*exact)
    return values


def root(square: Fraction) -> float:
    """Return the square root of a fraction that is not negative, within one unit in the last place.

    Examples
    --------
    >>> from fractions import Fraction
    >>> root(Fraction(9, 4)), root(Fraction(10**800))
    (1.5, inf)
    """
    p, q = square.numerator, square.denominator
    shift = max(0, 64 - (p.bit_length() - q.bit_length()) // 2)  # so that the whole part of the root has 64 bits
    whole = math.isqrt((p << 2 * shift) // q)
    try:
        return whole / (1 << shift)
    except OverflowError:
        return math.inf
