"""The cones of Definition 11: weights that put the vertices of the cube into one order.

A permutation ``σ`` is a tuple of the ``2^m`` indices of points, in the order of :mod:`relucomb.boolean.function`; the
sequence of vertices that the definition leaves open is that of the indices. ``P_σ`` has the weights ``a`` with
``a·x^σ(1) ≤ a·x^σ(2) ≤ ...``.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from relucomb.boolean.function import points
from relucomb.rationals import as_fractions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    Vector: TypeAlias = Sequence[int | float | Fraction] | NDArray[Any]

MOST_BITS = 12
"""Orders are lists of the vertices: 4096 for so many bits."""


def vertex_order(a: Vector) -> tuple[int, ...]:
    """Return an order that weights put the vertices into.

    Where two vertices have the same value, the order is that of weights near ``a`` in general position, so that the
    cone has inner points.

    Raises
    ------
    ValueError
        There are none or more than 12 weights.

    Examples
    --------
    >>> vertex_order([1, 2]), vertex_order([1, 0])
    ((0, 1, 2, 3), (0, 2, 1, 3))
    """
    weights = _vector(a)
    cube = points(len(weights)).astype(object)
    values = cube @ weights
    ties = cube @ np.array([3**i for i in range(len(weights))], dtype=object)
    return tuple(sorted(range(len(cube)), key=lambda k: (values[k], ties[k])))


def in_cone(a: Vector, order: Sequence[int]) -> bool:
    """Tell whether weights are in the cone of an order, its boundary included.

    Raises
    ------
    ValueError
        The order is no permutation of the ``2^m`` vertices.

    Examples
    --------
    >>> in_cone([1, 3], [0, 1, 2, 3]), in_cone([2, 1], [0, 1, 2, 3]), in_cone([0, 0], [0, 1, 2, 3])
    (True, False, True)
    """
    weights = _vector(a)
    check_order(order, len(weights))
    values = (points(len(weights)).astype(object) @ weights)[list(order)]
    return all(low <= high for low, high in itertools.pairwise(values.tolist()))


def common_order(vectors: Sequence[Vector]) -> tuple[int, ...] | None:
    """Return an order whose cone has all the vectors; None if there is none.

    If two vertices are not put into opposite orders by two of the vectors, the sum of the vectors orders them strictly
    as soon as one does; so the order of the sum is one for all, and else there is none.

    Raises
    ------
    ValueError
        There is no vector, or they have different lengths.

    Examples
    --------
    >>> common_order([[1, 2], [0, 1]])
    (0, 1, 2, 3)
    >>> common_order([[1, 2], [2, 1]]) is None
    True
    """
    if len(vectors) == 0:
        raise ValueError("vectors must have one vector at least; got none")
    rows = [_vector(a) for a in vectors]
    if len({len(row) for row in rows}) > 1:
        raise ValueError(f"vectors must have one length; got {sorted({len(row) for row in rows})}")
    order = vertex_order(np.sum(rows, axis=0))
    return order if all(in_cone(row, order) for row in rows) else None


def small_members(order: Sequence[int], m: int, greatest: int) -> NDArray[np.int64]:
    """Return all whole vectors in the cone with entries of at most ``greatest``, ``(N, m)``.

    Raises
    ------
    ValueError
        There are more than a million vectors to try.

    Examples
    --------
    >>> small_members([0, 1, 2, 3], 2, 2).tolist()
    [[0, 0], [0, 1], [0, 2], [1, 1], [1, 2], [2, 2]]
    """
    check_order(order, m)
    tried = (2 * greatest + 1) ** m
    if tried > 10**6:
        raise ValueError(f"greatest must be so small that (2 greatest + 1)^m is at most 1000000; got {tried}")
    cube = points(m).astype(np.int64)[list(order)]
    vectors = np.array(list(itertools.product(range(-greatest, greatest + 1), repeat=m)), dtype=np.int64)
    rising = np.ones(len(vectors), dtype=np.bool_)
    for step in np.unique(np.diff(cube, axis=0), axis=0):
        rising &= vectors @ step >= 0
    return vectors[rising]


def check_order(order: Sequence[int], m: int) -> None:
    """Raise an error unless an order has each vertex of the cube once."""
    if sorted(order) != list(range(1 << m)):
        raise ValueError(f"order must have each index from 0 to {(1 << m) - 1} once; got {len(order)} entries")


def _vector(a: Vector) -> NDArray[np.object_]:
    weights = as_fractions(np.array(a, dtype=object), "a", ndim=1)
    if not 1 <= len(weights) <= MOST_BITS:
        raise ValueError(f"a must have from 1 to {MOST_BITS} weights; got {len(weights)}")
    return weights
