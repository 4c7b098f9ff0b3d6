"""The convex programme of Algorithm 1: one activation pattern and one sign for every hidden unit.

With patterns ``h_i`` and signs ``s_i`` fixed, the outputs ``p_j = sum_i s_i h_ij v_i . x~_j (+ c)`` are linear in the
weights, and eq. (2.5) of the source asks ``(2 h_ij - 1) v_i . x~_j >= 0``. The corrected objective is
``(1/D) sum_j loss(p_j, y_j)``: the loss acts on the sum of the units, and a point that no unit sees costs
``loss(c, y_j)``. The printed objective, ``(1/D) sum_j sum_{i: h_ij = 1} loss(s_i v_i . x~_j, y_j)``, is kept for
comparison.

A solver's word is not trusted: its dual solution is repaired and evaluated in :mod:`relucomb.dual_bounds`.
"""

from __future__ import annotations

import importlib
import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.dual_bounds import dual_bound
from relucomb.losses import LOSSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from relucomb.losses import Loss

ACCURACY = 1e-10
"""What the solver is asked for (absolute and relative gap, feasibility); its answers are checked, not believed."""

RIDGES = (0.0, 1e-9, 1e-7)
"""Optimal weights are often unbounded, which interior-point solvers bear badly: a programme whose optimum is not proven
to ``PROVEN`` is solved again with this multiple of the squared weights added. The bound is one without it."""

PROVEN = 1e-10
"""Relative gap between a programme's value and its bound that needs no second attempt."""

TRUST = 1e-5
"""What is taken off a solver's value, relative to 1 + |value|, where no dual bound exists (users' losses)."""

RADIUS = 1e3
"""The dual repair leaves rounding errors; they are charged for weights up to this many times those found."""

REPAIRS = 3
CUTOFF = 1e-13
"""Rounds of the dual repair, and the relative size below which it leaves a direction alone."""

NEARS = (1e-6, 1e-4)
"""A constraint, kink or dual bound this close to being met, relative to the largest entry, is tried as met. Where
strict complementarity fails, an interior-point solution is accurate to the square root of its tolerance only."""


@dataclass(frozen=True, eq=False)
class ProgramSolution:
    """What one programme gave.

    Attributes
    ----------
    candidates
        Weights ``(w, r)`` and output bias in the coordinates of the programme: the solver's, then polished ones.
    bound
        Proven lower bound on the programme's optimum (mean loss), ``-inf`` if the solver gave nothing.
    value
        The optimum as the solver reports it; ``nan`` if it gave nothing.
    """

    candidates: list[tuple[NDArray[np.float64], float]]
    bound: float
    value: float


class PatternProgram:
    """The programmes of one data set, width and loss: built once, solved for many patterns and signs.

    Parameters
    ----------
    points
        Array ``(D, r)``, the points ``x~`` in coordinates of the caller's choice (orthonormal columns are best).
    y
        Labels ``(D,)``.
    width
        Number of hidden units.
    loss
        The loss.
    output_bias
        Whether a free constant ``c`` is added to the output.
    published
        Minimise the objective as printed in the source instead (no bound is proven then).
    solver
        Name of an installed cvxpy solver.

    Raises
    ------
    ValueError
        The loss is not convex, or the solver is not installed.
    """

    def __init__(
        self,
        points: NDArray[np.float64],
        y: NDArray[np.float64],
        width: int,
        loss: Loss,
        *,
        output_bias: bool = False,
        published: bool = False,
        solver: str = "CLARABEL",
    ) -> None:
        cvxpy = _cvxpy()
        if solver not in cvxpy.installed_solvers():
            raise ValueError(f"solver must be one of {', '.join(cvxpy.installed_solvers())}; got {solver!r}")
        self.points, self.y, self.loss = points, y, loss
        self.output_bias, self.published, self.solver = output_bias, published, solver
        count, rank = points.shape
        self._weights = [cvxpy.Variable(rank) for _ in range(width)]
        self._constant: Any = cvxpy.Variable() if output_bias else 0.0
        self._gates = [cvxpy.Parameter(count) for _ in range(width)]  # s_i h_i
        self._seen = [cvxpy.Parameter(count, nonneg=True) for _ in range(width)]  # h_i
        # a point with x~ = 0 bounds nothing, and a constraint 0 >= 0 has no interior for the solver to walk in
        self._bounding = np.flatnonzero(points.any(axis=1))
        self._sides = [cvxpy.Parameter(len(self._bounding)) for _ in range(width)] if len(self._bounding) else []
        lines = [points @ weights for weights in self._weights]
        self._cones = [
            cvxpy.multiply(side, points[self._bounding] @ weights) >= 0
            for side, weights in zip(self._sides, self._weights, strict=False)
        ]
        gated = [cvxpy.multiply(gate, line) for gate, line in zip(self._gates, lines, strict=True)]
        # the loss sees a plain variable, so that a user's loss may use it in any convex way
        if published:
            outputs = [cvxpy.Variable(count) for _ in range(width)]
            links = [output == own for output, own in zip(outputs, gated, strict=True)]
            total = sum(
                cvxpy.sum(cvxpy.multiply(seen, loss.expression(output, y, per_point=True)))
                for seen, output in zip(self._seen, outputs, strict=True)
            )
        else:
            output = cvxpy.Variable(count)
            links = [output == sum(gated) + self._constant]
            total = loss.expression(output, y)
        self._link = links[0]
        self._total, self._ridge = total / count, cvxpy.Parameter(nonneg=True)
        penalty = self._ridge * sum(cvxpy.sum_squares(weights) for weights in self._weights)
        self._problem = cvxpy.Problem(cvxpy.Minimize(self._total + penalty), [*links, *self._cones])

    def solve(self, patterns: NDArray[np.bool_], signs: NDArray[np.int_], *, polish_below: float) -> ProgramSolution:
        """Solve the programme of ``patterns`` ``(w, D)`` and ``signs`` ``(w,)``.

        Parameters
        ----------
        patterns, signs
            Which points each unit sees, and the signs of its output weight, -1 or 1.
        polish_below
            Polished candidates are added if the optimum seems to lie below this value.

        Raises
        ------
        ValueError
            The loss is unbounded below.
        """
        for i, (pattern, sign) in enumerate(zip(patterns, signs, strict=True)):
            self._gates[i].value = sign * pattern.astype(np.float64)
            self._seen[i].value = pattern.astype(np.float64)
        for side, pattern in zip(self._sides, patterns, strict=False):
            side.value = 2.0 * pattern[self._bounding] - 1.0
        candidates: list[tuple[NDArray[np.float64], float]] = []
        bound, value = -math.inf, math.nan
        for ridge in RIDGES:
            if not self._run(ridge):
                continue
            weights = np.array([variable.value for variable in self._weights])
            constant = float(self._constant.value) if self.output_bias else 0.0
            found = float(self._total.value)
            value = found if math.isnan(value) else min(value, found)
            candidates.append((weights, constant))
            if self.published:
                break
            target, outputs = found, None
            if found < polish_below:
                polished = [c for near in NEARS for c in self._polish(patterns, signs, weights, constant, near)]
                candidates += polished
                everyones = [self._outputs(patterns, signs, *candidate) for candidate in polished]
                outputs = min(everyones, key=lambda values: self.loss.mean(values, self.y))
                # the solver's own value may lie below the optimum, as its point is not quite feasible
                target = max(found, self.loss.mean(outputs, self.y))
            bound = max(bound, self._bound(patterns, signs, found, weights, outputs))
            if bound >= min(polish_below, target - PROVEN * (1.0 + abs(target))):
                break
            if self.loss.dual is None and bound > -math.inf:
                break  # a second solve would prove no more
        return ProgramSolution(candidates, bound, value)

    def _run(self, ridge: float) -> bool:
        """Run the solver; tell whether it gave a point."""
        self._ridge.value = ridge
        tight = {"tol_gap_abs": ACCURACY, "tol_gap_rel": ACCURACY, "tol_feas": ACCURACY}
        options = tight if self.solver == "CLARABEL" else {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "may be inaccurate": the bound is checked here
            try:
                self._problem.solve(solver=self.solver, warm_start=ridge == 0.0, **options)
            except _cvxpy().error.SolverError:
                return False
        status = self._problem.status
        if status.startswith("unbounded") and self.loss.dual is None:
            raise ValueError(f"loss {self.loss.name!r} is unbounded below on these data; no network is optimal")
        return bool(status.startswith("optimal") and np.isfinite(self._problem.value))

    def _bound(
        self,
        patterns: NDArray[np.bool_],
        signs: NDArray[np.int_],
        value: float,
        weights: NDArray[np.float64],
        outputs: NDArray[np.float64] | None,
    ) -> float:
        """Bound the programme's optimum from below."""
        duals = [self._link.dual_value, *(cone.dual_value for cone in self._cones)]
        if self.loss.dual is None or any(dual is None for dual in duals):
            trusted = bool(self._problem.status == "optimal" and self._ridge.value == 0.0)
            return value - TRUST * (1.0 + abs(value)) if trusted else -math.inf
        prices = np.zeros(patterns.shape)
        for row, dual in zip(prices, duals[1:], strict=False):
            row[self._bounding] = len(self.y) * dual
        return dual_bound(
            self.points,
            self.y,
            self.loss,
            patterns,
            signs,
            slopes=-len(self.y) * self._link.dual_value,
            prices=prices,
            reach=RADIUS * (1.0 + float(np.abs(weights).sum())),
            output_bias=self.output_bias,
            nears=NEARS[:1] if outputs is None else NEARS,
            outputs=outputs,
        )

    def _polish(
        self,
        patterns: NDArray[np.bool_],
        signs: NDArray[np.int_],
        weights: NDArray[np.float64],
        constant: float,
        near: float,
    ) -> list[tuple[NDArray[np.float64], float]]:
        """Improve an interior-point solution: put it on its face, and solve the rest of the problem there.

        On the face of the constraints that are met, the squared loss is an ordinary least-squares fit, and the absolute
        and hinge losses have their optimum where the predictions that seem to be at the kink (``f = y``) are there.
        Both are the smallest correction of what the solver found, so it stays in its cell.
        """
        bases, snapped = [], np.zeros_like(weights)
        for i, row in enumerate(weights):
            lines = self.points @ row
            met = np.abs(lines) <= near * np.abs(lines).max(initial=0.0)
            bases.append(_null_space(self.points[met]))
            snapped[i] = bases[i] @ (bases[i].T @ row)
        found = [(snapped, constant)]
        residual = self.y - self._outputs(patterns, signs, snapped, constant)
        if self.loss is LOSSES["squared"]:
            fitted = np.ones(len(self.y), dtype=bool)
        elif self.loss in (LOSSES["absolute"], LOSSES["hinge"]):
            fitted = np.abs(residual) <= near * max(1.0, float(np.abs(self.y).max()))
        else:
            return found
        columns = [
            sign * pattern[:, None] * (self.points @ basis)
            for pattern, sign, basis in zip(patterns, signs, bases, strict=True)
        ]
        table = np.hstack([*columns, np.full((len(self.y), int(self.output_bias)), 1.0)])[fitted]
        change = np.linalg.lstsq(table, residual[fitted], rcond=1e-12)[0]
        position, corrected = 0, snapped.copy()
        for i, basis in enumerate(bases):
            corrected[i] += basis @ change[position : position + basis.shape[1]]
            position += basis.shape[1]
        found.append((corrected, constant + (float(change[-1]) if self.output_bias else 0.0)))
        return found

    def _outputs(
        self, patterns: NDArray[np.bool_], signs: NDArray[np.int_], weights: NDArray[np.float64], constant: float
    ) -> NDArray[np.float64]:
        lines = patterns * (weights @ self.points.T)
        return np.asarray(signs @ lines + constant)


def free_infimum(loss: Loss, y: NDArray[np.float64]) -> float:
    """Bound the mean loss from below whatever the predictions are; ``-inf`` if that is impossible."""
    if loss.dual is not None or loss.infimum > -math.inf:
        return loss.infimum
    cvxpy = _cvxpy()
    problem = cvxpy.Problem(cvxpy.Minimize(loss.expression(cvxpy.Variable(len(y)), y) / len(y)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            problem.solve(solver="CLARABEL")
        except cvxpy.error.SolverError:
            return -math.inf
    if problem.status != "optimal":
        return -math.inf
    value = float(problem.value)
    return value - TRUST * (1 + abs(value))


def _null_space(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an orthonormal basis, as columns, of the vectors orthogonal to ``rows``."""
    _, values, right = np.linalg.svd(rows, full_matrices=True)
    rank = int((values > 1e-9 * values.max(initial=0.0)).sum())
    return np.asarray(right[rank:].T)


def _cvxpy() -> Any:
    return importlib.import_module("cvxpy")
