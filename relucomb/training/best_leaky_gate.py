"""The certified best leaky gate: one convex programme on each cell of weights, most of them excluded at once.

On the weights that put the same points on the positive side, ``σ(w·x)`` is linear in ``w``, so that the loss is a
least-squares problem under linear inequalities. Without them it is a bound; all cells have theirs from products of
matrices. Where it is below the best loss known, the inequalities decide, in the form of a least distance.
"""

from __future__ import annotations

import itertools
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from relucomb.dichotomies import dichotomies
from relucomb.standardisation import standardise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_CELLS = 5_000_000
BATCH = 4096
EQUAL = 1e-12
"""Cells whose bound is below the best loss by less than this share of it are not looked at; the bound counts it."""


@dataclass(frozen=True, slots=True)
class LeafSearch:
    """What a search over all cells found.

    Attributes
    ----------
    w
        Array ``(n,)`` of weights.
    lower_bound
        What is proven for all weights; 0 if the search was stopped.
    cells
        Number of cells that were looked at.
    reason
        ``"exhausted"``, ``"time_limit"`` or ``"interrupted"``.
    """

    w: Floats
    lower_bound: float
    cells: int
    reason: str


def search_cells(points: Floats, labels: Floats, slope: float, *, deadline: float = math.inf) -> LeafSearch:
    """Find the least mean squared loss of ``σ(w·x)``, ``σ(z) = z`` for ``z ≥ 0`` and ``slope · z`` below.

    Parameters
    ----------
    points, labels
        Arrays ``(S, n)`` and ``(S,)``.
    slope
        Not 0: then outputs determine ``w`` (up to what no point sees), and every programme has one solution.
    deadline
        Time of :func:`time.perf_counter` at which to stop.

    Raises
    ------
    ValueError
        There are too many cells to look at all.

    Examples
    --------
    >>> X, y = np.array([[1.0], [2.0], [-1.0]]), np.array([1.0, 2.0, -3.0])
    >>> found = search_cells(X, y, 0.5)  # (w − 1)² + (2w − 2)² + (w/2 − 3)² is least at 26/21
    >>> round(float(found.w[0]), 6), round(found.lower_bound, 6)
    (1.238095, 1.984127)
    """
    S, n = points.shape
    most = 2 * sum(math.comb(S - 1, k) for k in range(n))  # Cover's number, in general position
    if slope != 1 and most > MOST_CELLS:
        raise ValueError(
            f"X may have {most:,} dichotomies, a convex programme each; legal are up to {MOST_CELLS:,} (drop features)"
        )
    data = standardise(points, labels, hidden_bias=False, scale_labels=True, shift_labels=False)
    state = _State(data.points, data.targets, slope)
    reason = "exhausted"
    try:
        source = dichotomies(points, hidden_bias=False) if slope != 1 else iter([np.ones(len(points), dtype=bool)])
        while batch := list(itertools.islice(source, BATCH)):
            state.bound_cells(np.array(batch))
            if time.perf_counter() > deadline:
                reason = "time_limit"
                break
        if reason == "exhausted":
            state.settle()
    except KeyboardInterrupt:
        reason = "interrupted"
    bound = min(state.loss * (1 - EQUAL), state.proven) if reason == "exhausted" else 0.0
    w = data.user_units(state.w[None, :], 0.0)[0][0]
    return LeafSearch(w, bound * data.scale**2 / len(labels), state.cells, reason)


class _State:
    """The best weights so far, and the cells that may hold better ones; losses are sums, in scaled units."""

    def __init__(self, points: Floats, targets: Floats, slope: float) -> None:
        self.points, self.targets, self.slope = points, targets, slope
        self.w = np.zeros(points.shape[1])
        self.loss = float(targets @ targets)
        self.proven = math.inf
        self.cells = 0
        self._open: list[tuple[float, NDArray[np.bool_]]] = []

    def bound_cells(self, active: NDArray[np.bool_]) -> None:
        """Solve the least squares of many cells without their inequalities; keep those that may be better."""
        self.cells += len(active)
        d = self.points.shape[1]
        factors = np.where(active, 1.0, self.slope)
        products = np.einsum("se,sf->sef", self.points, self.points).reshape(len(self.points), d * d)
        grams = (factors**2 @ products).reshape(-1, d, d)
        sides = (factors * self.targets) @ self.points
        if not self.points.any():
            self.proven = min(self.proven, self.loss)
            return
        solutions = np.linalg.solve(grams, sides[:, :, None])[:, :, 0]
        residuals = factors[:, None, :] * (solutions @ self.points.T)[:, None, :]
        bounds = np.sum((residuals[:, 0] - self.targets) ** 2, axis=1)
        raw = solutions @ self.points.T
        losses = np.sum((np.where(raw >= 0, raw, self.slope * raw) - self.targets) ** 2, axis=1)
        best = int(losses.argmin())
        self.keep(solutions[best], float(losses[best]))
        inside = np.where(active, raw >= 0, raw <= 0).all(axis=1) | (self.slope == 1)  # the identity has no cells
        self.proven = min(self.proven, float(bounds[inside].min(initial=math.inf)))
        rest = ~inside & (bounds < self.loss * (1 - EQUAL))
        self._open += [(float(bound), cell) for bound, cell in zip(bounds[rest], active[rest], strict=True)]

    def settle(self) -> None:
        """Solve the cells that are left, most promising first, until none can hold better weights."""
        self._open.sort(key=lambda entry: entry[0])
        for bound, cell in self._open:
            if bound >= self.loss * (1 - EQUAL):
                break
            w, dual = _constrained(
                self.points, self.targets, np.where(cell, 1.0, self.slope), np.where(cell, 1.0, -1.0)
            )
            raw = self.points @ w
            self.keep(w, float(np.sum((np.where(raw >= 0, raw, self.slope * raw) - self.targets) ** 2)))
            self.proven = min(self.proven, max(bound, dual))

    def keep(self, w: Floats, loss: float) -> None:
        """Keep weights if they are better."""
        if loss < self.loss:
            self.w, self.loss = w, loss


def _constrained(points: Floats, targets: Floats, factors: Floats, sides: Floats) -> tuple[Floats, float]:
    """Minimise ``‖F P w − y‖²`` under ``s_i p_i·w ≥ 0``, and return ``w`` with a lower bound from the dual.

    With ``F P = QR`` and ``z = Rw − Qᵀy`` it is the least ``‖z‖`` under ``Gz ≥ h``, which non-negative least squares
    solve (Lawson and Hanson, *Solving Least Squares Problems*, chapter 23). Any ``λ ≥ 0`` proves that ``‖z‖²`` is at
    least ``2λ·h − ‖Gᵀλ‖²``.
    """
    from scipy.optimize import lsq_linear, nnls

    bounded: Any = lsq_linear

    Q, R = np.linalg.qr(factors[:, None] * points)
    shift = Q.T @ targets
    G = np.linalg.solve(R.T, (sides[:, None] * points).T).T
    h = -G @ shift
    size = max(float(np.abs(h).max(initial=0.0)), 1e-300)
    system, wanted = np.vstack([G.T, h / size]), np.append(np.zeros(len(R)), 1.0)
    rest_square = float(targets @ targets - shift @ shift)
    best = np.zeros(points.shape[1]), rest_square
    for solve in (
        lambda: nnls(system, wanted, maxiter=100 * system.shape[1])[0],
        lambda: bounded(system, wanted, bounds=(0.0, np.inf), method="bvls", tol=1e-15).x,
    ):
        u = np.maximum(solve(), 0.0)
        rest = system @ u - wanted
        if rest[-1] >= 0:  # only rounding: 0 is always feasible
            continue
        z = size * rest[:-1] / -rest[-1]
        multipliers = size * u / -rest[-1]
        push = G.T @ multipliers
        dual = max(0.0, 2 * float(multipliers @ h) - float(push @ push))
        if rest_square + dual >= best[1]:
            best = np.linalg.solve(R, z + shift), rest_square + dual
        if float(z @ z) - dual <= EQUAL * float(targets @ targets) and float((h - G @ z).max()) <= EQUAL * size:
            break
    return best
