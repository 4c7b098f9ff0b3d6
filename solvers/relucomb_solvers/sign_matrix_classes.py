"""Canonical forms of small sign matrices under permutations and negations of rows and columns.

A matrix is written as bits, 1 for a minus sign. Negations make any one row and any one column free of minus signs; for
each choice of these two, what is left is a matrix of bits up to permutations of its rows and columns. The canonical
form is the lexicographically least of all of these with rows in increasing order; columns are permuted in all ways, by
a table.
"""

from __future__ import annotations

import itertools
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from relucomb_solvers._jit import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_COLUMNS = 9
"""The table has (columns - 1)! rows."""


def canonical(A: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the canonical form of a sign matrix with at most nine columns; the first row and column are positive.

    Examples
    --------
    >>> canonical(np.array([[-1, 1, 1], [1, -1, 1], [1, 1, -1]], dtype=np.int8))
    array([[ 1,  1,  1],
           [ 1,  1, -1],
           [ 1, -1,  1]], dtype=int8)
    """
    m, n = A.shape
    if n > MOST_COLUMNS:
        raise ValueError(f"A must have at most {MOST_COLUMNS} columns; got {n}")
    rows = np.array([encode(row) for row in A.tolist()], dtype=np.int64)
    return decode(canonical_rows(rows, n), n).reshape(m, n)


def canonical_rows(rows: NDArray[np.int64], columns: int) -> NDArray[np.int64]:
    """Return the canonical form of a matrix whose rows are given as bits; bit ``j`` is column ``columns - 1 - j``.

    Examples
    --------
    >>> canonical_rows(np.array([0b111, 0b100, 0b010]), 3)
    array([0, 1, 2])
    """
    best = np.full(len(rows), np.iinfo(np.int64).max, dtype=np.int64)
    _canonical(rows, columns, _permuted(columns - 1), best)
    return best


def encode(row: list[int]) -> int:
    """Return the bits of a row of signs.

    Examples
    --------
    >>> encode([1, -1, -1])
    3
    """
    return sum(1 << k for k, sign in enumerate(reversed(row)) if sign < 0)


def decode(rows: NDArray[np.int64], columns: int) -> NDArray[np.int8]:
    """Return the signs of rows of bits.

    Examples
    --------
    >>> decode(np.array([3]), 3)
    array([[ 1, -1, -1]], dtype=int8)
    """
    bits = rows[:, None] >> np.arange(columns - 1, -1, -1) & 1
    return (1 - 2 * bits).astype(np.int8)


@lru_cache(maxsize=4)
def _permuted(bits: int) -> NDArray[np.int32]:
    """Return what each permutation of the bits makes of each number."""
    numbers = np.arange(1 << bits)
    table = np.zeros((len(list(itertools.permutations(range(bits)))), 1 << bits), dtype=np.int32)
    for row, permutation in zip(table, itertools.permutations(range(bits)), strict=True):
        for source, target in enumerate(permutation):
            row |= ((numbers >> source & 1) << target).astype(np.int32)
    return table


@kernel
def _canonical(rows: NDArray[np.int64], columns: int, permuted: NDArray[np.int32], best: NDArray[np.int64]) -> None:
    """Write the least form into ``best``."""
    m = len(rows)
    rest = np.empty(m, dtype=np.int64)
    form = np.empty(m, dtype=np.int64)
    full = (1 << columns) - 1
    for reference in range(m):
        for column in range(columns):
            low = (1 << column) - 1
            count = 0
            for i in range(m):
                if i == reference:
                    continue
                turned = rows[i] ^ rows[reference]
                if turned >> column & 1:
                    turned ^= full
                rest[count] = turned & low | turned >> column + 1 << column
                count += 1
            for p in range(permuted.shape[0]):
                for k in range(count):
                    entry = permuted[p, rest[k]]
                    place = k
                    while place > 0 and form[place - 1] > entry:
                        form[place] = form[place - 1]
                        place -= 1
                    form[place] = entry
                if _is_less(form, best, count):
                    for k in range(count):
                        best[k + 1] = form[k]
    best[0] = 0


@inner_kernel
def _is_less(form: NDArray[np.int64], best: NDArray[np.int64], count: int) -> bool:
    for k in range(count):
        if form[k] != best[k + 1]:
            return bool(form[k] < best[k + 1])
    return False
