"""Upper bounds from orders: rows with few sign changes are the signs of polynomials of low degree.

If the columns can be negated and put in an order in which no row changes its sign more than ``k`` times, polynomials of
degree at most ``k`` at the points 0, 1, 2, ... of a line have these signs, so the sign-rank is at most ``k + 1``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from relucomb.sign_rank.factorisation import Factorisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


def by_order(A: NDArray[np.int8], stop: Callable[[], bool] = lambda: False) -> Factorisation:
    """Look for an order of the columns with few sign changes, and return its polynomials.

    The order is the best of a local search, not of all orders: columns are inserted, or their negatives, where they do
    least harm, and moved as long as that helps.

    Examples
    --------
    >>> A = np.array([[1, -1, 1, -1, 1], [1, 1, -1, 1, 1], [-1, -1, -1, 1, -1]], dtype=np.int8)
    >>> found = by_order(A)
    >>> found.rank, found.holds(A)
    (2, True)
    """
    n = A.shape[1]
    placed: list[tuple[int, int]] = []
    for j in range(n):
        placed = _inserted(A, placed, j)
    improved = True
    while improved and not stop():
        improved = False
        for j in range(n):
            before = _cost(A, placed)
            moved = _inserted(A, [place for place in placed if place[0] != j], j)
            if _cost(A, moved) < before:
                placed, improved = moved, True
    return polynomials(A, placed)


def polynomials(A: NDArray[np.int8], placed: list[tuple[int, int]]) -> Factorisation:
    """Return the polynomials, in integers, for columns in a given order with given signs.

    Examples
    --------
    >>> A = np.array([[1, -1, 1], [1, 1, -1]], dtype=np.int8)
    >>> polynomials(A, [(0, 1), (1, 1), (2, 1)]).left
    array([[-1, 0, 1],
           [1, -1, 0]], dtype=object)
    """
    m, n = A.shape
    order = np.array([j for j, _ in placed])
    turns = np.array([turn for _, turn in placed], dtype=np.int8)
    points = [2 * position - (n - 1) for position in range(n)]
    ordered = A[:, order] * turns
    rows: list[list[int]] = []
    for row in ordered.tolist():
        coefficients = [row[0]]
        for position in range(n - 1):
            if row[position] != row[position + 1]:
                root = points[position] + 1
                coefficients = _times_root_minus_point(coefficients, root)
        rows.append(coefficients)
    rank = max(map(len, rows))
    left = np.array([row + [0] * (rank - len(row)) for row in rows], dtype=object).reshape(m, rank)
    right = np.empty((n, rank), dtype=object)
    for j, turn, point in zip(order, turns.tolist(), points, strict=True):
        right[j] = [turn * point**exponent for exponent in range(rank)]
    return Factorisation(left, right, "polynomials along an order of the columns")


def _times_root_minus_point(coefficients: list[int], root: int) -> list[int]:
    """Multiply a polynomial in ``t`` by ``root - t``, which is positive before the root."""
    return [root * low - high for low, high in zip([*coefficients, 0], [0, *coefficients], strict=True)]


def _inserted(A: NDArray[np.int8], placed: list[tuple[int, int]], j: int) -> list[tuple[int, int]]:
    """Insert column ``j`` or its negative where the largest number of changes, then their sum, grows least."""
    if not placed:
        return [(j, 1)]
    ordered = A[:, [k for k, _ in placed]] * np.array([turn for _, turn in placed], dtype=np.int8)
    steps = ordered[:, :-1] != ordered[:, 1:]
    total = steps.sum(axis=1)
    options: list[tuple[int, int, int]] = []
    for turn in (1, -1):
        differs = ordered != A[:, j : j + 1] * turn
        inner = differs[:, :-1].astype(np.int64) + differs[:, 1:] - steps
        added = np.concatenate([differs[:, :1], inner, differs[:, -1:]], axis=1)
        changes = total[:, None] + added
        costs = changes.max(axis=0) * (changes.sum() + 1) + changes.sum(axis=0)
        position = int(costs.argmin())
        options.append((int(costs[position]), position, turn))
    _, position, turn = min(options, key=lambda option: option[0])
    return [*placed[:position], (j, turn), *placed[position:]]


def _cost(A: NDArray[np.int8], placed: list[tuple[int, int]]) -> tuple[int, int]:
    ordered = A[:, [k for k, _ in placed]] * np.array([turn for _, turn in placed], dtype=np.int8)
    changes = (ordered[:, :-1] != ordered[:, 1:]).sum(axis=1)
    return int(changes.max()), int(changes.sum())
