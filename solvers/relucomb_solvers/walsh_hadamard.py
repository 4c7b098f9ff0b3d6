"""The fast Walsh–Hadamard transform of integers, and the Möbius transform over the field of two elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relucomb_solvers._jit import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = 1 << 14
"""Entries that fit into a core's own cache; butterflies within a block are done before the next block is read."""


def walsh_hadamard(values: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return ``W[S] = Σ_k values[k] (−1)^(number of i in S with bit i of k equal to 0)``.

    With bit 1 for the value +1 of a variable and bit 0 for −1, the sign is the product of the variables in ``S``.

    Parameters
    ----------
    values
        ``2^n`` integers; the sum of their sizes must fit into 31 bits.

    Raises
    ------
    OverflowError
        It does not.

    Examples
    --------
    The function ``x_0 x_1`` has one coefficient, that of ``{0, 1}``:

    >>> walsh_hadamard(np.array([1, -1, -1, 1], dtype=np.int32)).tolist()
    [0, 0, 0, 4]
    """
    size = len(values)
    if int(np.abs(values).sum(dtype=np.int64)) >= 1 << 31:
        raise OverflowError("the sum of the sizes of the values must be less than 2**31")
    found = np.ascontiguousarray(values, dtype=np.int32).copy()
    block = min(BLOCK, size)
    for start in range(0, size, block):
        _transform(found[start : start + block], 1, block)
    _transform(found, block, size)
    return found


@kernel
def _transform(values: NDArray[np.int32], first: int, size: int) -> None:
    """Apply the butterflies of strides ``first, 2 first, ..., size / 2``, two at a time."""
    stride = first
    while 4 * stride <= size:
        for start in range(0, size, 4 * stride):
            for k in range(start, start + stride):
                a, b = values[k], values[k + stride]
                c, d = values[k + 2 * stride], values[k + 3 * stride]
                low, low_difference = a + b, b - a
                high, high_difference = c + d, d - c
                values[k] = low + high
                values[k + stride] = low_difference + high_difference
                values[k + 2 * stride] = high - low
                values[k + 3 * stride] = high_difference - low_difference
        stride *= 4
    if stride < size:
        for start in range(0, size, 2 * stride):
            for k in range(start, start + stride):
                a, b = values[k], values[k + stride]
                values[k] = a + b
                values[k + stride] = b - a


@kernel
def moebius(values: NDArray[np.uint8]) -> None:
    """Replace the truth table of a function by the coefficients of its polynomial over the field of two elements."""
    size = len(values)
    stride = 1
    while stride < size:
        for start in range(0, size, 2 * stride):
            for k in range(start, start + stride):
                values[k + stride] ^= values[k]
        stride *= 2
