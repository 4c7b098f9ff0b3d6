"""Sign matrices up to symmetry: listed, and counted independently.

Two matrices are equivalent if one becomes the other by permuting and negating rows and columns and, if they are square,
transposing. Equivalent matrices have the same sign-rank.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from relucomb_solvers.sign_matrix_classes import canonical_rows, decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray


def classes(m: int, n: int) -> list[NDArray[np.int8]]:
    """List one matrix of each class.

    Parameters
    ----------
    m, n
        Rows and columns; up to 6 x 6 takes seconds, 7 x 7 minutes.

    Returns
    -------
    list of numpy.ndarray
        In increasing order of their canonical forms. The first row and the first column are positive.

    Examples
    --------
    >>> [len(classes(n, n)) for n in (1, 2, 3, 4)]
    [1, 2, 3, 10]
    """
    if min(m, n) < 1:
        raise ValueError(f"there must be a row and a column; got {m} x {n}")
    if m < n:  # the engine permutes columns in all ways, so that these should be the fewer
        return [np.ascontiguousarray(A.T) for A in classes(n, m)]
    forms = _forms(m, n)
    if m == n:
        forms = tuple(form for form in forms if form <= _transposed(form, n))
    return [decode(np.array(form, dtype=np.int64), n) for form in forms]


def count_classes(m: int, n: int) -> int:
    """Count the classes by Burnside's lemma, without listing them.

    A permutation of rows and columns with signs fixes ``2^o`` matrices if along each of its ``o`` orbits of entries the
    signs multiply to 1, else none. For random signs these are linear equations modulo 2, true with probability
    ``2^(-rank)``.

    Examples
    --------
    >>> [count_classes(n, n) for n in (1, 2, 3, 4, 5, 6, 7)]
    [1, 2, 3, 10, 30, 242, 4386]
    """
    total = 0
    for rows in _partitions(m):
        for columns in _partitions(n):
            sigma, tau = _permutation(rows), _permutation(columns)
            number = _class_size(rows) * _class_size(columns)
            total += number * _fixed(m, n, lambda i, j, s=sigma, t=tau: (s[i], t[j]))  # type: ignore[misc]
    size = math.factorial(m) * math.factorial(n)
    if m == n:
        # with a transposition, permutations of rows and columns that have the same product are conjugate
        turned = 0
        for rows in _partitions(n):
            sigma = _permutation(rows)
            turned += _class_size(rows) * _fixed(n, n, lambda i, j, s=sigma: (j, s[i]))  # type: ignore[misc]
        total, size = total + turned * math.factorial(n), 2 * size
    count, rest = divmod(total, size << m + n)
    if rest:
        raise AssertionError("Burnside's sum is not a multiple of the order of the group")
    return count


@lru_cache(maxsize=8)
def _forms(m: int, n: int) -> tuple[tuple[int, ...], ...]:
    """Return the canonical forms, transposition not counted, row after row."""
    if m == 1:
        return ((0,),)
    found = set()
    for form in _forms(m - 1, n):
        for row in range(1 << n - 1):
            found.add(tuple(canonical_rows(np.array([*form, row], dtype=np.int64), n).tolist()))
    return tuple(sorted(found))


def _transposed(form: tuple[int, ...], n: int) -> tuple[int, ...]:
    signs = decode(np.array(form, dtype=np.int64), n).T
    rows = np.array([encode(row) for row in signs.tolist()], dtype=np.int64)
    return tuple(canonical_rows(rows, len(form)).tolist())


def _fixed(m: int, n: int, image: Callable[[int, int], tuple[int, int]]) -> int:
    """Return how many pairs of signs and matrices a permutation of entries fixes."""
    left = {(i, j) for i in range(m) for j in range(n)}
    orbits = 0
    basis: dict[int, int] = {}
    while left:
        start = min(left)
        place, signs = start, 0
        while True:
            left.discard(place)
            signs ^= 1 << place[0] ^ 1 << m + place[1]
            place = image(*place)
            if place == start:
                break
        orbits += 1
        while signs:
            top = signs.bit_length()
            if top not in basis:
                basis[top] = signs
                break
            signs ^= basis[top]
    return 1 << orbits + m + n - len(basis)


def _partitions(total: int, largest: int | None = None) -> Iterator[tuple[int, ...]]:
    if total == 0:
        yield ()
    for part in range(min(total, largest or total), 0, -1):
        for rest in _partitions(total - part, part):
            yield (part, *rest)


def _permutation(cycles: tuple[int, ...]) -> list[int]:
    images: list[int] = []
    for length in cycles:
        first = len(images)
        images += [first + (k + 1) % length for k in range(length)]
    return images


def _class_size(cycles: tuple[int, ...]) -> int:
    """Return how many permutations have these lengths of cycles."""
    fixing = math.prod(cycles) * math.prod(math.factorial(cycles.count(length)) for length in set(cycles))
    return math.factorial(sum(cycles)) // fixing
