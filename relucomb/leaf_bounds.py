"""Bounds for leaves of the cone search that its own kernel could not prove: one linear programme each, by HiGHS.

In a leaf that no data hyperplane cuts, the outputs are linear in the ray coordinates, and for a piecewise-linear loss
the best dual bound is a linear programme: maximise ``-ρ·y`` over the slopes ``ρ`` of the loss with
``c_k = Σ_j g_kj ρ_j >= 0`` for every ray. The solver is not believed: its ``ρ`` is checked like any other.
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
    """Prove a lower bound on the loss in a leaf by a linear programme.

    Parameters
    ----------
    problem
        What is fitted; only piecewise-linear losses are treated.
    cones
        Array ``(w, d, d)``: the rays of every unit.
    sign
        Row of ``problem.signs``.
    tol
        As in the search.
    """
    from scipy import optimize

    solve: Any = optimize.linprog

    values = np.einsum("iae,ej->iaj", cones, problem.points)
    settled = (values >= -tol.zero).all(axis=1) | (values <= tol.zero).all(axis=1)
    nothing = LeafProof(0.0, np.zeros((len(cones), cones.shape[2])), np.zeros(len(problem.columns)))
    if problem.squared or not settled.all():
        return nothing
    outputs = problem.signs[sign][:, None, None] * np.where(values > tol.zero, values, 0.0)
    G = outputs.reshape(-1, len(problem.targets))
    seen = np.abs(G).max(axis=1) > 0
    G = G[seen]
    size = np.linalg.norm(G, axis=1)
    margin = 0.0
    for _ in range(3):
        answer = solve(
            problem.targets,
            A_ub=-G / size[:, None] if len(G) else None,
            b_ub=np.full(len(G), -margin) if len(G) else None,
            A_eq=problem.columns if len(problem.columns) else None,
            b_eq=np.zeros(len(problem.columns)) if len(problem.columns) else None,
            bounds=np.column_stack([problem.rho_low, problem.rho_high]),
            method="highs-ds",
        )
        if answer.x is None:
            return nothing
        rho = answer.x
        if len(problem.columns):  # put the equations right to the last digit
            rho = rho - problem.columns.T @ np.linalg.lstsq(problem.columns.T, rho, rcond=None)[0]
        over = max(1.0, float(_excess(rho, problem.rho_low, problem.rho_high)))
        rho = rho / over
        norm = max(float(np.linalg.norm(rho)), 1e-300)
        worst = float((G @ rho / size).min(initial=0.0)) / norm
        uneven = np.abs(problem.columns @ rho) / np.maximum(np.linalg.norm(problem.columns, axis=1), 1e-300) / norm
        inside = bool(np.all(rho >= problem.rho_low)) and bool(np.all(rho <= problem.rho_high))
        if worst >= -tol.dual and float(uneven.max(initial=0.0)) <= tol.dual and inside:
            weights = np.zeros(len(seen))
            weights[seen] = np.maximum(-answer.ineqlin.marginals / size, 0.0) if len(G) else 0.0
            vectors = np.einsum("ia,iae->ie", weights.reshape(cones.shape[:2]), cones)
            linear = answer.eqlin.marginals if len(problem.columns) else nothing.linear
            return LeafProof(max(0.0, -float(rho @ problem.targets)), vectors, np.asarray(linear, dtype=np.float64))
        margin = max(2 * margin, -2 * worst * norm)
    return nothing


def _excess(rho: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> float:
    """Largest factor by which a slope is too large in its own direction."""
    limit = np.where(rho > 0, high, -low)
    size = np.abs(rho)
    return float((size[limit > 0] / limit[limit > 0]).max(initial=0.0))
