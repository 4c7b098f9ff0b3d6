"""Rational weights of a ReLU layer with given activation patterns that interpolate exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from flint import fmpq, fmpq_mat

from relucomb_solvers.starting_cells import fraction, rational_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DENOMINATORS = [*range(1, 17), *(2**k for k in range(5, 41, 3))]
_SLACK = 1e-7


def fit_exactly(
    X: NDArray[np.object_], y: NDArray[np.object_], active: NDArray[np.bool_], signs: NDArray[np.int64]
) -> tuple[NDArray[np.object_], Fraction] | None:
    """Find units with the given patterns whose signed sum plus a constant takes given values.

    Parameters
    ----------
    X, y
        ``(D, n)`` points and ``(D,)`` values, fractions.
    active
        ``(w, D)``: where each unit may be positive; elsewhere it must be 0.
    signs
        ``(w,)``: the output weights, +1 or −1.

    Returns
    -------
    tuple or None
        ``(w, n + 1)`` weights with the bias last, and the constant: ``y = constant + Σ signs max(0, weights·(x, 1))``
        at every point, exactly. None if none was found.

    Examples
    --------
    >>> F = np.vectorize(Fraction, otypes=[object])
    >>> active = np.array([[False, False, True]])
    >>> weights, constant = fit_exactly(F([[0], [1], [2]]), F([1, 1, 4]), active, np.array([1]))
    >>> [weights[0] @ np.array(x, dtype=object) for x in ([1, 1], [2, 1])][1], constant
    (Fraction(3, 1), Fraction(1, 1))
    """
    equations, values, inequalities = _system(X, y, active, signs)
    width = active.shape[0]
    while True:
        solved = _solve(equations, values)
        if solved is None:
            return None
        base, kernel = solved
        slack, tight = _deepest(base, kernel, inequalities)
        if slack is not None:
            found = _rounded(base, kernel, inequalities, slack)
            if found is not None:
                return found[:-1].reshape(width, -1), found[-1]
        if not tight:
            return None
        # what cannot be strict is an equation
        equations = np.vstack([equations, inequalities[tight]])
        values = np.concatenate([values, np.full(len(tight), Fraction(0), dtype=object)])
        inequalities = np.delete(inequalities, tight, axis=0)


def _system(
    X: NDArray[np.object_], y: NDArray[np.object_], active: NDArray[np.bool_], signs: NDArray[np.int64]
) -> tuple[NDArray[np.object_], NDArray[np.object_], NDArray[np.object_]]:
    """Return equations ``E u = y`` and inequalities ``C u ≥ 0`` in all weights and the constant."""
    count, width = len(X), len(active)
    points = np.column_stack([X, np.full(count, Fraction(1), dtype=object)])
    size = points.shape[1]
    equations = np.full((count, width * size + 1), Fraction(0), dtype=object)
    inequalities = np.full((count * width, width * size + 1), Fraction(0), dtype=object)
    equations[:, -1] = Fraction(1)
    for i in range(width):
        columns = slice(i * size, (i + 1) * size)
        for j in range(count):
            if active[i, j]:
                equations[j, columns] = points[j] * int(signs[i])
            inequalities[i * count + j, columns] = points[j] if active[i, j] else -points[j]
    return equations, np.asarray(y), inequalities


def _solve(
    equations: NDArray[np.object_], values: NDArray[np.object_]
) -> tuple[NDArray[np.object_], NDArray[np.object_]] | None:
    """Return one solution and a basis of the kernel, as rows; None if there is none."""
    unknowns = equations.shape[1]
    echelon, rank = rational_matrix(np.column_stack([equations, values])).rref()
    pivots = [next(c for c in range(unknowns + 1) if echelon[r, c] != 0) for r in range(rank)]
    if unknowns in pivots:
        return None
    base = np.full(unknowns, Fraction(0), dtype=object)
    for r, pivot in enumerate(pivots):
        base[pivot] = fraction(echelon[r, unknowns])
    free = sorted(set(range(unknowns)) - set(pivots))
    kernel = np.full((len(free), unknowns), Fraction(0), dtype=object)
    for k, c in enumerate(free):
        kernel[k, c] = Fraction(1)
        for r, pivot in enumerate(pivots):
            kernel[k, pivot] = fraction(-echelon[r, c])
    return base, kernel


def _deepest(
    base: NDArray[np.object_], kernel: NDArray[np.object_], inequalities: NDArray[np.object_]
) -> tuple[NDArray[np.float64] | None, list[int]]:
    """Return coordinates along the kernel that keep the inequalities as far from equality as can be.

    If they cannot all be strict, return those that a linear programme holds responsible.
    """
    from scipy.optimize import linprog  # takes half a second to import

    at_base = np.array([float(value) for value in inequalities @ base])
    moves = np.array([[float(value) for value in row] for row in inequalities @ kernel.T]).reshape(len(at_base), -1)
    size = moves.shape[1]
    solved = linprog(
        np.append(np.zeros(size), -1.0),
        A_ub=np.column_stack([-moves, np.ones(len(at_base))]),
        b_ub=at_base,
        bounds=[(None, None)] * size + [(None, 1.0)],
        method="highs",
    )
    if solved.status != 0 or solved.x is None:
        return None, []
    if solved.x[-1] > _SLACK:
        return np.asarray(solved.x[:-1]), []
    tight = np.flatnonzero(-np.asarray(solved.ineqlin.marginals) > _SLACK).tolist() if solved.x[-1] > -_SLACK else []
    return (np.asarray(solved.x[:-1]) if size == 0 else None), tight


def _rounded(
    base: NDArray[np.object_],
    kernel: NDArray[np.object_],
    inequalities: NDArray[np.object_],
    slack: NDArray[np.float64],
) -> NDArray[np.object_] | None:
    """Round coordinates to fractions, the simplest for which all inequalities hold exactly."""
    for denominator in _DENOMINATORS:
        steps = np.array([Fraction(round(entry * denominator), denominator) for entry in slack.tolist()], dtype=object)
        found = base + steps @ kernel if len(kernel) else base
        if _all_hold(inequalities, found):
            return np.asarray(found)
    return None


def _all_hold(inequalities: NDArray[np.object_], found: NDArray[np.object_]) -> bool:
    """Check ``C u ≥ 0`` in rationals."""
    if len(inequalities) == 0:
        return True
    column = fmpq_mat(len(found), 1, [fmpq(entry.numerator, entry.denominator) for entry in found.tolist()])
    product = rational_matrix(inequalities) * column
    return all(entry >= 0 for entry in product.entries())
