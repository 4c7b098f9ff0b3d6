"""Dichotomies: the ways in which a hyperplane that passes through none of the points can divide them.

A hidden unit ``max(0, v·x̃)`` sees the points with ``v·x̃_j > 0``, its *active* points, where ``x̃ = (x, 1)`` or, without
hidden bias, ``x̃ = x``. As ``v`` varies, the set of active points changes only where some ``v·x̃_j`` is zero, so the
strict dichotomies are the full-dimensional cells of the arrangement ``{v : v·x̃_j = 0}``. Every unit lies in the closure
of a cell, which is why a search over networks may restrict itself to strict dichotomies.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.rationals import as_entries, as_floats, as_fractions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray


def dichotomies(X: ArrayLike, hidden_bias: bool = True) -> Iterator[NDArray[np.bool_]]:
    """Iterate over the strict dichotomies of points, in any position, each exactly once.

    Parameters
    ----------
    X
        Points, shape ``(D, n)``: integers, floats or fractions. All are exact; a float is the rational it is, so
        that three points that look collinear in decimals usually are not (give fractions if they should be).
    hidden_bias
        Whether hyperplanes may miss the origin: ``x̃ = (x, 1)`` if so, else ``x̃ = x``.

    Yields
    ------
    numpy.ndarray
        Booleans, shape ``(D,)``: True where ``v·x̃_j > 0``. A point with ``x̃_j = 0`` (the origin, without hidden bias)
        is on no side and always False. Repeated points are always on the same side.

    Raises
    ------
    ValueError
        ``X`` is empty, not two-dimensional, or has an entry that is not finite.
    TypeError
        An entry is not a real number, or ``hidden_bias`` is not a bool.

    See Also
    --------
    count_dichotomies : much faster if only their number is wanted.

    Notes
    -----
    The order is the same in every run but otherwise unspecified, save that each dichotomy is followed by its opposite
    (with points ``x̃_j = 0`` False in both). Nothing is stored: the first dichotomies come at once, and memory does not
    grow with their number. The work is proportional to the number of dichotomies times a polynomial in ``D`` and ``n``.

    The cells are enumerated at the rays of the arrangement, by a recursion that turns Weisner's theorem into a
    bijection; see :mod:`relucomb_solvers.cell_walk`.

    Examples
    --------
    The square has all 16 subsets but its two diagonals:

    >>> found = list(dichotomies([[0, 0], [0, 1], [1, 0], [1, 1]]))
    >>> len(found)
    14
    >>> any(active.tolist() == [True, False, False, True] for active in found)
    False
    """
    return _unpacked(_vectors(X, hidden_bias))


def count_dichotomies(X: ArrayLike, hidden_bias: bool = True) -> int:
    """Count the strict dichotomies of points, in any position, without listing them.

    Parameters and errors are those of :func:`dichotomies`, whose length this is. For points in general position it is
    ``2 Σ_{k=0}^{n} C(D-1, k)`` (Cover [1]_), without hidden bias up to ``n - 1``.

    Notes
    -----
    Adding one point after another, the new dichotomies are those of the earlier points by hyperplanes through the new
    one (deletion and restriction, [2]_). Unfolding this down to dimension two leaves directions in a plane to be told
    apart: about one for two dichotomies.

    References
    ----------
    .. [1] T. M. Cover, Geometrical and statistical properties of systems of linear inequalities with applications in
       pattern recognition, IEEE Transactions on Electronic Computers 14, 1965.
    .. [2] T. Zaslavsky, Facing up to arrangements, Memoirs of the AMS 154, 1975.

    Examples
    --------
    >>> import itertools
    >>> cube = list(itertools.product([0, 1], repeat=3))
    >>> count_dichotomies(cube), count_dichotomies(cube, hidden_bias=False)
    (104, 32)
    """
    from relucomb_solvers.dichotomies import count

    return count(_vectors(X, hidden_bias))


def packed_dichotomies(X: ArrayLike, hidden_bias: bool = True) -> Iterator[NDArray[np.uint64]]:
    """Iterate over the strict dichotomies of points as bits, in blocks: :func:`dichotomies` for engines.

    Parameters and errors are those of :func:`dichotomies`; the order is the same.

    Yields
    ------
    numpy.ndarray
        ``(b, ceil(D / 64))`` words; bit ``j % 64`` of word ``j // 64`` tells whether point ``j`` is active. Bits beyond
        ``D`` are 0.

    Examples
    --------
    >>> sorted(int(word) for block in packed_dichotomies([[0], [1], [2]]) for word in block[:, 0])
    [0, 1, 3, 4, 6, 7]
    """
    from relucomb_solvers.dichotomies import packed_blocks

    return packed_blocks(_vectors(X, hidden_bias))


def _unpacked(vectors: Sequence[Sequence[int]]) -> Iterator[NDArray[np.bool_]]:
    from relucomb_solvers.dichotomies import packed_blocks, unpack

    for block in packed_blocks(vectors):
        yield from unpack(block, len(vectors))


def _vectors(X: ArrayLike, hidden_bias: bool) -> list[list[int]]:
    """Return integer vectors with the dichotomies of the ``x̃_j``: rows scaled by positive numbers, columns by any."""
    if not isinstance(hidden_bias, (bool, np.bool_)):
        raise TypeError(f"hidden_bias must be True or False; got {hidden_bias!r}")
    entries = as_entries(X, "X")
    if entries.ndim == 2 and entries.size == 0:
        raise ValueError(f"X must have at least one row and one column; got shape {entries.shape}")
    if entries.dtype.kind == "f" and entries.itemsize <= 8:
        columns = [_float_column(column) for column in as_floats(entries, "X", ndim=2).T]
        bias = [1] * len(entries)
    else:
        columns, bias = _rational_columns(as_fractions(entries, "X", ndim=2))
    return [list(row) for row in zip(*columns, *([bias] if hidden_bias else []), strict=True)]


def _float_column(column: NDArray[np.float64]) -> list[int]:
    """Multiply floats by a power of two that makes all of them integers."""
    mantissas, exponents = np.frexp(column)
    integers = np.ldexp(mantissas, 53).astype(np.int64)
    least = int(exponents[integers != 0].min(initial=0))
    shifts = np.where(integers != 0, exponents - least, 0)
    return [integer << shift for integer, shift in zip(integers.tolist(), shifts.tolist(), strict=True)]


def _rational_columns(fractions: NDArray[np.object_]) -> tuple[list[list[int]], list[int]]:
    """Clear denominators by columns or by rows, whichever makes smaller integers; return columns and that of ones."""
    by_column = [math.lcm(*(entry.denominator for entry in column)) for column in fractions.T]
    by_row = [math.lcm(*(entry.denominator for entry in row)) for row in fractions]
    if max(by_column).bit_length() <= max(by_row).bit_length() + 64:
        return [_cleared(column, by_column[q]) for q, column in enumerate(fractions.T)], [1] * len(fractions)
    cleared = [_cleared(row, scale) for row, scale in zip(fractions, by_row, strict=True)]
    return [list(column) for column in zip(*cleared, strict=True)], by_row


def _cleared(entries: Any, scale: int) -> list[int]:
    return [entry.numerator * (scale // entry.denominator) for entry in entries]
