"""Mid-speed references in floating point: D up to about 9, width up to 3, for hundreds of cross checks.

Nothing here imports relucomb. The mathematics is that of `naive.py`: cells, rays and outputs are computed exactly, the
convex programmes in floats, each with a subgradient that proves its value; one proof may settle many programmes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from naive import bias_generators, point_loss, primitive, project_exactly, rational, rationals, signed_units
from scipy.optimize import Bounds, linprog, minimize, nnls

SLACK = 1e-10  # how far a unit vector g may lean to the wrong side of a unit generator b, and still count as g . b >= 0

Solver = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]


def _nnls(generators: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Fit by least squares over the cone of the rows: the value and the gradient that proves it."""
    if not len(generators):  # scipy's nnls corrupts memory on a matrix without columns
        return float(y @ y), -2 * y
    try:
        multipliers = nnls(generators.T, y)[0]
        residual = y - multipliers @ generators
        scale = max(1e-300, float(np.linalg.norm(residual)))
        proven = scale <= 1e-13 * float(np.linalg.norm(y)) or (
            float((generators @ residual).max(initial=0.0)) <= 0.1 * SLACK * scale
            and abs(float(multipliers @ generators @ residual)) <= SLACK * scale * float(np.linalg.norm(y))
        )
    except RuntimeError:
        proven = False
    if not proven:  # a failed fit is no bound: decide it in rational arithmetic
        exact = project_exactly([rationals(row) for row in generators], rationals(y))[1]
        residual = y - np.array([float(m) for m in exact]) @ generators
    return float(residual @ residual), -2 * residual


def _linprog(loss: str) -> Solver:
    """Make the fit by absolute or hinge loss over the cone of the rows: value and the subgradient that proves it."""

    def fit(generators: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
        size, points = generators.shape
        eye, own = np.eye(points), np.zeros((points, points))
        cost = np.concatenate([np.zeros(size), np.ones(points), np.full(points, float(loss == "absolute"))])
        factor = y if loss == "hinge" else np.ones(points)
        table = np.hstack([factor[:, None] * generators.T, eye, own - eye])
        answer: Any = linprog(cost, A_eq=table, b_eq=np.ones(points) if loss == "hinge" else y, method="highs-ds")
        if answer.status != 0:
            raise ArithmeticError(f"linprog failed: {answer.message}")
        slope = -factor * answer.eqlin.marginals
        scale = float(np.linalg.norm(slope))
        if float((generators @ slope).min(initial=0.0)) < -SLACK * scale:
            raise ArithmeticError("linprog's dual solution does not prove its value")
        return float(answer.fun), slope

    return fit


def _enumerate(
    X: Any, y: Any, width: int, hidden_bias: bool, output_bias: bool, loss: str, solver: Solver, share_proofs: bool
) -> float:
    """Find the least mean loss over all sets of ``width`` (pattern, sign) units."""
    labels = np.array([float(rational(value)) for value in y])
    negligible = 1e-15 * sum(float(point_loss(loss, 0.0, label)) for label in labels)
    constants = np.array([[float(c) for c in row] for row in bias_generators(len(labels), output_bias)])
    constants = constants.reshape(-1, len(labels)) / math.sqrt(len(labels))
    units = []
    for _, own in signed_units(X, hidden_bias):
        rows = np.array([[float(entry) for entry in primitive(out)] for _, out in own if any(out)])
        rows = rows.reshape(-1, len(labels))
        units.append(rows / np.linalg.norm(rows, axis=1, keepdims=True))
    chosen = min(width, len(units))
    flat = itertools.chain.from_iterable(itertools.combinations(range(len(units)), chosen))
    alive = np.fromiter(flat, dtype=np.int32, count=chosen * math.comb(len(units), chosen)).reshape(-1, chosen)
    alive = np.random.default_rng(0).permutation(alive)  # only the speed depends on the order
    best = math.inf
    while len(alive):
        value, slope = solver(np.concatenate([*(units[k] for k in alive[0]), constants]), labels)
        best = min(best, value)
        if best <= negligible:
            break  # no loss is below zero
        alive = alive[1:]
        if share_proofs:  # value >= best, and the slope proves that these others cost at least value as well
            allowed = -SLACK * float(np.linalg.norm(slope))
            proven = np.array([bool((unit @ slope >= allowed).all()) for unit in units])
            alive = alive[~proven[alive].all(axis=1)]
    return best / len(labels)


def enumerate_squared(
    X: Any, y: Any, width: int, hidden_bias: bool = True, output_bias: bool = False, share_proofs: bool = True
) -> float:
    """Find the least mean squared loss over all networks of the class, to about 1e-9 relative to ``mean(y**2)``.

    Cells, rays and outputs are exact (so structural zeros are zeros); one non-negative least-squares fit per set of
    signed units, each proven by its KKT conditions and repeated in rational arithmetic if they fail. Two units of one
    cell need no care: dependent generators do no harm. ``share_proofs=False`` solves every programme.
    """
    return _enumerate(X, y, width, hidden_bias, output_bias, "squared", _nnls, share_proofs)


def enumerate_linear(
    X: Any,
    y: Any,
    width: int,
    hidden_bias: bool = True,
    output_bias: bool = False,
    loss: str = "absolute",
    share_proofs: bool = True,
) -> float:
    """Find the least mean absolute or hinge loss over all networks of the class, by HiGHS programmes."""
    return _enumerate(X, y, width, hidden_bias, output_bias, loss, _linprog(loss), share_proofs)


def enumerate_smooth(
    X: Any, y: Any, width: int, hidden_bias: bool = True, output_bias: bool = False, loss: str = "huber"
) -> float:
    """Find the least mean huber or logistic loss, to about 1e-6, by a quasi-Newton fit per set of units."""
    labels = np.array([float(rational(value)) for value in y])

    def objective(multipliers: np.ndarray, generators: np.ndarray) -> tuple[float, np.ndarray]:
        outputs = multipliers @ generators
        if loss == "huber":
            t = outputs - labels
            value, slope = np.where(np.abs(t) <= 1, t * t, 2 * np.abs(t) - 1).sum(), 2 * np.clip(t, -1, 1)
        else:
            value = np.logaddexp(0, -labels * outputs).sum()
            slope = -labels * np.exp(-np.logaddexp(0, labels * outputs))
        return float(value), generators @ slope

    def fit(generators: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
        start = np.full(len(generators), 1e-2)
        if not len(generators):
            return objective(start, generators)[0], np.zeros(len(y))
        options = {"maxiter": 5000, "maxfun": 20000, "ftol": 1e-15, "gtol": 1e-10}
        bounds = Bounds(0.0, math.inf)
        answer = cast("Any", minimize)(
            lambda m: objective(m, generators), start, method="L-BFGS-B", jac=True, bounds=bounds, options=options
        )
        return float(answer.fun), np.zeros(len(y))

    return _enumerate(X, y, width, hidden_bias, output_bias, loss, fit, share_proofs=False)
