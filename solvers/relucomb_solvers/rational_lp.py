"""Homogeneous systems of strict inequalities, decided with a certificate either way.

Gordan's theorem: for an integer matrix ``A`` either some ``w`` has ``A w > 0`` in every row, or some ``λ ≥ 0`` other
than 0 has ``λᵀ A = 0``; never both. A float linear programme proposes one of the two; it is rounded and checked in
integers. What it proposes wrongly, or too closely for rounding, is decided by the simplex method in rationals.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import fmpz_mat
from scipy.optimize import linprog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SMALL_SCALES = [*range(1, 65), *(2**k for k in range(7, 61))]


@dataclass(frozen=True, slots=True)
class Certificate:
    """Why a system ``A w > 0`` has a solution, or why it has none.

    Attributes
    ----------
    solution
        Integers ``w`` with ``A w > 0``, or None.
    combination
        Positive integers by row, with ``Σ λ_i A_i = 0``, or None.
    """

    solution: tuple[int, ...] | None
    combination: dict[int, int] | None

    def holds(self, rows: Sequence[Sequence[int]]) -> bool:
        """Check in integers; a certificate has exactly one of the two."""
        if (self.solution is None) == (self.combination is None):
            return False
        if self.solution is not None:
            solution = self.solution
            return all(sum(a * w for a, w in zip(row, solution, strict=True)) > 0 for row in rows)
        assert self.combination is not None
        if not self.combination or any(factor <= 0 for factor in self.combination.values()):
            return False
        columns = zip(*([factor * a for a in rows[i]] for i, factor in self.combination.items()), strict=True)
        return all(sum(column) == 0 for column in columns)


def decide(rows: Sequence[Sequence[int]]) -> Certificate:
    """Decide whether some ``w`` has a positive product with every row.

    Parameters
    ----------
    rows
        Integer vectors of one length, at least one.

    Returns
    -------
    Certificate
        Already checked.

    Examples
    --------
    >>> decide([(1, 0), (1, 1)]).solution
    (1, 1)
    >>> decide([(1, 0), (-2, 0)]).combination
    {0: 2, 1: 1}
    """
    for i, row in enumerate(rows):
        if not any(row):
            return Certificate(None, {i: 1})
    matrix = _in_floats(rows)
    proposal = linprog(
        np.append(np.zeros(matrix.shape[1]), -1.0),
        A_ub=np.column_stack([-matrix, np.ones(len(matrix))]),
        b_ub=np.zeros(len(matrix)),
        bounds=[(-1.0, 1.0)] * matrix.shape[1] + [(None, 1.0)],
        method="highs",
    )
    if proposal.status == 0 and proposal.x is not None:
        solution = _rounded_solution(rows, proposal.x[:-1]) if proposal.x[-1] > 0 else None
        if solution is not None:
            return Certificate(solution, None)
        weights = -np.asarray(proposal.ineqlin.marginals)
        combination = _combination_on(rows, np.flatnonzero(weights > 1e-9 * max(weights.max(initial=0.0), 1e-300)))
        if combination is not None:
            return Certificate(None, combination)
    return decide_by_simplex(rows)


def decide_by_simplex(rows: Sequence[Sequence[int]]) -> Certificate:
    """Decide the same by the simplex method in rationals, with Bland's rule; slow and always right.

    Phase one looks for ``λ ≥ 0`` with ``λᵀ A = 0``, ``Σ λ = 1``; if there is none, the dual values at the optimum are a
    solution of ``A w > 0``.

    Examples
    --------
    >>> decide_by_simplex([(1, 0), (1, 1)]).solution, decide_by_simplex([(1,), (-3,)]).combination
    ((2, -1), {0: 3, 1: 1})
    """
    count, size = len(rows), len(rows[0]) + 1
    # one equation per column and the normalisation; basis of artificial variables, numbered from ``count`` on
    table = [[Fraction(row[c]) for row in rows] for c in range(size - 1)] + [[Fraction(1)] * count]
    for c in range(size):
        table[c] += [Fraction(int(c == k)) for k in range(size)] + [Fraction(int(c == size - 1))]
    basis = list(range(count, count + size))
    cost = [-sum((line[k] for line in table), Fraction(0)) for k in range(count)] + [Fraction(0)] * size
    cost.append(-sum((line[-1] for line in table), Fraction(0)))
    while True:
        entering = next((k for k in range(count) if cost[k] < 0), None)
        if entering is None:
            break
        ratios = [(line[-1] / line[entering], basis[r], r) for r, line in enumerate(table) if line[entering] > 0]
        leaving = min(ratios)[2]
        _pivot(table, cost, leaving, entering)
        basis[leaving] = entering
    if cost[-1] == 0:
        found = {k: table[r][-1] for r, k in enumerate(basis) if k < count and table[r][-1] > 0}
        scale = math.lcm(*(value.denominator for value in found.values()))
        factors = {k: int(value * scale) for k, value in sorted(found.items())}
        content = math.gcd(*factors.values())
        return Certificate(None, {k: factor // content for k, factor in factors.items()})
    # reduced costs of the artificial variables are 1 minus the dual values; the dual of the normalisation is positive
    dual = [cost[count + c] - 1 for c in range(size - 1)]
    scale = math.lcm(*(value.denominator for value in dual))
    solution = [int(value * scale) for value in dual]
    content = math.gcd(*solution) or 1
    return Certificate(tuple(value // content for value in solution), None)


def _pivot(table: list[list[Fraction]], cost: list[Fraction], row: int, column: int) -> None:
    pivot = table[row][column]
    table[row] = [entry / pivot for entry in table[row]]
    for line in [*(line for r, line in enumerate(table) if r != row), cost]:
        factor = line[column]
        if factor:
            line[:] = [entry - factor * p for entry, p in zip(line, table[row], strict=True)]


def _in_floats(rows: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """Return the rows in floats, each brought to size 1, which changes no sign."""
    sizes = [max(map(abs, row)) for row in rows]
    return np.array([[float(Fraction(int(a), int(size))) for a in row] for row, size in zip(rows, sizes, strict=True)])


def _rounded_solution(rows: Sequence[Sequence[int]], guess: NDArray[np.float64]) -> tuple[int, ...] | None:
    """Return the integers with the least scale that round to a solution."""
    unit = guess / np.abs(guess).max()
    matrix: Any = np.array([list(row) for row in rows], dtype=object)
    if max(abs(int(a)) for row in rows for a in row) < 1 << 30:
        matrix = matrix.astype(np.int64)
    for scale in _SMALL_SCALES:
        rounded = np.rint(unit * scale)
        exact: Any = rounded.astype(np.int64)
        if matrix.dtype == object or scale * matrix.shape[1] >= 1 << 32:
            exact = np.array([int(entry) for entry in rounded], dtype=object)
            products = matrix.astype(object) @ exact
        else:
            products = matrix @ exact
        if (products > 0).all():
            return tuple(int(entry) for entry in exact)
    return None


def _combination_on(rows: Sequence[Sequence[int]], support: NDArray[np.int64]) -> dict[int, int] | None:
    """Return the positive combination of some rows that is zero, if it is unique there."""
    if len(support) == 0:
        return None
    chosen = fmpz_mat([[int(a) for a in rows[i]] for i in support.tolist()]).transpose()
    kernel, nullity = chosen.nullspace()
    if nullity != 1:
        return None
    factors = [int(kernel[i, 0]) for i in range(len(support))]
    content = math.gcd(*factors)
    factors = [factor // content for factor in factors]
    if factors[0] < 0:
        factors = [-factor for factor in factors]
    return dict(zip(support.tolist(), factors, strict=True)) if min(factors) > 0 else None
