"""Signed sums of generators without rounding: ``Σ s_i b_i`` for blocks of sign vectors.

Generators become integers over one denominator per column. A sum of ``m`` integers, each with a sign, is exact in
floating point if ``m`` times the largest stays below ``2**53``; longer integers are cut into limbs for which that
holds, so that one matrix product per block does the work whatever the length.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_LONGEST = 1 << 62  # sums below this are kept in 64 bits, with room to spare


def integer_columns(generators: NDArray[Any]) -> tuple[list[list[int]], list[Fraction]]:
    """Write generators as integers times one positive rational per column.

    Parameters
    ----------
    generators
        ``(m, n)`` finite floats or fractions.

    Returns
    -------
    rows
        ``m`` rows of Python integers.
    scales
        For each column: column = integers times scale. A power of two for floats, one over the least common
        denominator for fractions.

    Examples
    --------
    >>> integer_columns(np.array([[0.5, 8.0], [0.75, 0.0]]))
    ([[2, 1], [3, 0]], [Fraction(1, 4), Fraction(8, 1)])
    """
    read = _exact_column if generators.dtype == object else _float_column
    columns, scales = zip(*(read(column) for column in generators.T), strict=True)
    return [list(row) for row in zip(*columns, strict=True)], list(scales)


def _exact_column(column: NDArray[Any]) -> tuple[list[int], Fraction]:
    scale = math.lcm(*(entry.denominator for entry in column))
    return [entry.numerator * (scale // entry.denominator) for entry in column], Fraction(1, scale)


def _float_column(column: NDArray[np.float64]) -> tuple[list[int], Fraction]:
    mantissas, exponents = np.frexp(column)
    integers = np.ldexp(mantissas, 53).astype(np.int64)
    nonzero = integers != 0
    if not nonzero.any():
        return integers.tolist(), Fraction(1)
    twos = np.log2((integers & -integers)[nonzero].astype(np.float64)).astype(np.int64)  # powers of two: exact
    integers[nonzero] >>= twos
    powers = exponents[nonzero] - 53 + twos
    least = int(powers.min())
    shifts = np.zeros(len(integers), dtype=np.int64)
    shifts[nonzero] = powers - least
    numbers = [integer << shift for integer, shift in zip(integers.tolist(), shifts.tolist(), strict=True)]
    return numbers, Fraction(2) ** least


class SignedSums:
    """The sums ``Σ s_i a_i`` of integer rows ``a_i`` for many sign vectors ``s`` at once.

    Parameters
    ----------
    rows
        ``m >= 1`` rows of ``n`` Python integers of any size.

    Examples
    --------
    >>> sums = SignedSums([[1, 2**70], [3, 1]])
    >>> sums(np.array([[1, -1], [0, 1]], dtype=np.int8)).tolist()
    [[-2, 1180591620717411303423], [3, 1]]
    """

    def __init__(self, rows: Sequence[Sequence[int]]) -> None:
        m, n = len(rows), len(rows[0])
        self.bound = max(sum(abs(row[q]) for row in rows) for q in range(n))
        """No coordinate of a sum is larger in size."""
        self._columns = n
        self._width = 52 - m.bit_length()
        longest = max(abs(entry).bit_length() for row in rows for entry in row)
        self._limbs = max(1, -(-longest // self._width))
        mask = (1 << self._width) - 1
        parts = np.empty((m, self._limbs, n), dtype=np.float64)
        for i, row in enumerate(rows):
            left = list(row)
            for limb in range(self._limbs - 1):
                parts[i, limb] = [entry & mask for entry in left]
                left = [entry >> self._width for entry in left]
            parts[i, -1] = left  # the last limb carries the sign
        self._parts = parts.reshape(m, self._limbs * n)

    @property
    def is_short(self) -> bool:
        """Whether the sums come as 64-bit integers; Python integers else."""
        return self.bound < _LONGEST

    def __call__(self, signs: NDArray[Any]) -> NDArray[Any]:
        """Return the sums ``(b, n)`` for signs ``(b, m)`` in {-1, 0, 1}."""
        products = (signs.astype(np.float64) @ self._parts).astype(np.int64)
        limbs = products.reshape(len(signs), self._limbs, self._columns)
        if self._limbs == 1 and self.is_short:
            return limbs[:, 0]
        if self.is_short:  # the total fits, so that overflow on the way cancels
            total = np.zeros((len(signs), self._columns), dtype=np.uint64)
            for k in range(self._limbs):
                total += limbs[:, k].view(np.uint64) << np.uint64(k * self._width)
            return total.view(np.int64)
        exact = limbs[:, -1].astype(object)
        for k in range(self._limbs - 2, -1, -1):
            exact = (exact << self._width) + limbs[:, k].astype(object)
        return exact


def in_fractions(integers: NDArray[Any], scales: Sequence[Fraction]) -> NDArray[np.object_]:
    """Multiply the columns of an integer array ``(b, n)`` by their scales.

    Examples
    --------
    >>> in_fractions(np.array([[3, 4]]), [Fraction(1, 6), Fraction(1)]).tolist()
    [[Fraction(1, 2), Fraction(4, 1)]]
    """
    exact = np.empty(integers.shape, dtype=object)
    for q, scale in enumerate(scales):
        top, bottom = scale.numerator, scale.denominator
        exact[:, q] = [Fraction(entry * top, bottom) for entry in integers[:, q].tolist()]
    return exact


def in_floats(integers: NDArray[Any], scales: Sequence[Fraction], bound: int, name: str) -> NDArray[np.float64]:
    """Multiply the columns of an integer array by their scales, rounding each product once, to the nearest.

    Parameters
    ----------
    integers
        ``(b, n)``.
    scales
        One for each column.
    bound
        No entry is larger in size.
    name
        What the numbers are; it appears in the message.

    Raises
    ------
    ValueError
        A product is beyond the range of floats.

    Examples
    --------
    >>> in_floats(np.array([[3, 1]]), [Fraction(1, 4), Fraction(1, 3)], 3, "x")
    array([[0.75      , 0.33333333]])
    """
    floats = np.empty(integers.shape, dtype=np.float64)
    for q, scale in enumerate(scales):
        top, bottom = scale.numerator, scale.denominator
        power = top.bit_length() - bottom.bit_length()
        is_power = Fraction(2) ** power == scale
        if integers.dtype != object and is_power and power > -1000 and power + bound.bit_length() < 1000:
            floats[:, q] = np.ldexp(integers[:, q].astype(np.float64), power)
            continue
        try:
            floats[:, q] = [entry * top / bottom for entry in integers[:, q].tolist()]
        except OverflowError:
            raise ValueError(f"{name} are beyond the range of floats; use exact()") from None
    return floats
