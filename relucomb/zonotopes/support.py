"""On which side of each generator a direction lies, decided exactly, and exact values of the support function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.rationals import as_fractions, over_common_denominator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

_BLOCK = 1 << 18  # products at a time
_LONGEST = 1 << 62


def exact_products(
    directions: NDArray[np.object_], rows: Sequence[Sequence[int]], scales: Sequence[Fraction]
) -> tuple[NDArray[Any], list[int]]:
    """Return the products of directions with generators as integers over one denominator per direction.

    Parameters
    ----------
    directions
        ``(N, n)`` fractions.
    rows, scales
        The generators, as :func:`~relucomb.zonotopes.coordinates.integer_columns` writes them.

    Returns
    -------
    products
        ``(N, m)`` integers: 64 bits if they and the sums of their sizes surely fit, else Python integers.
    denominators
        ``N`` positive integers.

    Examples
    --------
    >>> from fractions import Fraction
    >>> exact_products(np.array([[Fraction(1, 2), Fraction(1, 3)]]), [[1, 2], [3, -1]], [Fraction(1), Fraction(1)])
    (array([[7, 7]]), [6])
    """
    scaled = directions * np.array(scales, dtype=object)
    numerators = np.empty(directions.shape, dtype=object)
    denominators = []
    for k, row in enumerate(scaled):
        numerators[k], denominator = over_common_denominator(row)
        denominators.append(denominator)
    largest = max((abs(entry) for entry in numerators.flat), default=0)
    total = sum(abs(entry) for row in rows for entry in row)
    if max(largest, 1) * max(total, 1) < _LONGEST:
        return numerators.astype(np.int64) @ np.array(rows, dtype=np.int64).T, denominators
    return numerators @ np.array(rows, dtype=object).T, denominators


def float_signs(
    directions: NDArray[np.float64],
    generators: NDArray[np.float64],
    rows: Sequence[Sequence[int]],
    scales: Sequence[Fraction],
) -> NDArray[np.int8]:
    """Return the exact signs of the products of float directions with float generators.

    Floats decide where a bound on their error says so, integers elsewhere.

    Parameters
    ----------
    directions
        ``(N, n)``.
    generators
        ``(m, n)``: what ``rows`` and ``scales`` are, rounded at most once.
    rows, scales
        The generators exactly, as :func:`~relucomb.zonotopes.coordinates.integer_columns` writes them.

    Returns
    -------
    numpy.ndarray
        ``(N, m)`` in {-1, 0, 1}.

    Examples
    --------
    In floats 0.1 + 0.2 - 0.3 is 2^-54, twice as much as exactly; and 1 - 1 is nothing.

    >>> B = np.array([[0.1, 0.2, 0.3], [1.0, 0.0, 1.0]])
    >>> from relucomb.zonotopes.coordinates import integer_columns
    >>> float_signs(np.array([[1.0, 1.0, -1.0]]), B, *integer_columns(B)).tolist()
    [[1, 0]]
    """
    n = directions.shape[1]
    sizes = np.abs(generators).T
    signs = np.empty((len(directions), len(generators)), dtype=np.int8)
    step = max(1, _BLOCK // len(generators))
    for first in range(0, len(directions), step):
        block = directions[first : first + step]
        with np.errstate(over="ignore", invalid="ignore"):
            products = block @ generators.T
            # rounding of generators, products and sums; then what vanishes below the smallest float
            error = (2 * n + 4) * 2.0**-53 * (np.abs(block) @ sizes)
            error += np.abs(block).sum(axis=1, keepdims=True) * 2.0**-1074 + n * 2.0**-1070
            decided = np.abs(products) > error  # never where either is nan
        signs[first : first + step] = np.where(products > 0, 1, -1)
        for k in np.flatnonzero(~decided.all(axis=1)).tolist():
            open_ones = np.flatnonzero(~decided[k])
            exact, _ = exact_products(as_fractions(block[k : k + 1]), [rows[i] for i in open_ones.tolist()], scales)
            signs[first + k, open_ones] = np.sign(exact[0]).astype(np.int8)
    return signs


def lexicographic_signs(rows: Sequence[Sequence[int]]) -> NDArray[np.int8]:
    """Return the sign of the first entry of each row that is not zero: its side of a direction close to the first axis.

    Examples
    --------
    >>> lexicographic_signs([[0, -2, 1], [3, 0, 0], [0, 0, 0]]).tolist()
    [-1, 1, 0]
    """
    first = [next((entry for entry in row if entry), 0) for row in rows]
    return np.array([(entry > 0) - (entry < 0) for entry in first], dtype=np.int8)
