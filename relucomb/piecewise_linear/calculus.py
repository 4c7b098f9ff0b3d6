"""Sums, multiples and compositions of piecewise-linear functions, on arrays of integers.

A function with ``m`` breakpoints is five integer arrays: breakpoints ``p / q``, increasing, and for each of the ``m +
1`` pieces from left to right three integers, on which ``y = (a x + b) / d``. Denominators are positive and everything
is in lowest terms, so that equal breakpoints and equal pieces have equal integers.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from relucomb.piecewise_linear.arithmetic import (
    alike,
    combination,
    lowest_terms,
    ranks,
    sorting_order,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from relucomb.piecewise_linear.arithmetic import Integers


class PieceArrays(NamedTuple):
    """A piecewise-linear function: breakpoints ``p / q``, and pieces ``y = (a x + b) / d``, one more of them.

    ``wide`` tells whether a number on the way to it did not fit into 64 bits.
    """

    p: Integers
    q: Integers
    a: Integers
    b: Integers
    d: Integers
    wide: bool


def affine(slope: Fraction, intercept: Fraction) -> PieceArrays:
    """Return the function with one piece.

    Examples
    --------
    >>> affine(Fraction(1, 2), Fraction(1, 3))[2:]
    (array([3]), array([2]), array([6]), False)
    """
    common = slope.denominator * intercept.denominator
    parts = [slope.numerator * intercept.denominator, intercept.numerator * slope.denominator, common]
    nothing = np.array([], dtype=np.int64)
    return settled(nothing, nothing, *lowest_terms(*(np.asarray([part]) for part in parts)))


def settled(p: Integers, q: Integers, a: Integers, b: Integers, d: Integers) -> PieceArrays:
    """Return the arrays together, all in 64 bits if all of them fit, else all as Python integers."""
    wide = any(part.dtype == object for part in (p, q, a, b, d))
    p, q, a, b, d = alike(p, q, a, b, d)
    return PieceArrays(p, q, a, b, d, wide)


def minimal(p: Integers, q: Integers, a: Integers, b: Integers, d: Integers) -> PieceArrays:
    """Return the arrays without the breakpoints at which nothing changes.

    Examples
    --------
    >>> one, line = np.array([1]), np.array([2, 2])
    >>> minimal(5 * one, one, line, line, np.array([1, 1])).a
    array([2])
    """
    bends = (a[1:] != a[:-1]) | (b[1:] != b[:-1]) | (d[1:] != d[:-1])
    wide = any(part.dtype == object for part in (p, q, a, b, d))
    if not bends.all():
        rows = np.r_[True, bends]
        p, q, a, b, d = p[bends], q[bends], a[rows], b[rows], d[rows]
    return settled(p, q, a, b, d)._replace(wide=wide)


def values_at(f: PieceArrays, p: Integers, q: Integers, piece: NDArray[np.int64]) -> tuple[Integers, Integers]:
    """Return the values at the points ``p / q``, of which it is known in which piece they lie."""
    numerators = combination((f.a[piece], p), (f.b[piece], q))
    values = lowest_terms(numerators, combination((f.d[piece], q)))
    return values[0], values[1]


def values_at_breakpoints(f: PieceArrays) -> tuple[Integers, Integers]:
    """Return the values at the breakpoints."""
    return values_at(f, f.p, f.q, np.arange(len(f.p)))


def values_anywhere(f: PieceArrays, p: Integers, q: Integers) -> tuple[Integers, Integers]:
    """Return the values at any points ``p / q`` in lowest terms."""
    return values_at(f, p, q, ranks(p, q, (f.p, f.q))[0])


def linear_combination(f: PieceArrays, r: Fraction, g: PieceArrays, s: Fraction) -> PieceArrays:
    """Return ``r f + s g`` in minimal form.

    Examples
    --------
    >>> linear_combination(hinge(), Fraction(1), hinge(low=True), Fraction(1)).a  # max(0, x) + min(0, x)
    array([1])
    """
    p, q = joined(f.p, g.p), joined(f.q, g.q)
    order = sorting_order(p, q)
    p, q, of_f = p[order], q[order], order < len(f.p)
    i, j = np.r_[0, np.cumsum(of_f)], np.r_[0, np.cumsum(~of_f)]
    last = np.r_[(p[1:] != p[:-1]) | (q[1:] != q[:-1]), True] if len(p) else of_f  # of equal breakpoints
    rows = np.r_[True, last]  # the piece after the last of them
    p, q, i, j = p[last], q[last], i[rows], j[rows]
    f_over, g_over = combination((f.d[i], r.denominator)), combination((g.d[j], s.denominator))
    f_factor, g_factor = combination((g_over, r.numerator)), combination((f_over, s.numerator))
    pieces = lowest_terms(
        combination((f.a[i], f_factor), (g.a[j], g_factor)),
        combination((f.b[i], f_factor), (g.b[j], g_factor)),
        combination((f_over, g_over)),
    )
    return minimal(p, q, *pieces)


def multiple(f: PieceArrays, r: Fraction) -> PieceArrays:
    """Return ``r f`` in minimal form."""
    if r == 0:
        return affine(Fraction(0), Fraction(0))
    pieces = lowest_terms(
        combination((f.a, r.numerator)), combination((f.b, r.numerator)), combination((f.d, r.denominator))
    )
    return minimal(f.p, f.q, *pieces)


def joined(*parts: Integers) -> Integers:
    """Return the arrays one after another, in 64 bits if all fit."""
    return np.concatenate(alike(*parts))


def compose(f: PieceArrays, g: PieceArrays) -> PieceArrays:
    """Return ``x -> f(g(x))`` in minimal form.

    Each piece of ``g`` is cut where it takes the value of a breakpoint of ``f``; where it is between them is found by
    ranking the values of ``g`` at its breakpoints among the breakpoints of ``f``.

    Examples
    --------
    >>> shifted = linear_combination(absolute(), Fraction(1), affine(Fraction(0), Fraction(-1)), Fraction(1))
    >>> compose(absolute(), shifted).p
    array([-1,  0,  1])
    """
    below, upto = ranks(*values_at_breakpoints(g), (f.p, f.q))
    direction = np.sign(g.a).astype(np.int64)
    # a rising piece j passes the breakpoints first[j], ..., first[j] + cuts[j] - 1 of f, a falling one downwards
    at_low = np.where(direction[0] >= 0, 0, len(f.p))
    at_high = np.where(direction[-1] >= 0, len(f.p), 0)
    start_up, stop_up = np.r_[at_low, upto], np.r_[below, at_high]
    start_down, stop_down = np.r_[at_low, below], np.r_[upto, at_high]
    cuts = np.where(direction > 0, stop_up - start_up, np.where(direction < 0, start_down - stop_down, 0))
    if direction[0] == 0 or direction[-1] == 0:  # an end piece that is flat stands still somewhere
        constant = np.array([0, len(g.a) - 1])
        stands = ranks(*_flat_values(g, constant), (f.p, f.q))[0]
        start_up[constant] = np.where(direction[constant] == 0, stands, start_up[constant])
    piece = np.repeat(np.arange(len(g.a)), cuts + 1)  # of g, for each piece of the result
    ahead = np.cumsum(cuts + 1) - (cuts + 1)
    step = np.arange(len(piece)) - ahead[piece]  # how many cuts of its piece of g are to the left
    rising = direction[piece] >= 0
    inner = np.where(rising, start_up[piece] + step, start_down[piece] - step)  # the piece of f
    p, q = _places(f, g, piece, step, inner, rising)
    pieces = lowest_terms(
        combination((f.a[inner], g.a[piece])),
        combination((f.a[inner], g.b[piece]), (f.b[inner], g.d[piece])),
        combination((f.d[inner], g.d[piece])),
    )
    return minimal(p, q, *pieces)


def _flat_values(g: PieceArrays, pieces: NDArray[np.int64]) -> tuple[Integers, Integers]:
    """Return the intercepts of some pieces, which are their values if they are flat."""
    values = lowest_terms(g.b[pieces], g.d[pieces])
    return values[0], values[1]


def _places(
    f: PieceArrays,
    g: PieceArrays,
    piece: NDArray[np.int64],
    step: NDArray[np.int64],
    inner: NDArray[np.int64],
    rising: NDArray[np.bool_],
) -> tuple[Integers, Integers]:
    """Return the left ends of all pieces of a composition but the first: breakpoints of ``g``, and cuts."""
    is_cut = step > 0
    j = piece[is_cut]
    t = np.where(rising[is_cut], inner[is_cut] - 1, inner[is_cut])  # the breakpoint of f that is passed there
    numerators = combination((f.p[t], g.d[j]), (f.q[t], -g.b[j]))
    cut_p, cut_q = alike(*lowest_terms(numerators, combination((f.q[t], g.a[j]))))
    p, q = alike(cut_p, g.p)[0].dtype, alike(cut_q, g.q)[0].dtype
    places = np.empty(len(piece), dtype=p), np.empty(len(piece), dtype=q)
    for place, cut, old in zip(places, (cut_p, cut_q), (g.p, g.q), strict=True):
        place[is_cut] = cut
        place[np.r_[False, ~is_cut[1:]]] = old
    return places[0][1:], places[1][1:]


def hinge(low: bool = False) -> PieceArrays:
    """Return ``max(0, x)`` or, if ``low``, ``min(0, x)``."""
    return _bent_at_zero([1, 0] if low else [0, 1])


def absolute() -> PieceArrays:
    """Return ``|x|``."""
    return _bent_at_zero([-1, 1])


def _bent_at_zero(slopes: list[int]) -> PieceArrays:
    return settled(*(np.array(part) for part in ([0], [1], slopes, [0, 0], [1, 1])))
