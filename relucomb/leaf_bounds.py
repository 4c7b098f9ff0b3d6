"""Bounds for leaves of the cone search that its own kernel could not prove: one small programme each.

In a leaf that no data hyperplane cuts, the outputs are linear in the ray coordinates. For a piecewise-linear loss the
best dual bound is a linear programme, solved by HiGHS: maximise ``-ρ·y`` over the slopes ``ρ`` of the loss with
``c_k = Σ_j g_kj ρ_j >= 0`` for every ray. For the squared loss ``ρ`` is the residual of non-negative least squares,
solved by orthogonal factors: the kernel's normal equations fail where rays nearly coincide. The solvers are not
believed: their ``ρ`` is checked like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from relucomb_solvers.cone_search import Problem, Tolerances


class LeafProof(NamedTuple):
    """A proven lower bound on the loss in a leaf (0 if nothing was proven), and the network that the proof suggests."""

    bound: float
    vectors: NDArray[np.float64]  # (w, d)
    linear: NDArray[np.float64]  # (q,)


def leaf_bound(problem: Problem, cones: NDArray[np.float64], sign: int, tol: Tolerances) -> LeafProof:
    """Prove a lower bound on the loss in a leaf.

    Parameters
    ----------
    problem
        What is fitted.
    cones
        Array ``(w, d, d)``: the rays of every unit. If a data hyperplane cuts them, nothing is proven.
    sign
        Row of ``problem.signs``.
    tol
        As in the search.
    """
    values = np.einsum("iae,ej->iaj", cones, problem.points)
    settled = (values >= -tol.zero).all(axis=1) | (values <= tol.zero).all(axis=1)
    if not settled.all():
        return LeafProof(0.0, np.zeros((len(cones), cones.shape[2])), np.zeros(len(problem.columns)))
    outputs = problem.signs[sign][:, None, None] * np.where(values > tol.zero, values, 0.0)
    rays = outputs.reshape(-1, len(problem.targets))
    seen = np.abs(rays).max(axis=1) > 0
    bound, found, linear = (_squared if problem.squared else _piecewise_linear)(problem, rays[seen], tol)
    weights = np.zeros(len(seen))
    weights[seen] = found
    return LeafProof(bound, np.einsum("ia,iae->ie", weights.reshape(cones.shape[:2]), cones), linear)


def _squared(
    problem: Problem, rays: NDArray[np.float64], tol: Tolerances
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Return a bound, ray coordinates and free coefficients by non-negative least squares."""
    from scipy import optimize

    solve: Any = optimize.nnls

    size = np.linalg.norm(rays, axis=1)
    basis = np.linalg.qr(problem.columns.T)[0]  # free columns are projected out
    design = (rays / size[:, None]).T
    design = design - basis @ (basis.T @ design)
    target = problem.targets - basis @ (basis.T @ problem.targets)
    try:
        coordinates = solve(design, target)[0] if len(rays) else np.zeros(0)
    except RuntimeError:  # no convergence
        return 0.0, np.zeros(len(rays)), np.zeros(len(problem.columns))
    rho = design @ coordinates - target
    passive = design[:, coordinates > 0]
    for _ in range(2):  # put the equations right to the last digit
        if passive.shape[1]:
            rho = rho - passive @ np.linalg.lstsq(passive, rho, rcond=None)[0]
        rho = rho - basis @ (basis.T @ rho)
    weights = coordinates / size
    linear = np.linalg.lstsq(problem.columns.T, problem.targets - rays.T @ weights, rcond=None)[0]
    gain = -float(rho @ problem.targets)
    if gain <= 0 or not _feasible(problem, rho, rays, tol):
        return 0.0, weights, linear
    return 0.5 * gain * gain / float(rho @ rho), weights, linear


def _feasible(problem: Problem, rho: NDArray[np.float64], rays: NDArray[np.float64], tol: Tolerances) -> bool:
    """Check the conditions on multipliers, to the tolerance of the kernels."""
    norm = max(float(np.linalg.norm(rho)), 1e-300)
    along = rays @ rho / np.linalg.norm(rays, axis=1) / norm
    uneven = np.abs(problem.columns @ rho) / np.maximum(np.linalg.norm(problem.columns, axis=1), 1e-300) / norm
    return bool(along.min(initial=0.0) >= -tol.dual and uneven.max(initial=0.0) <= tol.dual)


def _piecewise_linear(
    problem: Problem, rays: NDArray[np.float64], tol: Tolerances
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Return a bound, ray coordinates and free coefficients by linear programming."""
    from scipy import optimize

    solve: Any = optimize.linprog

    none = 0.0, np.zeros(len(rays)), np.zeros(len(problem.columns))
    size = np.linalg.norm(rays, axis=1)
    margin = 0.0
    for _ in range(3):
        answer = solve(
            problem.targets,
            A_ub=-rays / size[:, None] if len(rays) else None,
            b_ub=np.full(len(rays), -margin) if len(rays) else None,
            A_eq=problem.columns if len(problem.columns) else None,
            b_eq=np.zeros(len(problem.columns)) if len(problem.columns) else None,
            bounds=np.column_stack([problem.rho_low, problem.rho_high]),
            method="highs-ds",
        )
        if answer.x is None:
            return none
        rho = answer.x
        if len(problem.columns):  # put the equations right to the last digit
            rho = rho - problem.columns.T @ np.linalg.lstsq(problem.columns.T, rho, rcond=None)[0]
        over = max(1.0, float(_excess(rho, problem.rho_low, problem.rho_high)))
        rho = rho / over
        inside = bool(np.all(rho >= problem.rho_low)) and bool(np.all(rho <= problem.rho_high))
        if inside and _feasible(problem, rho, rays, tol):
            weights = np.maximum(-answer.ineqlin.marginals / size, 0.0) if len(rays) else np.zeros(0)
            linear = answer.eqlin.marginals if len(problem.columns) else none[2]
            return max(0.0, -float(rho @ problem.targets)), weights, np.asarray(linear, dtype=np.float64)
        worst = float((rays @ rho / size).min(initial=0.0))
        margin = max(2 * margin, -2 * worst)
    return none


def _excess(rho: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> float:
    """Largest factor by which a slope is too large in its own direction."""
    limit = np.where(rho > 0, high, -low)
    size = np.abs(rho)
    return float((size[limit > 0] / limit[limit > 0]).max(initial=0.0))
