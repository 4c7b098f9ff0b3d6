"""Look along all but two of ``n`` generators: every ``n`` of them are met once, in a plane, sorted by direction.

Choose ``n - 2`` generators ``T`` and project along them. What is left of the generators before ``T`` are vectors
``p_i`` in a plane, and ``|det(T, b_i, b_j)|`` is the area of the parallelogram of ``p_i`` and ``p_j``. Sorted by
direction the areas of all pairs add up in one pass, and dependent ones are neighbours: ``C(m, n - 2)`` sorts instead of
``C(m, n)`` determinants. This is deletion and restriction, unfolded down to dimension two.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_LONGEST = 1 << 62


class Plane(NamedTuple):
    """Generators seen along some of them.

    Attributes
    ----------
    along
        The numbers of the generators along which one looks, falling.
    vectors
        ``(k, 2)`` integers, those of generators ``0 .. k-1``, all of which come before ``along``.
    scale
        Positive: ``|det(along, b_i, b_j)|`` is ``|det(vectors[i], vectors[j])| / scale``, without remainder.
    """

    along: tuple[int, ...]
    vectors: NDArray[Any]
    scale: int


def planes(rows: Sequence[Sequence[int]]) -> Iterator[Plane]:
    """Yield the views along all sets of ``n - 2`` rows that have two rows before them.

    Where some of these rows are dependent there is only one view along them and anything else; all its vectors are 0.

    Parameters
    ----------
    rows
        ``m`` rows of ``n >= 2`` Python integers.

    Examples
    --------
    >>> [(plane.along, plane.vectors.tolist()) for plane in planes([[1, 0, 0], [0, 1, 0], [1, 1, 2]])]
    [((2,), [[-1, -2], [1, 0]])]
    """
    n = len(rows[0])
    minors = _minor_bounds(rows, n)
    areas = len(rows) ** 2 * minors[n - 2] * minors[n]
    # products may run over on the way as long as what they make fits: arithmetic is modulo 2**64
    short = max(areas, *minors, *(minors[k - 1] * minors[k + 1] for k in range(1, n))) < _LONGEST
    yield from _descend(np.array(rows, dtype=np.int64 if short else object), 1, ())


def _minor_bounds(rows: Sequence[Sequence[int]], n: int) -> list[int]:
    """Bound the minors of each size up to ``n``, by the longest rows (Hadamard)."""
    squares = sorted((sum(entry * entry for entry in row) for row in rows), reverse=True)
    squares += [0] * (n - len(squares))
    return [math.isqrt(math.prod(squares[:k])) + 1 for k in range(n + 1)]


def _descend(vectors: NDArray[Any], previous: int, along: tuple[int, ...]) -> Iterator[Plane]:
    """Yield the views along ``along`` and more; the vectors are minors, ``previous`` the last pivot (Bareiss)."""
    k, rank = vectors.shape
    if rank == 2:
        yield Plane(along, vectors, abs(previous))
        return
    for t in range(k - 1, 1, -1):
        pivots = np.flatnonzero(vectors[t])
        if not len(pivots):
            yield Plane((*along, t), np.zeros((t, 2), dtype=vectors.dtype), 1)
            continue
        q = int(pivots[0])
        pivot = vectors[t, q]
        others = [p for p in range(rank) if p != q]
        below = (vectors[:t, others] * pivot - vectors[:t, [q]] * vectors[t, others]) // previous
        yield from _descend(below, int(pivot), (*along, t))


def by_direction(vectors: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Sort vectors of the plane by the angle of their lines, exactly; zero vectors are left out.

    Parameters
    ----------
    vectors
        ``(k, 2)`` integers, of 64 bits (the areas of two of them must fit) or of any size.

    Returns
    -------
    order
        The numbers of the vectors that are not zero.
    turned
        These vectors, turned by 180 degrees where necessary so that their angles rise from 0 to less than 180.

    Examples
    --------
    >>> order, turned = by_direction(np.array([[0, -1], [0, 0], [1, 1], [-3, 0]]))
    >>> order.tolist(), turned.tolist()
    ([3, 2, 0], [[3, 0], [1, 1], [0, 1]])
    """
    x, y = vectors[:, 0], vectors[:, 1]
    number = np.flatnonzero((x != 0) | (y != 0))
    turned = vectors[number]
    turned = np.where((turned[:, 1] < 0) | ((turned[:, 1] == 0) & (turned[:, 0] < 0)), -1, 1)[:, None] * turned
    if len(number) < 2:
        return number, turned
    if turned.dtype == object:
        shift = max(0, max(abs(entry) for entry in turned.flat).bit_length() - 1000)
        seen = (turned >> shift).astype(np.float64)
    else:
        seen = turned.astype(np.float64)
    order = np.argsort(np.arctan2(seen[:, 1], seen[:, 0]), kind="stable")
    if (areas(turned[order[:-1]], turned[order[1:]]) < 0).any():  # floats do not tell them apart
        exact = turned.astype(object)
        compare = functools.cmp_to_key(lambda i, j: -int(np.sign(areas(exact[i], exact[j]))))
        order = np.array(sorted(order.tolist(), key=compare))
    return number[order], turned[order]


def areas(first: NDArray[Any], second: NDArray[Any]) -> Any:
    """Return the signed areas of the parallelograms of vectors of the plane.

    Examples
    --------
    >>> areas(np.array([[1, 0]]), np.array([[3, 2]])).tolist()
    [2]
    """
    return first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]


def sum_of_areas(vectors: NDArray[Any]) -> int:
    """Return the sum of the areas of the parallelograms of all pairs.

    Examples
    --------
    >>> sum_of_areas(np.array([[1, 0], [0, 1], [1, 1]]))
    3
    """
    _, turned = by_direction(vectors)
    if len(turned) < 2:
        return 0
    return int(areas(np.cumsum(turned[:-1], axis=0), turned[1:]).sum())
