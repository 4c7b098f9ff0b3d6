"""Arrays of rational numbers as arrays of integers: 64-bit ones while a bound on every result fits, else Python's.

A column of rational numbers is a pair of integer arrays ``(p, q)`` with ``q > 0`` and no common divisors. Integer
arrays are ``int64`` or object arrays of Python integers. Before integers are multiplied and added, the greatest
result that is possible is computed in Python; if it does not fit, the arrays go on as Python integers. So nothing
ever overflows, and nothing is ever rounded.
"""

from __future__ import annotations

import bisect
import math
from fractions import Fraction
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Integers = NDArray[Any]

SAFE = 2**62  # sums and products below stay clear of the ends of int64
EXACT_AS_FLOAT = 2**53


def greatest(x: Integers) -> int:
    """Return the greatest absolute value of an integer array, 0 if it is empty.

    Examples
    --------
    >>> greatest(np.array([3, -5]))
    5
    """
    return max(abs(int(x.max())), abs(int(x.min()))) if x.size else 0


def combination(*terms: tuple[Integers | int, Integers | int]) -> Integers:
    """Return the sum of the products of pairs, in 64 bits if it certainly fits.

    Examples
    --------
    >>> combination((np.array([2, 3]), 10), (np.array([1, 1]), np.array([4, 5])))
    array([24, 35])
    >>> combination((np.array([2**40]), 2**40))
    array([1208925819614629174706176], dtype=object)
    """
    factors = [(np.asarray(x), np.asarray(y)) for x, y in terms]
    bound = sum(max(greatest(x), 1) * max(greatest(y), 1) for x, y in factors)
    if bound >= SAFE or any(array.dtype == object for pair in factors for array in pair):
        kind: Any = object
    else:
        kind = np.int64
    products = [
        x.astype(kind, copy=False)
        if y.ndim == 0 and y == 1
        else x.astype(kind, copy=False) * y.astype(kind, copy=False)
        for x, y in factors
    ]
    return np.asarray(reduce(np.add, products), dtype=kind)


def alike(*arrays: Integers) -> tuple[Integers, ...]:
    """Return the arrays as 64-bit integers if all of them fit, else all as Python integers.

    Examples
    --------
    >>> [array.dtype.kind for array in alike(np.array([1]), np.array([2**70], dtype=object))]
    ['O', 'O']
    """
    if all(array.dtype == np.int64 for array in arrays):
        return arrays
    kind: Any = np.int64 if all(greatest(array) < SAFE for array in arrays) else object
    return tuple(array.astype(kind, copy=False) for array in arrays)


def lowest_terms(*parts: Integers) -> tuple[Integers, ...]:
    """Divide numerators and their denominator, the last array, by what they share; the denominator becomes positive.

    Examples
    --------
    >>> lowest_terms(np.array([4, 3]), np.array([-6, 5]))
    (array([-2,  3]), array([3, 5]))
    """
    if (parts[-1] == 1).all():
        return parts
    if any(part.dtype == object for part in parts):
        parts = tuple(part.astype(object, copy=False) for part in parts)
    divisor = reduce(np.gcd, reversed(parts))
    divisor = np.where(parts[-1] < 0, -divisor, divisor)
    return parts if (divisor == 1).all() else tuple(part // divisor for part in parts)


def from_fractions(values: Iterable[Fraction]) -> tuple[Integers, Integers]:
    """Return numerators and denominators.

    Examples
    --------
    >>> from_fractions([Fraction(1, 2), Fraction(3)])
    (array([1, 3]), array([2, 1]))
    """
    entries = list(values)
    p = np.array([entry.numerator for entry in entries], dtype=object)
    q = np.array([entry.denominator for entry in entries], dtype=object)
    return alike(p)[0], alike(q)[0]


def to_fractions(p: Integers, q: Integers) -> list[Fraction]:
    """Return the fractions ``p / q``.

    Examples
    --------
    >>> to_fractions(np.array([1, 3]), np.array([2, 1]))
    [Fraction(1, 2), Fraction(3, 1)]
    """
    return list(map(Fraction, p.tolist(), q.tolist()))


def to_floats(p: Integers, q: Integers) -> NDArray[np.float64]:
    """Return ``p / q`` rounded to the nearest float, ``±inf`` beyond their range; it keeps the order, not strictly.

    Examples
    --------
    >>> to_floats(np.array([1, 10**400], dtype=object), np.array([4, 1]))
    array([0.25,  inf])
    """
    if greatest(p) <= EXACT_AS_FLOAT and greatest(q) <= EXACT_AS_FLOAT:  # so that only the division rounds
        return np.asarray(p.astype(np.float64) / q.astype(np.float64))
    pairs = list(zip(p.tolist(), q.tolist(), strict=True))
    try:
        return np.array([x / y for x, y in pairs])
    except OverflowError:
        return np.array([_quotient(x, y) for x, y in pairs])


def _quotient(p: int, q: int) -> float:
    try:
        return p / q
    except OverflowError:
        return math.inf if p > 0 else -math.inf


def sorting_order(p: Integers, q: Integers, first: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """Return the indices that sort fractions in lowest terms, exactly; by the key ``first`` before, if it is given.

    Floats sort; those fractions that have equal floats but are not equal are sorted as fractions.

    Examples
    --------
    >>> sorting_order(np.array([10**18, 10**18 - 1, 1]), np.array([1, 1, 2]))
    array([2, 1, 0])
    """
    keys = to_floats(p, q)
    order = np.argsort(keys, kind="stable") if first is None else np.lexsort((keys, first))
    tied = keys[order[1:]] == keys[order[:-1]]
    if first is not None:
        tied &= first[order[1:]] == first[order[:-1]]
    a, b = p[order], q[order]
    for start, stop in _runs(tied & ((a[1:] != a[:-1]) | (b[1:] != b[:-1])), tied):
        group = order[start:stop].tolist()
        order[start:stop] = sorted(group, key=lambda k: Fraction(int(p[k]), int(q[k])))
    return order


def _runs(wanted: NDArray[np.bool_], tied: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return start and stop of the runs of tied neighbours in which a wanted neighbourhood lies."""
    runs, stop = [], 0
    for k in np.flatnonzero(wanted).tolist():
        if k < stop - 1:
            continue
        start, stop = k, k + 2
        while start and tied[start - 1]:
            start -= 1
        while stop <= len(tied) and tied[stop - 1]:
            stop += 1
        runs.append((start, stop))
    return runs


def ranks(p: Integers, q: Integers, points: tuple[Integers, Integers]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many of the sorted points lie below each fraction ``p / q``, and how many at or below.

    Points and fractions are in lowest terms.

    Examples
    --------
    >>> ranks(np.array([1, 5]), np.array([2, 1]), (np.array([0, 1, 5]), np.array([1, 2, 1])))
    (array([1, 2]), array([2, 3]))
    """
    own, keys = to_floats(p, q), to_floats(*points)
    below = np.searchsorted(keys, own, side="left")
    upto = np.searchsorted(keys, own, side="right")
    open_ = np.flatnonzero(below < upto)
    at = below[open_]
    same = (p[open_] == points[0][at]) & (q[open_] == points[1][at]) & (upto[open_] == at + 1)
    for k in open_[~same].tolist():  # equal as floats but not as fractions, or several candidates
        value, candidates = Fraction(int(p[k]), int(q[k])), range(int(below[k]), int(upto[k]))
        below[k] = candidates.start + bisect.bisect_left(candidates, value, key=partial(_fraction_at, points))
        upto[k] = candidates.start + bisect.bisect_right(candidates, value, key=partial(_fraction_at, points))
    return below, upto


def _fraction_at(points: tuple[Integers, Integers], k: int) -> Fraction:
    return Fraction(int(points[0][k]), int(points[1][k]))


def total(p: Integers, q: Integers) -> Fraction:
    """Return the sum of the fractions ``p / q``, equal denominators first and the rest by halves.

    Examples
    --------
    >>> total(np.array([1, 1, 1]), np.array([2, 3, 6]))
    Fraction(1, 1)
    """
    sums: dict[int, int] = {}
    if len(p) and p.dtype == q.dtype == np.int64 and greatest(p) * len(p) < SAFE:
        order = np.argsort(q, kind="stable")
        starts = np.flatnonzero(np.r_[True, q[order][1:] != q[order][:-1]])
        sums = dict(zip(q[order][starts].tolist(), np.add.reduceat(p[order], starts).tolist(), strict=True))
    else:
        for x, y in zip(p.tolist(), q.tolist(), strict=True):
            sums[y] = sums.get(y, 0) + x
    return _by_halves([Fraction(x, y) for y, x in sums.items()])


def _by_halves(terms: Sequence[Fraction]) -> Fraction:
    if len(terms) < 3:
        return sum(terms, Fraction(0))
    return _by_halves(terms[: len(terms) // 2]) + _by_halves(terms[len(terms) // 2 :])


def running_totals(p: Integers, q: Integers) -> tuple[Integers, Integers]:
    """Return the partial sums of the fractions ``p / q``, the first of them alone included.

    Examples
    --------
    >>> running_totals(np.array([1, 1, 1]), np.array([2, 3, 6]))
    (array([1, 5, 1]), array([2, 6, 1]))
    """
    common = 1
    for denominator in np.unique(q).tolist():
        common = math.lcm(common, denominator)
        if common >= SAFE:
            break
    else:
        if q.dtype == np.int64 and greatest(p) * common * len(p) < SAFE:
            sums = np.cumsum(p.astype(np.int64) * (common // q))
            reduced = lowest_terms(sums, np.full_like(q, common))
            return reduced[0], reduced[1]
    running, fractions = Fraction(0), []
    for term in to_fractions(p, q):
        running += term
        fractions.append(running)
    return from_fractions(fractions)
