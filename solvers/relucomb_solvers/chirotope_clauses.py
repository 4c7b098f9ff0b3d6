"""Oriented matroids as clauses: the signs that determinants of vectors could have that show given sign patterns.

For vectors ``v_1, ..., v_n`` in general position in dimension ``r`` let ``χ(S)`` be the sign of the determinant of the
vectors in ``S``, for every increasing ``r``-tuple ``S``. These signs satisfy, whatever the vectors are,

- the three-term Grassmann-Plücker relations: for ``r - 2`` vectors ``τ`` and four more ``a < b < c < d``
  ``[τab][τcd] - [τac][τbd] + [τad][τbc] = 0``, so the three terms cannot all have one sign;
- Cramer's rule ``Σ_k (-1)^k [T without t_k] v_{t_k} = 0`` for ``r + 1`` vectors ``T``: if ``x_t`` is the sign of
  ``u·v_t`` for some ``u``, the signs ``(-1)^k χ(T without t_k) x_{t_k}`` are not all equal;
- after a reflection ``χ`` of the first tuple is 1.

If no signs satisfy the clauses that say this, there are no vectors of dimension ``r`` with these patterns. The converse
holds for oriented matroids, of which not every one comes from vectors.
"""

from __future__ import annotations

import itertools
import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Clauses = tuple[NDArray[np.int32], NDArray[np.int64]]


def clauses(patterns: NDArray[np.int8], rank: int) -> Clauses:
    """Return the clauses for sign patterns of ``n`` vectors.

    Parameters
    ----------
    patterns
        Signs ``(m, n)``, one pattern in each row.
    rank
        Dimension ``r`` of the vectors, at least 2 and at most ``n``.

    Returns
    -------
    literals : numpy.ndarray
        Literals of all clauses, one after another: ``k`` says that the sign of the ``k``-th tuple is 1 (tuples in
        lexicographic order, counted from 1), ``-k`` that it is -1.
    offsets : numpy.ndarray
        Clause ``c`` is ``literals[offsets[c]:offsets[c + 1]]``.

    Examples
    --------
    Four patterns on three vectors do not fit into the plane:

    >>> literals, offsets = clauses(np.array([[1, 1, 1], [1, 1, -1], [1, -1, 1], [-1, 1, 1]], dtype=np.int8), 2)
    >>> [literals[start:end].tolist() for start, end in zip(offsets, offsets[1:])]
    [[1], [3, -2, 1], [-3, 2, -1], [3, -2, -1], [-3, 2, 1], [3, 2, 1], [-3, -2, -1], [-3, -2, 1], [3, 2, -1]]
    """
    n = patterns.shape[1]
    relations = _relations(n, rank)
    without = _without(n, rank)
    tuples = np.array(list(itertools.combinations(range(n), rank + 1)), dtype=np.int64).reshape(-1, rank + 1)
    alternating = (1 - 2 * (np.arange(rank + 1) % 2)).astype(np.int32)
    shown = (patterns[:, tuples].astype(np.int32) * (alternating * without)).reshape(-1, rank + 1)
    rows = np.stack([shown, -shown], axis=1).reshape(-1, rank + 1)
    literals = np.concatenate([np.array([1], dtype=np.int32), relations.ravel(), rows.ravel()])
    lengths = np.concatenate([[1], np.full(len(relations), 6), np.full(len(rows), rank + 1)])
    return literals.astype(np.int32), np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def count_clauses(m: int, n: int, rank: int) -> int:
    """Return how many clauses there are, without making them.

    Examples
    --------
    >>> count_clauses(4, 3, 2), count_clauses(8, 8, 4)
    (9, 7617)
    """
    return 1 + 16 * math.comb(n, rank - 2) * math.comb(n - rank + 2, 4) + 2 * m * math.comb(n, rank + 1)


@lru_cache(maxsize=16)
def _numbers(n: int, rank: int) -> dict[tuple[int, ...], int]:
    return {chosen: k for k, chosen in enumerate(itertools.combinations(range(n), rank), 1)}


@lru_cache(maxsize=16)
def _without(n: int, rank: int) -> NDArray[np.int32]:
    """Return, for every tuple of ``rank + 1``, the numbers of the tuples with one left out."""
    numbers = _numbers(n, rank)
    rows = [
        [numbers[chosen[:k] + chosen[k + 1 :]] for k in range(rank + 1)]
        for chosen in itertools.combinations(range(n), rank + 1)
    ]
    return np.array(rows, dtype=np.int32).reshape(-1, rank + 1)


@lru_cache(maxsize=16)
def brackets(n: int, rank: int) -> NDArray[np.int32]:
    """Return the literals of ``[τab], [τcd], [τac], [τbd], [τad], [τbc]`` for all relations, read-only.

    Examples
    --------
    >>> brackets(4, 2)
    array([[1, 6, 2, 5, 3, 4]], dtype=int32)
    """
    rows = []
    for fixed in itertools.combinations(range(n), rank - 2):
        others = [j for j in range(n) if j not in fixed]
        for a, b, c, d in itertools.combinations(others, 4):
            pairs = ((a, b), (c, d), (a, c), (b, d), (a, d), (b, c))
            rows.append([bracket(n, (*fixed, *pair)) for pair in pairs])
    table = np.array(rows, dtype=np.int32).reshape(-1, 6)
    table.flags.writeable = False
    return table


def bracket(n: int, chosen: Sequence[int]) -> int:
    """Return the literal of the determinant of some of ``n`` vectors, in any order.

    Examples
    --------
    >>> bracket(4, (0, 1)), bracket(4, (3, 2))
    (1, -6)
    """
    swaps = sum(x > y for x, y in itertools.combinations(chosen, 2))
    return _numbers(n, len(chosen))[tuple(sorted(chosen))] * (-1 if swaps % 2 else 1)


@lru_cache(maxsize=16)
def _relations(n: int, rank: int) -> NDArray[np.int32]:
    """Return the clauses of the Grassmann-Plücker relations, six literals each."""
    forbidden = []
    for turn in (1, -1):  # the terms [ab][cd], -[ac][bd], [ad][bc] all have the sign `turn`
        for signs in itertools.product((1, -1), repeat=3):
            terms = zip(signs, (turn, -turn, turn), strict=True)
            forbidden.append([-literal for sign, product in terms for literal in (sign, sign * product)])
    table = brackets(n, rank)[:, None] * np.array(forbidden, dtype=np.int32)
    return table.reshape(-1, 6)
