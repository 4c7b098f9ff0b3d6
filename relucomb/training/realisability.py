"""Whether labels are those of a single ReLU gate, which Algorithms 2 and 3 take for granted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relucomb.training.hypotheses import Hypothesis

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROUNDING = 1e-9
"""Residuals below this share of the largest label count as rounding of the labels."""


@dataclass(frozen=True, slots=True)
class Realisation:
    """The gate ``max(0, w·x)`` that comes nearest to the labels.

    Attributes
    ----------
    w
        Its weights; ``None`` if a label is negative, which no gate makes.
    residual
        The largest difference between a label and the gate's output.
    row
        Where that is.
    unique
        Whether the points with positive labels determine ``w``.
    realised
        Whether the residual is no more than rounding.
    """

    w: Floats | None
    residual: float
    row: int
    unique: bool
    realised: bool

    def hypothesis(self) -> Hypothesis:
        """Return the condition that the labels are realised, and by how much it fails."""
        statement = "y_i = max(0, w*·x_i) for some w*"
        if self.realised:
            return Hypothesis(statement, True, self.residual, 0.0)
        if self.w is None:
            return Hypothesis(statement, False, self.residual, 0.0, f"the label of point {self.row} is negative")
        return Hypothesis(statement, False, self.residual, 0.0, f"any gate is that far off, near point {self.row}")


def realise(points: Floats, labels: Floats) -> Realisation:
    """Find the gate that makes the labels, or the one with the least largest residual.

    Parameters
    ----------
    points, labels
        Arrays ``(S, n)`` and ``(S,)``.

    Notes
    -----
    Where labels are positive the gate is linear, so that least squares on those points find ``w*`` if they span the
    space. Otherwise linear programmes decide: ``|max(0, w·x_i) − y_i| ≤ t`` is ``w·x_i ≤ y_i + t`` and, where
    ``y_i > t`` only, ``w·x_i ≥ y_i − t``. The least ``t`` lies between two labels, which bisection finds.

    Examples
    --------
    >>> found = realise(np.array([[1.0], [2.0], [-1.0]]), np.array([3.0, 6.0, 0.0]))
    >>> found.w, found.realised
    (array([3.]), True)
    >>> realise(np.array([[1.0], [2.0]]), np.array([1.0, 3.0])).residual
    0.333333...
    """
    size = max(float(np.abs(labels).max()), 1e-300)
    if (labels < 0).any():
        row = int(labels.argmin())
        return Realisation(None, float(-labels[row]), row, False, False)
    positive = labels > 0
    solution, _, rank, _ = np.linalg.lstsq(points[positive], labels[positive], rcond=None)
    w = np.asarray(solution, dtype=np.float64)
    unique = int(rank) == points.shape[1]
    residuals = np.abs(np.maximum(points @ w, 0.0) - labels)
    if residuals.max() <= ROUNDING * size:
        return Realisation(w, float(residuals.max()), int(residuals.argmax()), unique, True)
    # the programme drops small coefficients, so that the unit must not matter
    unit = max(float(np.abs(points).max()), 1e-300)
    w = _least_largest_residual(points / unit, labels / size) * (size / unit)
    residuals = np.abs(np.maximum(points @ w, 0.0) - labels)
    worst = int(residuals.argmax())
    return Realisation(w, float(residuals[worst]), worst, unique, bool(residuals[worst] <= ROUNDING * size))


def _least_largest_residual(points: Floats, labels: Floats) -> Floats:
    levels = np.unique(np.append(labels, 0.0))
    low, high = 0, len(levels) - 1  # the last level leaves no lower constraint, and is always right
    w, residual = _programme(points, labels, float(levels[0]))
    if high == 0 or residual < levels[1]:
        return w
    while low < high:
        middle = (low + high) // 2
        w, residual = _programme(points, labels, float(levels[middle]))
        if middle < len(levels) - 1 and residual >= levels[middle + 1]:
            low = middle + 1
        else:
            high = middle
    return _programme(points, labels, float(levels[low]))[0]


def _programme(points: Floats, labels: Floats, level: float) -> tuple[Floats, float]:
    """Minimise the residual ``t``, where labels up to the level bound the output from above only."""
    from scipy.optimize import linprog

    n = points.shape[1]
    positive = labels > level
    rows = np.vstack([points, -points[positive]])
    right = np.concatenate([labels, -labels[positive]])
    constraints = np.column_stack([rows, -np.ones(len(rows))])
    cost = np.zeros(n + 1)
    cost[n] = 1.0
    bounds = [(None, None)] * n + [(0, None)]
    solved = linprog(cost, A_ub=constraints, b_ub=right, bounds=bounds, method="highs")
    # without an answer (numbers of very different size), the least squares of all labels are near enough
    found = solved.x[:n] if solved.x is not None else np.linalg.lstsq(points, labels, rcond=None)[0]
    return np.asarray(found, dtype=np.float64), float(solved.x[n]) if solved.x is not None else 0.0
