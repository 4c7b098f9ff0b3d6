"""Integrals, suprema and inverse images of piecewise-linear functions, exactly."""

from __future__ import annotations

import bisect
import math
from fractions import Fraction
from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from relucomb.piecewise_linear.arithmetic import (
    combination,
    from_fractions,
    lowest_terms,
    sorting_order,
    total,
)
from relucomb.piecewise_linear.calculus import joined, values_at, values_at_breakpoints
from relucomb.rationals import as_fractions

if TYPE_CHECKING:
    from relucomb.piecewise_linear.arithmetic import Integers
    from relucomb.piecewise_linear.calculus import PieceArrays

Interval = tuple[Fraction | None, Fraction | None]  # None: without end on this side


def interval_of(interval: Any) -> Interval:
    """Read an interval: None, or ``(low, high)`` with ``low < high``, where both may be infinite.

    Raises
    ------
    ValueError
        It is empty or flat, or no pair of numbers.

    Examples
    --------
    >>> interval_of((0.5, float("inf")))
    (Fraction(1, 2), None)
    """
    if interval is None:
        return None, None
    try:
        low, high = interval
    except (TypeError, ValueError):
        raise ValueError(f"interval must be None or a pair (low, high); got {interval!r}") from None
    first = None if _is(low, -math.inf) else as_fractions(low, "low of interval", ndim=0).item()
    last = None if _is(high, math.inf) else as_fractions(high, "high of interval", ndim=0).item()
    if first is not None and last is not None and first >= last:
        raise ValueError(f"interval must be (low, high) with low < high; got ({low}, {high})")
    return first, last


def _is(end: Any, infinite: float) -> bool:
    return isinstance(end, Real) and end == infinite


def ranks_of_ends(points: tuple[Integers, Integers], interval: Interval) -> tuple[int, int]:
    """Return how many of the sorted points are at or below the lower end, and how many below the upper one."""
    low, high = interval
    p, q = points
    places = range(len(p))

    def point(k: int) -> Fraction:
        """Return one of the points."""
        return Fraction(int(p[k]), int(q[k]))

    first = 0 if low is None else bisect.bisect_right(places, low, key=point)
    last = len(p) if high is None else bisect.bisect_left(places, high, key=point)
    return first, last


def pieces_within(f: PieceArrays, interval: Interval) -> tuple[int, int]:
    """Return first and last of the pieces of which a part of positive length lies in the interval."""
    return ranks_of_ends((f.p, f.q), interval)


class Segments(NamedTuple):
    """A function on a bounded interval: points ``p / q`` from end to end, and the values ``u / v`` there."""

    p: Integers
    q: Integers
    u: Integers
    v: Integers


def segments(f: PieceArrays, low: Fraction, high: Fraction) -> Segments:
    """Return the ends of an interval, the breakpoints between them and the values there."""
    first, last = pieces_within(f, (low, high))
    ends = from_fractions([low, high])
    p = joined(ends[0][:1], f.p[first:last], ends[0][1:])
    q = joined(ends[1][:1], f.q[first:last], ends[1][1:])
    u, v = values_at(f, p, q, np.r_[first, np.arange(first, last + 1)])
    return Segments(p, q, u, v)


def integral(s: Segments) -> Fraction:
    """Return the integral by the rule of the trapezium, which is exact on each segment."""
    width_p, width_q = _widths(s)
    u, v = s.u, s.v
    sums = combination((u[1:], v[:-1]), (u[:-1], v[1:]))
    over = combination((v[1:], v[:-1]))
    return total(*lowest_terms(combination((sums, width_p)), combination((over, width_q)))) / 2


def integral_of_square(s: Segments) -> Fraction:
    """Return the integral of the square: ``(y² + yz + z²) / 3`` times the width, for values ``y`` and ``z``."""
    width_p, width_q = _widths(s)
    left, right = combination((s.u[:-1], s.v[1:])), combination((s.u[1:], s.v[:-1]))
    squares = combination((left, left), (left, right), (right, right))
    over = combination((s.v[1:], s.v[:-1]))
    over = combination((over, over))
    return total(*lowest_terms(combination((squares, width_p)), combination((over, width_q)))) / 3


def _widths(s: Segments) -> tuple[Integers, Integers]:
    width = combination((s.p[1:], s.q[:-1]), (s.p[:-1], -s.q[1:]))
    reduced = lowest_terms(width, combination((s.q[1:], s.q[:-1])))
    return reduced[0], reduced[1]


def extremes(p: Integers, q: Integers) -> tuple[Fraction, Fraction]:
    """Return the least and the greatest of some fractions.

    Examples
    --------
    >>> extremes(np.array([1, -1, 3]), np.array([2, 1, 7]))
    (Fraction(-1, 1), Fraction(1, 2))
    """
    order = sorting_order(p, q)[[0, -1]].tolist()
    low, high = (Fraction(int(p[k]), int(q[k])) for k in order)
    return low, high


def preimage(f: PieceArrays, y: Fraction) -> tuple[Integers, Integers, list[int]]:
    """Return where a minimal ``f`` is ``y``: isolated points ``p / q``, increasing, and the pieces that equal ``y``."""
    flat = (f.a == 0) & (combination((f.b, y.denominator)) == combination((f.d, y.numerator)))
    u, v = values_at_breakpoints(f)
    side = np.sign(combination((u, y.denominator), (v, -y.numerator))).astype(np.int64)
    isolated = (side == 0) & ~flat[:-1] & ~flat[1:]
    direction = np.sign(f.a).astype(np.int64)
    before, after = np.r_[-direction[0], side], np.r_[side, direction[-1]]  # signs of f - y at the ends of the pieces
    k = np.flatnonzero(before * after < 0)
    top = combination((f.d[k], y.numerator), (f.b[k], -y.denominator))
    cut_p, cut_q = lowest_terms(top, combination((f.a[k], y.denominator)))
    p, q = joined(f.p[isolated], cut_p), joined(f.q[isolated], cut_q)
    order = sorting_order(p, q)
    return p[order], q[order], np.flatnonzero(flat).tolist()


def supremum(f: PieceArrays, interval: Interval) -> Fraction | None:
    """Return the supremum of ``|f|``, or None if it is infinite."""
    first, last = pieces_within(f, interval)
    low, high = interval
    if (low is None and f.a[first] != 0) or (high is None and f.a[last] != 0):
        return None
    ends = from_fractions(end for end in interval if end is not None)
    where = np.array([k for k, end in ((first, low), (last, high)) if end is not None], dtype=np.int64)
    p, q = joined(ends[0], f.p[first:last]), joined(ends[1], f.q[first:last])
    if not len(p):  # one flat piece, and no end
        return abs(Fraction(int(f.b[0]), int(f.d[0])))
    u, v = values_at(f, p, q, np.r_[where, np.arange(first, last)])
    return extremes(np.abs(u), v)[1]


def support(f: PieceArrays, interval: Interval) -> tuple[Fraction, Fraction] | None:
    """Return a bounded part of the interval outside which ``f`` vanishes, or None if there is none."""
    first, last = pieces_within(f, interval)
    low, high = interval
    if any(f.a[k] != 0 or f.b[k] != 0 for k, end in ((first, low), (last, high)) if end is None):
        return None
    ends = [Fraction(int(f.p[k]), int(f.q[k])) for k in (first, last - 1)] if first < last else [Fraction(0)] * 2
    if first == last and (low is None or high is None):
        return ends[0], ends[1]  # zero all over
    return ends[0] if low is None else low, ends[1] if high is None else high
