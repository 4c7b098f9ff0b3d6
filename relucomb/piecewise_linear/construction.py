"""Piecewise-linear functions from what describes them: slopes and a point, or points and the slopes outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relucomb.piecewise_linear.arithmetic import combination, from_fractions, lowest_terms, running_totals
from relucomb.piecewise_linear.calculus import PieceArrays, joined, settled, values_anywhere

if TYPE_CHECKING:
    from fractions import Fraction

    from relucomb.piecewise_linear.arithmetic import Integers


def with_slopes(
    breakpoints: tuple[Integers, Integers], slopes: tuple[Integers, Integers], anchor: tuple[Fraction, Fraction]
) -> PieceArrays:
    """Return the function with these breakpoints and slopes whose graph passes through the anchor.

    Neighbouring lines meet at the breakpoint ``t`` between them, so the intercept grows there by ``t`` times the
    slope before minus the slope after.

    Examples
    --------
    >>> from fractions import Fraction
    >>> with_slopes((np.array([1]), np.array([1])), (np.array([0, 2]), np.array([1, 1])), (Fraction(0), Fraction(5))).b
    array([5, 3])
    """
    (p, q), (top, bottom) = breakpoints, slopes
    drops = combination((top[:-1], bottom[1:]), (top[1:], -bottom[:-1]))
    over = combination((bottom[:-1], bottom[1:]))
    rises = running_totals(*lowest_terms(combination((drops, p)), combination((over, q))))
    start = np.zeros(1, dtype=np.int64)
    u, v = joined(start, rises[0]), joined(start + 1, rises[1])  # the intercepts, if the first one is 0
    raw = _from_lines(p, q, (top, bottom), (u, v))
    at_anchor = values_anywhere(raw, *from_fractions([anchor[0]]))
    lift = from_fractions([anchor[1]])
    shift = combination((lift[0], at_anchor[1]), (at_anchor[0], -lift[1])), combination((lift[1], at_anchor[1]))
    u, v = combination((u, shift[1]), (v, shift[0])), combination((v, shift[1]))
    return _from_lines(p, q, (top, bottom), lowest_terms(u, v))


def through_points(
    points: tuple[Integers, Integers], values: tuple[Integers, Integers], left: Fraction, right: Fraction
) -> PieceArrays:
    """Return the function with these values at the breakpoints, and the slopes ``left`` and ``right`` outside them.

    Examples
    --------
    >>> from fractions import Fraction
    >>> one = np.array([1, 1])
    >>> through_points((np.array([0, 2]), one), (np.array([0, 1]), one), Fraction(0), Fraction(1)).a
    array([0, 1, 1])
    """
    (p, q), (u, v) = points, values
    rise = combination((u[1:], v[:-1]), (u[:-1], -v[1:])), combination((v[1:], v[:-1]))
    run = combination((p[1:], q[:-1]), (p[:-1], -q[1:])), combination((q[1:], q[:-1]))
    inner = lowest_terms(combination((rise[0], run[1])), combination((rise[1], run[0])))
    ends = from_fractions([left, right])
    top, bottom = (joined(end[:1], part, end[1:]) for end, part in zip(ends, inner, strict=True))
    at = np.r_[0, np.arange(len(p))]  # a point of each piece
    x, w, y, z = p[at], q[at], u[at], v[at]
    # y/z - top/bottom x/w
    over = combination((bottom, w))
    intercepts = lowest_terms(combination((y, over), (combination((top, x)), -z)), combination((z, over)))
    return _from_lines(p, q, (top, bottom), intercepts)


def _from_lines(
    p: Integers, q: Integers, slopes: tuple[Integers, ...], intercepts: tuple[Integers, ...]
) -> PieceArrays:
    """Return the function whose pieces have these slopes and intercepts."""
    (top, bottom), (u, v) = slopes, intercepts
    pieces = lowest_terms(combination((top, v)), combination((u, bottom)), combination((bottom, v)))
    return settled(p, q, *pieces)
