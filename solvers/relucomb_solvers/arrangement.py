"""A central arrangement of hyperplanes in exact integers, brought to its essential form.

The hyperplanes are ``{v : v·a = 0}`` for the rows ``a``. Three changes leave the cells and their sign vectors alone,
and they are made here once, exactly, so that the engines need not think of them:

- a row of zeros imposes nothing; rows that are multiples of one another impose the same hyperplane;
- a dual coordinate that is a combination of others can be dropped (the arrangement becomes *essential*: the rows span);
- scaling a row by a positive number, or a column by any number but zero, is a change of scale or of dual basis.

Signs of determinants are decided in residues modulo several primes; :func:`residues` says how many suffice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import fmpz_mat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PRIME_BITS = 30
"""Primes lie below ``2**PRIME_BITS``, so that a Montgomery step fits in a signed 64-bit integer."""

_LARGEST_PRIME = 1_063_741_817  # far from the powers of two that real data are full of


@dataclass(frozen=True)
class Arrangement:
    """The distinct hyperplanes of an essential central arrangement, and where each input row went.

    Attributes
    ----------
    rank
        Dimension of the space in which the hyperplanes live and which their rows span.
    rows
        One primitive integer row of length ``rank`` per distinct hyperplane, in order of first appearance. The first
        input row on a hyperplane points the same way.
    hyperplane
        ``(D,)`` integers: the hyperplane of each input row, -1 for a row of zeros.
    side
        ``(D,)`` integers: +1 if the input row points the same way as the hyperplane's row, -1 if the opposite way, 0
        for a row of zeros.
    """

    rank: int
    rows: list[tuple[int, ...]]
    hyperplane: NDArray[np.int64]
    side: NDArray[np.int8]


def arrange(rows: Sequence[Sequence[int]]) -> Arrangement:
    """Bring integer rows to the essential arrangement of their distinct hyperplanes.

    Parameters
    ----------
    rows
        ``D`` rows of ``d`` Python integers each; ``D`` and ``d`` at least 1.

    Examples
    --------
    >>> found = arrange([[2, 4, 6], [0, 0, 0], [-1, -2, -3], [1, 0, 1]])
    >>> found.rank, found.rows
    (2, [(1, 1), (1, 0)])
    >>> found.hyperplane.tolist(), found.side.tolist()
    ([0, -1, 0, 1], [1, 0, -1, 1])
    """
    essential, rank = _spanning_columns(rows)
    index: dict[tuple[int, ...], int] = {}
    hyperplane = np.full(len(rows), -1, dtype=np.int64)
    side = np.zeros(len(rows), dtype=np.int8)
    for j, row in enumerate(essential):
        divisor = math.gcd(*row)
        if divisor == 0:
            continue
        ray = tuple(entry // divisor for entry in row)
        opposite = tuple(-entry for entry in ray)
        if opposite in index:
            hyperplane[j], side[j] = index[opposite], -1
        else:
            hyperplane[j], side[j] = index.setdefault(ray, len(index)), 1
    return Arrangement(rank, list(index), hyperplane, side)


def _spanning_columns(rows: Sequence[Sequence[int]]) -> tuple[list[list[int]], int]:
    """Return the rows in a column basis (each column without its common divisor) and the rank."""
    echelon, _, rank = fmpz_mat([list(row) for row in rows]).rref()
    pivots = [next(q for q in range(echelon.ncols()) if echelon[i, q] != 0) for i in range(rank)]
    columns = []
    for q in pivots:
        column = [int(row[q]) for row in rows]
        divisor = math.gcd(*column)
        columns.append([entry // divisor for entry in column])
    return [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in rows], rank


def determinant_bits(rows: Sequence[Sequence[int]]) -> int:
    """Bound, in bits, every minor of the rows (Hadamard's inequality on columns).

    Examples
    --------
    >>> determinant_bits([[3, 1], [1, 3]])
    5
    """
    rank = len(rows[0])
    bound = math.isqrt(rank**rank) + 1
    for column in zip(*rows, strict=True):
        bound *= max(1, *(abs(entry) for entry in column))
    return bound.bit_length()


def primes_for(bits: int, skip: int = 0) -> list[int]:
    """Return primes whose product exceeds ``2**(bits + 1)``, so that residues decide an integer of ``bits`` bits.

    Parameters
    ----------
    bits
        Length of the integers to be told apart from zero and from their negatives.
    skip
        How many primes of the fixed list to leave out, for a second opinion.

    Examples
    --------
    >>> primes_for(40)
    [1063741817, 1063741787]
    """
    count = bits // (PRIME_BITS - 1) + 1  # each prime has more than PRIME_BITS - 1 bits
    return [_prime(k) for k in range(skip, skip + count)]


@cache
def _prime(k: int) -> int:
    """Return prime number ``k`` of a fixed descending list."""
    p = _prime(k - 1) - 2 if k > 0 else _LARGEST_PRIME
    while not _is_prime(p):
        p -= 2
    return p


def _is_prime(p: int) -> bool:
    """Decide primality below 3.2e9 (Miller and Rabin's test; the bases 2, 3, 5, 7 suffice there, Jaeschke 1993)."""
    odd, twos = p - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in (2, 3, 5, 7):
        power = pow(base, odd, p)
        if power in (1, p - 1):
            continue
        if all((power := power * power % p) != p - 1 for _ in range(twos - 1)):
            return False
    return True


def residues(rows: Sequence[Sequence[int]], primes: Sequence[int]) -> NDArray[np.int64]:
    """Return the rows modulo each prime, an array ``(primes, rows, columns)``.

    Examples
    --------
    >>> residues([[1, -1]], [7, 11]).tolist()
    [[[1, 6]], [[1, 10]]]
    """
    integers: NDArray[Any]
    try:
        integers = np.array(rows, dtype=np.int64)
    except OverflowError:
        integers = np.array(rows, dtype=object)
    return np.stack([(integers % p).astype(np.int64) for p in primes])
