"""Mixed-integer programmes for the same problem, given to SCIP (squared loss) and HiGHS (absolute and hinge loss).

For fixed output signs, with binaries z for "unit i is on at point j" and r for its value there,

    r ≥ u·x,  r ≥ 0,  r ≤ u·x + M (1 − z),  r ≤ M z,  |u| ≤ U,  M = U ‖(x, 1)‖₁,

one model per number of positive signs. The rivals get what helps them: patterns of mixed signs first (they hold the
good networks), the best loss so far as a cutoff, units of equal sign ordered, standardised data, the smallest valid M
for each point. They are proven for weights in the box only, and to their feasibility tolerance times M.
"""

from __future__ import annotations

import importlib.util
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BOX = 30.0
SOLVER = {"squared": "SCIP", "absolute": "HiGHS", "hinge": "HiGHS"}
_MODULE = {"SCIP": "pyscipopt", "HiGHS": "highspy"}
_NOTHING_LEFT = 0.05
"""Seconds below which no further model is started."""


@dataclass(frozen=True, slots=True)
class RivalResult:
    """Mean loss of the best network (``inf`` if none), what is proven within the box, time, and the largest weight.

    ``failure`` says how the process ended, if it did not end by itself.
    """

    solver: str
    loss: float
    bound: float
    seconds: float
    cpu: float
    largest: float
    failure: str = ""

    @property
    def gap(self) -> float:
        """Return (loss − bound) / loss."""
        if not np.isfinite(self.loss):
            return 1.0
        return max(0.0, self.loss - self.bound) / max(abs(self.loss), 1e-300)

    @property
    def proven(self) -> bool:
        """Say whether loss and bound agree to the solvers' own tolerance."""
        return self.gap <= 1e-5


def missing(loss: str) -> str | None:
    """Return the name of the module that the rival for this loss needs and that is not installed."""
    module = _MODULE[SOLVER[loss]]
    return None if importlib.util.find_spec(module) else module


def solve_by_rival(X: Floats, y: Floats, width: int, loss: str, cap: float) -> RivalResult:
    """Solve one model per sign pattern, ``cap`` seconds for all of them together."""
    start, start_cpu = time.perf_counter(), time.process_time()
    spread = X.std(axis=0)
    scale = 1.0 if loss == "hinge" else max(float(np.sqrt(np.mean(y * y))), 1e-300)
    points = np.hstack([(X - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0), np.ones((len(X), 1))])
    targets = y / scale
    solve = _squared_by_scip if loss == "squared" else _linear_by_highs
    best, bound, largest = np.inf, np.inf, 0.0
    for positive in sorted(range(width + 1), key=lambda p: abs(2 * p - width)):
        signs = np.where(np.arange(width) < positive, 1.0, -1.0)
        left = cap - (time.perf_counter() - start)
        if left < _NOTHING_LEFT:
            bound = min(bound, 0.0)
            break
        proven, units = solve(points, targets, signs, loss, best, left)
        bound = min(bound, proven)
        if units is not None:
            value = _total(np.maximum(points @ units.T, 0.0) @ signs, targets, loss)
            if value < best:
                best, largest = value, float(np.abs(units).max())
    unit = (scale**2 if loss == "squared" else scale) / len(y)
    return RivalResult(
        SOLVER[loss],
        best * unit,
        min(max(bound, 0.0), best) * unit,
        time.perf_counter() - start,
        time.process_time() - start_cpu,
        largest,
    )


def _total(outputs: Floats, targets: Floats, loss: str) -> float:
    if loss == "hinge":
        return float(np.maximum(0.0, 1.0 - targets * outputs).sum())
    errors = outputs - targets
    return float(np.abs(errors).sum() if loss == "absolute" else errors @ errors)


def _squared_by_scip(
    points: Floats, targets: Floats, signs: Floats, _loss: str, cutoff: float, limit: float
) -> tuple[float, Floats | None]:
    """Return what is proven of this pattern and the units found, if any is better than the cutoff."""
    import pyscipopt

    D, d = points.shape
    w = len(signs)
    model = pyscipopt.Model()
    model.hideOutput()
    model.setParam("limits/time", limit)
    if np.isfinite(cutoff):
        model.setObjlimit(cutoff)
    total = pyscipopt.quicksum
    u = [[model.addVar(lb=-BOX, ub=BOX) for _ in range(d)] for _ in range(w)]
    reach = BOX * np.abs(points).sum(axis=1)
    errors = []
    for j in range(D):
        outputs = []
        for i in range(w):
            raw = total(float(points[j, k]) * u[i][k] for k in range(d))
            on, value = model.addVar(vtype="B"), model.addVar(lb=0.0, ub=float(reach[j]))
            model.addCons(value >= raw)
            model.addCons(value <= raw + float(reach[j]) * (1 - on))
            model.addCons(value <= float(reach[j]) * on)
            outputs.append(float(signs[i]) * value)
        error = model.addVar(lb=None, ub=None)
        model.addCons(error == total(outputs) - float(targets[j]))
        errors.append(error)
    for i in range(w - 1):
        if signs[i] == signs[i + 1]:
            model.addCons(u[i][0] >= u[i + 1][0])
    objective = model.addVar(lb=0.0, ub=None)
    model.addCons(total(error * error for error in errors) <= objective)
    model.setObjective(objective, "minimize")
    model.optimize()
    bound = float(model.getDualbound())
    if model.getStatus() in ("infeasible", "inforunbd") or bound > 1e19:
        bound = cutoff  # nothing is better
    units = None
    if model.getNSols() > 0:
        solution = model.getBestSol()
        units = np.array([[model.getSolVal(solution, u[i][k]) for k in range(d)] for i in range(w)])
    model.freeProb()
    return bound, units


def _linear_by_highs(
    points: Floats, targets: Floats, signs: Floats, loss: str, cutoff: float, limit: float
) -> tuple[float, Floats | None]:
    """Return what is proven of this pattern and the units found, if any is better than the cutoff."""
    import highspy

    D, d = points.shape
    w = len(signs)
    first_value, first_on, first_error = w * d, w * d + w * D, w * d + 2 * w * D
    size = first_error + D
    lower, upper = np.zeros(size), np.full(size, np.inf)
    lower[:first_value], upper[:first_value] = -BOX, BOX
    reach = BOX * np.abs(points).sum(axis=1)
    upper[first_value:first_on] = np.tile(reach, w)
    upper[first_on:first_error] = 1.0
    rows: list[tuple[dict[int, float], float, float]] = []
    for i in range(w):
        for j in range(D):
            raw = {i * d + k: -float(points[j, k]) for k in range(d)}
            value, on, M = first_value + i * D + j, first_on + i * D + j, float(reach[j])
            rows += [
                ({**raw, value: 1.0}, 0.0, np.inf),
                ({**raw, value: 1.0, on: M}, -np.inf, M),
                ({value: 1.0, on: -M}, -np.inf, 0.0),
            ]
    for j in range(D):
        outputs = {first_value + i * D + j: float(signs[i]) for i in range(w)}
        t, error = float(targets[j]), first_error + j
        if loss == "hinge":
            rows.append(({error: 1.0, **{c: t * s for c, s in outputs.items()}}, 1.0, np.inf))
        else:
            rows.append(({error: 1.0, **{c: -s for c, s in outputs.items()}}, -t, np.inf))
            rows.append(({error: 1.0, **outputs}, t, np.inf))
    rows += [({i * d: 1.0, (i + 1) * d: -1.0}, 0.0, np.inf) for i in range(w - 1) if signs[i] == signs[i + 1]]
    if np.isfinite(cutoff):
        rows.append((dict.fromkeys(range(first_error, size), 1.0), -np.inf, cutoff))
    solver = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("time_limit", limit), ("mip_rel_gap", 1e-7)):
        solver.setOptionValue(name, value)
    solver.passModel(
        _highs_model(highspy, size, range(first_on, first_error), range(first_error, size), lower, upper, rows)
    )
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return cutoff, None
    information = solver.getInfo()
    units = None
    if information.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible):
        units = np.array(solver.getSolution().col_value[:first_value]).reshape(w, d)
    return float(information.mip_dual_bound), units


def _highs_model(
    highspy: Any,
    size: int,
    binaries: range,
    errors: range,
    lower: Floats,
    upper: Floats,
    rows: list[tuple[dict[int, float], float, float]],
) -> Any:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = size, len(rows)
    cost = np.zeros(size)
    cost[errors.start : errors.stop] = 1.0
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
    model.row_lower_ = np.array([low for _, low, _ in rows])
    model.row_upper_ = np.array([high for _, _, high in rows])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row) for row, _, _ in rows)])
    model.a_matrix_.index_ = np.array([column for row, _, _ in rows for column in row])
    model.a_matrix_.value_ = np.array([value for row, _, _ in rows for value in row.values()])
    kinds = [highspy.HighsVarType.kContinuous] * size
    for column in binaries:
        kinds[column] = highspy.HighsVarType.kInteger
    model.integrality_ = kinds
    return model
